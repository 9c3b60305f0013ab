/* oneDNN 2. From operands by rows it has three ways, of which the bench takes the
 * fastest at the shape: its matmul on them as they are, its matmul on weights that
 * it reorders in the same call, and its sgemm. With the weights reordered once,
 * before all calls, it is a peer of its own. */
#include <dnnl.h>
#include <stdlib.h>

#include "base/memory.h"
#include "bench/peers.h"

/* A matmul, by the layout of its weights. */
struct matmul {
  dnnl_primitive_t multiply, reorder; /* reorder: NULL where the weights stay by rows */
  dnnl_memory_t weights;              /* those that multiply reads */
  dnnl_exec_arg_t argument[4];
  int arguments;
};

enum way { WAY_ROWS, WAY_REORDERED, WAY_SGEMM, WAYS };
struct product {
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  dnnl_memory_t a, b, c, bias;
  struct matmul by_rows, reordered;
  enum way way;
};

static bool done(dnnl_status_t status) {
  return status == dnnl_success;
}

static bool described(dnnl_memory_desc_t *out, size_t rows, size_t columns, dnnl_format_tag_t tag) {
  const dnnl_dims_t dims = {(dnnl_dim_t)rows, (dnnl_dim_t)columns};
  return done(dnnl_memory_desc_init_by_tag(out, 2, dims, dnnl_f32, tag));
}

static bool holds(const struct product *p, const dnnl_memory_desc_t *desc, const void *at,
                  dnnl_memory_t *out) {
  return done(dnnl_memory_create(out, desc, p->engine, (void *)(uintptr_t)at));
}

static bool with_relu(dnnl_primitive_attr_t *attributes) {
  dnnl_post_ops_t after = NULL;
  bool ok = done(dnnl_primitive_attr_create(attributes)) && done(dnnl_post_ops_create(&after)) &&
            done(dnnl_post_ops_append_eltwise(after, 1.0f, dnnl_eltwise_relu, 0.0f, 0.0f)) &&
            done(dnnl_primitive_attr_set_post_ops(*attributes, after));
  (void)dnnl_post_ops_destroy(after);
  return ok;
}

/* Weights in the layout of `wanted`: a place for them, and how they come there. */
static bool make_reorder(const struct product *p, struct matmul *m, const dnnl_memory_desc_t *rows,
                         const dnnl_memory_desc_t *wanted) {
  dnnl_primitive_desc_t desc = NULL;
  bool ok =
      holds(p, wanted, DNNL_MEMORY_ALLOCATE, &m->weights) &&
      done(dnnl_reorder_primitive_desc_create(&desc, rows, p->engine, wanted, p->engine, NULL)) &&
      done(dnnl_primitive_create(&m->reorder, desc));
  (void)dnnl_primitive_desc_destroy(desc);
  return ok;
}

static dnnl_format_tag_t by_rows_of_b(const struct gemm_problem *g) {
  return g->transposed_b ? dnnl_ba : dnnl_ab;
}

static bool make_matmul(const struct product *p, struct matmul *m, const struct gemm_problem *g,
                        dnnl_format_tag_t layout, bool epilogue) {
  dnnl_memory_desc_t a, rows, weights, c, bias;
  dnnl_matmul_desc_t matmul;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t desc = NULL;
  bool ok = described(&a, g->rows, g->steps, g->transposed_a ? dnnl_ba : dnnl_ab) &&
            described(&rows, g->steps, g->columns, by_rows_of_b(g)) &&
            described(&weights, g->steps, g->columns, layout) &&
            described(&c, g->rows, g->columns, dnnl_ab) &&
            described(&bias, 1, g->columns, dnnl_ab) &&
            done(dnnl_matmul_desc_init(&matmul, &a, &weights, epilogue ? &bias : NULL, &c)) &&
            (!epilogue || with_relu(&attributes)) &&
            done(dnnl_primitive_desc_create(&desc, &matmul, attributes, p->engine, NULL)) &&
            done(dnnl_primitive_create(&m->multiply, desc));
  if (ok && layout == dnnl_format_tag_any) {
    ok = make_reorder(p, m, &rows, dnnl_primitive_desc_query_md(desc, dnnl_query_weights_md, 0));
  }
  (void)dnnl_primitive_attr_destroy(attributes);
  (void)dnnl_primitive_desc_destroy(desc);
  if (!ok) return false;
  m->argument[m->arguments++] = (dnnl_exec_arg_t){DNNL_ARG_SRC, p->a};
  m->argument[m->arguments++] =
      (dnnl_exec_arg_t){DNNL_ARG_WEIGHTS, m->weights != NULL ? m->weights : p->b};
  m->argument[m->arguments++] = (dnnl_exec_arg_t){DNNL_ARG_DST, p->c};
  if (epilogue) m->argument[m->arguments++] = (dnnl_exec_arg_t){DNNL_ARG_BIAS, p->bias};
  return true;
}

static bool make_operands(struct product *p, const struct gemm_problem *g) {
  dnnl_memory_desc_t a, b, c, bias;
  return done(dnnl_engine_create(&p->engine, dnnl_cpu, 0)) &&
         done(dnnl_stream_create(&p->stream, p->engine, dnnl_stream_default_flags)) &&
         described(&a, g->rows, g->steps, g->transposed_a ? dnnl_ba : dnnl_ab) &&
         described(&b, g->steps, g->columns, by_rows_of_b(g)) &&
         described(&c, g->rows, g->columns, dnnl_ab) && described(&bias, 1, g->columns, dnnl_ab) &&
         holds(p, &a, g->a, &p->a) && holds(p, &b, g->b, &p->b) && holds(p, &c, g->c, &p->c) &&
         holds(p, &bias, g->bias, &p->bias);
}

static void reorder(const struct product *p) {
  const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, p->b}, {DNNL_ARG_TO, p->reordered.weights}};
  (void)dnnl_primitive_execute(p->reordered.reorder, p->stream, 2, arguments);
}

static void multiply(const struct product *p, const struct matmul *m) {
  (void)dnnl_primitive_execute(m->multiply, p->stream, m->arguments, m->argument);
}

static void sgemm(const struct gemm_problem *g) {
  const dnnl_dim_t rows = (dnnl_dim_t)g->rows, columns = (dnnl_dim_t)g->columns,
                   steps = (dnnl_dim_t)g->steps;
  (void)dnnl_sgemm(g->transposed_a ? 'T' : 'N', g->transposed_b ? 'T' : 'N', rows, columns, steps,
                   1.0f, g->a, g->transposed_a ? rows : steps, g->b,
                   g->transposed_b ? steps : columns, 0.0f, g->c, columns);
}

static void run(void *product, const struct gemm_problem *g) {
  const struct product *p = product;
  switch (p->way) {
    case WAY_ROWS:
      multiply(p, &p->by_rows);
      break;
    case WAY_REORDERED:
      reorder(p);
      multiply(p, &p->reordered);
      break;
    default:
      sgemm(g);
  }
}

static void run_packed(void *product, const struct gemm_problem *g) {
  const struct product *p = product;
  (void)g;
  multiply(p, &p->reordered);
}

static void matmul_clear(struct matmul *m) {
  (void)dnnl_memory_destroy(m->weights);
  (void)dnnl_primitive_destroy(m->multiply);
  (void)dnnl_primitive_destroy(m->reorder);
}

static void release(void *product) {
  struct product *p = product;
  matmul_clear(&p->by_rows);
  matmul_clear(&p->reordered);
  (void)dnnl_memory_destroy(p->a);
  (void)dnnl_memory_destroy(p->b);
  (void)dnnl_memory_destroy(p->c);
  (void)dnnl_memory_destroy(p->bias);
  (void)dnnl_stream_destroy(p->stream);
  (void)dnnl_engine_destroy(p->engine);
  free(p);
}

static void *prepare(const struct gemm_problem *g, bool epilogue, const struct loops *loops) {
  (void)loops;
  struct error error;
  struct product *p = memory_array(1, sizeof *p, &error);
  if (p == NULL) return NULL;
  if (make_operands(p, g) && make_matmul(p, &p->by_rows, g, by_rows_of_b(g), epilogue) &&
      make_matmul(p, &p->reordered, g, dnnl_format_tag_any, epilogue)) {
    return p;
  }
  release(p);
  return NULL;
}

/* Of a transposed factor's product it is the other factor that is packed. */
static void *prepare_packed(const struct gemm_problem *g, bool epilogue,
                            const struct loops *loops) {
  struct product *p = g->transposed_a ? NULL : prepare(g, epilogue, loops);
  if (p == NULL) return NULL;
  reorder(p);
  (void)dnnl_stream_wait(p->stream);
  return p;
}

static void choose(void *product, size_t option) {
  ((struct product *)product)->way = (enum way)option;
}

static const struct gemm_peer gemm = {
    .prepare = prepare, .run = run, .release = release, .tune = choose, .fuses = true};
static const struct gemm_peer packed = {
    .prepare = prepare_packed, .run = run_packed, .release = release};
const struct peer peer_onednn = {GEMM_PEER("onednn", &gemm, false), .options = WAYS,
                                 .tune = gemm_tune};
/* sgemm has no epilogue. */
const struct peer peer_onednn_relu = {GEMM_PEER("onednn+relu", &gemm, true), .options = WAY_SGEMM,
                                      .tune = gemm_tune};
const struct peer peer_onednn_packed = {GEMM_PEER("onednn-packed", &packed, false)};
