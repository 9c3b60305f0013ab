#include <cblas.h>

#include "bench/peers.h"

static void *prepare(const struct gemm_problem *problem, bool epilogue, const struct loops *loops) {
  static int prepared;
  (void)problem, (void)epilogue, (void)loops;
  openblas_set_num_threads(1);
  return &prepared;
}

static void run(void *unused, const struct gemm_problem *p) {
  (void)unused;
  const blasint rows = (blasint)p->rows, columns = (blasint)p->columns, steps = (blasint)p->steps;
  cblas_sgemm(CblasRowMajor, p->transposed_a ? CblasTrans : CblasNoTrans,
              p->transposed_b ? CblasTrans : CblasNoTrans, rows, columns, steps, 1.0f, p->a,
              p->transposed_a ? rows : steps, p->b, p->transposed_b ? steps : columns, 0.0f, p->c,
              columns);
}

static void release(void *unused) {
  (void)unused;
}

static const struct gemm_peer gemm = {.prepare = prepare, .run = run, .release = release};
const struct peer peer_openblas = {GEMM_PEER("openblas", &gemm, false)};
const struct peer peer_openblas_relu = {GEMM_PEER("openblas+relu", &gemm, true)};
