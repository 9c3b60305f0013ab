#include "bench/loops.h"

#include <math.h>

#include "kernels/simd/vec.h"

/* 12 chains: a multiply-add of 4 cycles on two ports needs 8. */
enum { CHAINS = 12, UNROLLED = 8 };

/* out[0] and out[1] are read, out[16] and on written. */
static void fma_rounds(size_t rounds, float *out) {
  vf sum[CHAINS];
  UNROLL for (int i = 0; i < CHAINS; i++) sum[i] = v_set1((float)i);
  vf factor = v_set1(out[0]), term = v_set1(out[1]);
  for (size_t r = 0; r < rounds; r++) {
    UNROLL for (int i = 0; i < CHAINS; i++) sum[i] = v_fma(sum[i], factor, term);
  }
  vf all = v_zero();
  UNROLL for (int i = 0; i < CHAINS; i++) all = v_add(all, sum[i]);
  v_store(out + 16, all);
}

static void read_all(const float *in, size_t count, float *out) {
  vf sum[UNROLLED];
  UNROLL for (int i = 0; i < UNROLLED; i++) sum[i] = v_zero();
  for (size_t at = 0; at < count; at += UNROLLED * VW) {
    UNROLL for (int i = 0; i < UNROLLED; i++) sum[i] = v_add(sum[i], v_load(in + at + i * VW));
  }
  vf all = v_zero();
  UNROLL for (int i = 0; i < UNROLLED; i++) all = v_add(all, sum[i]);
  v_store(out, all);
}

static void copy_all(float *out, const float *in, size_t count) {
  for (size_t at = 0; at < count; at += UNROLLED * VW) {
    UNROLL for (int i = 0; i < UNROLLED; i++) v_store(out + at + i * VW, v_load(in + at + i * VW));
  }
}

static void bias_relu(size_t m, size_t n, const float *bias, float *y) {
  vtail tail = v_tail(n % VW);
  for (size_t row = 0; row < m; row++, y += n) {
    size_t i = 0;
    for (; i + VW <= n; i += VW) {
      v_store(y + i, v_max(v_add(v_load(y + i), v_load(bias + i)), v_zero()));
    }
    if (i == n) continue;
    vf sum = v_add(v_load_tail(y + i, tail), v_load_tail(bias + i, tail));
    v_store_tail(y + i, v_max(sum, v_zero()), tail);
  }
}

/* Sums along the rows of a and b: c = a b^T. */
static void gemm_of_rows(const struct gemm_problem *p) {
  const size_t rows = p->rows, columns = p->columns, steps = p->steps;
  for (size_t i = 0; i < rows; i++) {
    for (size_t j = 0; j < columns; j++) {
      const float *a = p->a + i * steps, *b = p->b + j * steps;
      float sum = 0.0f;
      for (size_t s = 0; s < steps; s++) sum = fmaf(a[s], b[s], sum);
      p->c[i * columns + j] = sum;
    }
  }
}

/* The order that a compiler vectorises: along the rows of b and c. */
static void gemm(const struct gemm_problem *p) {
  if (p->transposed_b) {
    gemm_of_rows(p);
    return;
  }
  const size_t rows = p->rows, columns = p->columns, steps = p->steps;
  for (size_t i = 0; i < rows; i++) {
    float *restrict c = p->c + i * columns;
    for (size_t j = 0; j < columns; j++) c[j] = 0.0f;
    for (size_t s = 0; s < steps; s++) {
      const float a = p->transposed_a ? p->a[s * rows + i] : p->a[i * steps + s];
      const float *restrict b = p->b + s * columns;
      for (size_t j = 0; j < columns; j++) c[j] = fmaf(a, b[j], c[j]);
    }
  }
}

/* All lines of a row, for reading or (`write`, a constant) for writing. */
#define PREFETCH_ROW(row, dim, write)                  \
  for (size_t line_ = 0; line_ < (dim); line_ += 16) { \
    __builtin_prefetch((row) + line_, (write), 3);     \
  }

static void gather(const struct embedding_gather *a, size_t distance) {
  const size_t dim = a->dim;
  const vtail tail = v_tail(dim % VW);
  for (size_t r = 0; r < a->m; r++) {
    const float *row = a->table + a->index[r] * a->table_ld;
    float *out = a->out + r * a->out_ld;
    if (distance > 0) PREFETCH_ROW(a->table + a->index[r + distance] * a->table_ld, dim, 0)
    size_t i = 0;
    for (; i + VW <= dim; i += VW) v_store(out + i, v_load(row + i));
    if (i < dim) v_store_tail(out + i, v_load_tail(row + i, tail), tail);
  }
}

INLINE void add_scaled(float *row, const float *in, vf weight, size_t dim, vtail tail) {
  size_t i = 0;
  for (; i + VW <= dim; i += VW) v_store(row + i, v_fma(weight, v_load(in + i), v_load(row + i)));
  if (i == dim) return;
  vf sum = v_fma(weight, v_load_tail(in + i, tail), v_load_tail(row + i, tail));
  v_store_tail(row + i, sum, tail);
}

static void scatter(const struct embedding_scatter_add *a, size_t distance) {
  const vtail tail = v_tail(a->dim % VW);
  const vf one = v_set1(1.0f);
  for (size_t r = 0; r < a->m; r++) {
    if (distance > 0) PREFETCH_ROW(a->table + a->index[r + distance] * a->table_ld, a->dim, 1)
    add_scaled(a->table + a->index[r] * a->table_ld, a->in + r * a->in_ld, one, a->dim, tail);
  }
}

static void bag(const struct embedding_bag *a, size_t distance) {
  const size_t dim = a->dim;
  const vtail tail = v_tail(dim % VW);
  for (size_t r = 0; r < a->m; r++) {
    const uint32_t first = a->offset[r], end = a->offset[r + 1];
    const vf weight = v_set1(1.0f / (float)(end - first));
    for (uint32_t i = first; distance > 0 && i < end; i++) {
      PREFETCH_ROW(a->table + a->index[i + distance] * a->table_ld, dim, 0)
    }
    for (size_t d = 0; d < dim; d += VW) {
      const bool last = d + VW > dim;
      vf sum = v_zero();
      for (uint32_t i = first; i < end; i++) {
        sum = v_add(sum, v_load_upto(a->table + a->index[i] * a->table_ld + d, last, tail));
      }
      v_store_upto(a->out + r * a->out_ld + d, v_mul(sum, weight), last, tail);
    }
  }
}

static void bag_scatter(const struct embedding_bag_scatter_add *a, size_t distance) {
  const vtail tail = v_tail(a->dim % VW);
  for (size_t r = 0; r < a->m; r++) {
    const uint32_t first = a->offset[r], end = a->offset[r + 1];
    const vf weight = v_set1(1.0f / (float)(end - first));
    for (uint32_t i = first; i < end; i++) {
      if (distance > 0) PREFETCH_ROW(a->table + a->index[i + distance] * a->table_ld, a->dim, 1)
      add_scaled(a->table + a->index[i] * a->table_ld, a->in + r * a->in_ld, weight, a->dim, tail);
    }
  }
}

void KERNEL_NAME(loops_activate)(const struct activate *a); /* loops_activate.c */

extern const struct loops KERNEL_NAME(loops);
const struct loops KERNEL_NAME(loops) = {.isa = KERNEL_ENUM,
                                         .fma_flop = 2.0 * CHAINS * VW,
                                         .fma = fma_rounds,
                                         .read = read_all,
                                         .copy = copy_all,
                                         .bias_relu = bias_relu,
                                         .gemm = gemm,
                                         .gather = gather,
                                         .scatter = scatter,
                                         .bag = bag,
                                         .bag_scatter = bag_scatter,
                                         .activate = KERNEL_NAME(loops_activate)};
