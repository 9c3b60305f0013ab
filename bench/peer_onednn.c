/* oneDNN 2: its matmul with weights in the layout that it asks for, or its
 * sgemm, whichever is faster at the shape. */
#include <dnnl.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "bench/peers.h"

struct product {
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  dnnl_primitive_t matmul;
  dnnl_memory_t a, b, packed, c, bias;
  dnnl_exec_arg_t argument[4];
  int arguments;
  bool plain; /* sgemm was faster */
};

static bool done(dnnl_status_t status) {
  return status == dnnl_success;
}

static bool described(dnnl_memory_desc_t *out, size_t rows, size_t columns, dnnl_format_tag_t tag) {
  const dnnl_dims_t dims = {(dnnl_dim_t)rows, (dnnl_dim_t)columns};
  return done(dnnl_memory_desc_init_by_tag(out, 2, dims, dnnl_f32, tag));
}

static bool holds(struct product *p, const dnnl_memory_desc_t *desc, const void *at,
                  dnnl_memory_t *out) {
  return done(dnnl_memory_create(out, desc, p->engine, (void *)(uintptr_t)at));
}

/* Weights are brought into the layout of `wanted` once, before the timing. */
static bool pack(struct product *p, const dnnl_memory_desc_t *plain,
                 const dnnl_memory_desc_t *wanted, const float *b) {
  dnnl_primitive_desc_t desc = NULL;
  dnnl_primitive_t reorder = NULL;
  bool ok =
      holds(p, plain, b, &p->b) && holds(p, wanted, DNNL_MEMORY_ALLOCATE, &p->packed) &&
      done(dnnl_reorder_primitive_desc_create(&desc, plain, p->engine, wanted, p->engine, NULL)) &&
      done(dnnl_primitive_create(&reorder, desc));
  if (ok) {
    const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, p->b}, {DNNL_ARG_TO, p->packed}};
    ok = done(dnnl_primitive_execute(reorder, p->stream, 2, arguments)) &&
         done(dnnl_stream_wait(p->stream));
  }
  (void)dnnl_primitive_destroy(reorder);
  (void)dnnl_primitive_desc_destroy(desc);
  return ok;
}

static bool with_relu(dnnl_primitive_attr_t *attributes) {
  dnnl_post_ops_t after = NULL;
  bool ok = done(dnnl_primitive_attr_create(attributes)) && done(dnnl_post_ops_create(&after)) &&
            done(dnnl_post_ops_append_eltwise(after, 1.0f, dnnl_eltwise_relu, 0.0f, 0.0f)) &&
            done(dnnl_primitive_attr_set_post_ops(*attributes, after));
  (void)dnnl_post_ops_destroy(after);
  return ok;
}

static bool build(struct product *p, const struct gemm_problem *g, bool epilogue) {
  dnnl_memory_desc_t a, b, any, c, bias;
  dnnl_matmul_desc_t matmul;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t desc = NULL;
  bool ok =
      done(dnnl_engine_create(&p->engine, dnnl_cpu, 0)) &&
      done(dnnl_stream_create(&p->stream, p->engine, dnnl_stream_default_flags)) &&
      described(&a, g->rows, g->steps, g->transposed_a ? dnnl_ba : dnnl_ab) &&
      described(&b, g->steps, g->columns, dnnl_ab) &&
      described(&any, g->steps, g->columns, g->transposed_a ? dnnl_ab : dnnl_format_tag_any) &&
      described(&c, g->rows, g->columns, dnnl_ab) && described(&bias, 1, g->columns, dnnl_ab) &&
      done(dnnl_matmul_desc_init(&matmul, &a, &any, epilogue ? &bias : NULL, &c)) &&
      (!epilogue || with_relu(&attributes)) &&
      done(dnnl_primitive_desc_create(&desc, &matmul, attributes, p->engine, NULL));
  ok = ok && done(dnnl_primitive_create(&p->matmul, desc)) &&
       pack(p, &b, dnnl_primitive_desc_query_md(desc, dnnl_query_weights_md, 0), g->b) &&
       holds(p, &a, g->a, &p->a) && holds(p, &c, g->c, &p->c) && holds(p, &bias, g->bias, &p->bias);
  (void)dnnl_primitive_attr_destroy(attributes);
  (void)dnnl_primitive_desc_destroy(desc);
  if (!ok) return false;
  p->argument[p->arguments++] = (dnnl_exec_arg_t){DNNL_ARG_SRC, p->a};
  p->argument[p->arguments++] = (dnnl_exec_arg_t){DNNL_ARG_WEIGHTS, p->packed};
  p->argument[p->arguments++] = (dnnl_exec_arg_t){DNNL_ARG_DST, p->c};
  if (epilogue) p->argument[p->arguments++] = (dnnl_exec_arg_t){DNNL_ARG_BIAS, p->bias};
  return true;
}

static void run(void *product, const struct gemm_problem *g) {
  struct product *p = product;
  if (!p->plain) {
    (void)dnnl_primitive_execute(p->matmul, p->stream, p->arguments, p->argument);
    return;
  }
  const dnnl_dim_t rows = (dnnl_dim_t)g->rows, columns = (dnnl_dim_t)g->columns,
                   steps = (dnnl_dim_t)g->steps;
  (void)dnnl_sgemm(g->transposed_a ? 'T' : 'N', 'N', rows, columns, steps, 1.0f, g->a,
                   g->transposed_a ? rows : steps, g->b, columns, 0.0f, g->c, columns);
}

static double seconds(struct product *p, const struct gemm_problem *g) {
  enum { CALLS = 200 };
  for (int i = 0; i < CALLS; i++) run(p, g);
  const double start = clock_wall();
  for (int i = 0; i < CALLS; i++) run(p, g);
  return clock_wall() - start;
}

static void release(void *product) {
  struct product *p = product;
  (void)dnnl_memory_destroy(p->a);
  (void)dnnl_memory_destroy(p->b);
  (void)dnnl_memory_destroy(p->packed);
  (void)dnnl_memory_destroy(p->c);
  (void)dnnl_memory_destroy(p->bias);
  (void)dnnl_primitive_destroy(p->matmul);
  (void)dnnl_stream_destroy(p->stream);
  (void)dnnl_engine_destroy(p->engine);
  free(p);
}

static void *prepare(const struct gemm_problem *g, bool epilogue, const struct loops *loops) {
  (void)loops;
  struct error error;
  struct product *p = memory_array(1, sizeof *p, &error);
  if (p == NULL) return NULL;
  if (!build(p, g, epilogue)) {
    release(p);
    return NULL;
  }
  if (epilogue) return p;
  double matmul = seconds(p, g);
  p->plain = true;
  p->plain = seconds(p, g) < matmul;
  return p;
}

static const struct gemm_peer gemm = {
    .prepare = prepare, .run = run, .release = release, .fuses = true};
const struct peer peer_onednn = {GEMM_PEER("onednn", &gemm, false)};
const struct peer peer_onednn_relu = {GEMM_PEER("onednn+relu", &gemm, true)};
