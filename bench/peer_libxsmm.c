/* libxsmm's matrices are column major, so the factors change places. It has
 * code for a transposed second factor, which is our transposed first one; our
 * transposed second one is its first, which it turns around before. */
#include <libxsmm.h>
#include <stdlib.h>

#include "base/memory.h"
#include "bench/peers.h"

struct product {
  libxsmm_smmfunction call;
  float *turned; /* (steps,columns); NULL: b is not transposed */
};

static void release(void *product) {
  free(((struct product *)product)->turned);
  free(product);
}

static void *prepare(const struct gemm_problem *p, bool epilogue, const struct loops *loops) {
  (void)epilogue, (void)loops;
  const libxsmm_blasint m = (libxsmm_blasint)p->columns, n = (libxsmm_blasint)p->rows,
                        k = (libxsmm_blasint)p->steps;
  const libxsmm_blasint ldb = p->transposed_a ? n : k;
  const float alpha = 1.0f, beta = 0.0f;
  const int flags = p->transposed_a ? LIBXSMM_GEMM_FLAG_TRANS_B : LIBXSMM_GEMM_FLAG_NONE;
  const int prefetch = LIBXSMM_GEMM_PREFETCH_NONE;
  struct error error;
  struct product *product = memory_array(1, sizeof *product, &error);
  if (product == NULL) return NULL;
  *product = (struct product){0};
  libxsmm_init();
  if (p->transposed_b &&
      (product->turned = memory_aligned(p->columns * p->steps, sizeof(float), &error)) == NULL) {
    free(product);
    return NULL;
  }
  product->call = libxsmm_smmdispatch(m, n, k, &m, &ldb, &m, &alpha, &beta, &flags, &prefetch);
  if (product->call != NULL) return product;
  release(product);
  return NULL;
}

static void run(void *product, const struct gemm_problem *p) {
  const struct product *of = product;
  const float *b = p->b;
  if (of->turned != NULL) {
    const libxsmm_blasint columns = (libxsmm_blasint)p->columns, steps = (libxsmm_blasint)p->steps;
    libxsmm_otrans(of->turned, p->b, sizeof *b, steps, columns, steps, columns);
    b = of->turned;
  }
  of->call(b, p->a, p->c);
}

static const struct gemm_peer gemm = {.prepare = prepare, .run = run, .release = release};
const struct peer peer_libxsmm = {GEMM_PEER("libxsmm", &gemm, false)};
const struct peer peer_libxsmm_relu = {GEMM_PEER("libxsmm+relu", &gemm, true)};
