/* Embedding rows and wide weights: out of a table, and gradients back into it.
 * Rows are contiguous loads; a gather instruction reads one float a lane and
 * is slower on every x86 core. */
#include <math.h>

#include "kernels/declare.h"

INLINE void copy_row(float *out, const float *in, size_t dim, vtail tail) {
  size_t i = 0;
  for (; i + VW <= dim; i += VW) v_store(out + i, v_load(in + i));
  if (i < dim) v_store_tail(out + i, v_load_tail(in + i, tail), tail);
}

INLINE void add_row(float *out, const float *in, size_t dim, vtail tail) {
  size_t i = 0;
  for (; i + VW <= dim; i += VW) v_store(out + i, v_add(v_load(out + i), v_load(in + i)));
  if (i < dim) {
    v_store_tail(out + i, v_add(v_load_tail(out + i, tail), v_load_tail(in + i, tail)), tail);
  }
}

void KERNEL_NAME(embedding_gather)(const struct embedding_gather *a) {
  vtail tail = v_tail(a->dim % VW);
  for (size_t r = 0; r < a->m; r++) {
    copy_row(a->out + r * a->out_ld, a->table + a->index[r] * a->table_ld, a->dim, tail);
  }
}

void KERNEL_NAME(embedding_scatter_add)(const struct embedding_scatter_add *a) {
  vtail tail = v_tail(a->dim % VW);
  for (size_t r = 0; r < a->m; r++) {
    add_row(a->table + a->index[r] * a->table_ld, a->in + r * a->in_ld, a->dim, tail);
  }
}

/* What the sum of n rows is multiplied by; both divisions round correctly. */
INLINE float pooling_weight(enum pooling pooling, uint32_t n) {
  if (pooling == POOLING_MEAN) return 1.0f / (float)n;
  if (pooling == POOLING_RSQRT) return 1.0f / sqrtf((float)n);
  return 1.0f;
}

/* One vector of a bag's row: the sum stays in a register over the whole bag. */
INLINE void bag_part(const struct embedding_bag *a, size_t r, size_t d, bool last, vtail tail) {
  const uint32_t first = a->offset[r], end = a->offset[r + 1];
  vf sum = v_zero();
  for (uint32_t i = first; i < end; i++) {
    const float *row = a->table + a->index[i] * a->table_ld + d;
    sum = v_add(sum, v_load_upto(row, last, tail));
  }
  if (end > first) sum = v_mul(sum, v_set1(pooling_weight(a->pooling, end - first)));
  v_store_upto(a->out + r * a->out_ld + d, sum, last, tail);
}

void KERNEL_NAME(embedding_bag)(const struct embedding_bag *a) {
  vtail tail = v_tail(a->dim % VW);
  for (size_t r = 0; r < a->m; r++) {
    size_t d = 0;
    for (; d + VW <= a->dim; d += VW) bag_part(a, r, d, false, tail);
    if (d < a->dim) bag_part(a, r, d, true, tail);
  }
}

INLINE void add_scaled_row(float *out, const float *in, vf weight, size_t dim, vtail tail) {
  size_t d = 0;
  for (; d + VW <= dim; d += VW) v_store(out + d, v_fma(weight, v_load(in + d), v_load(out + d)));
  if (d < dim) {
    vf sum = v_fma(weight, v_load_tail(in + d, tail), v_load_tail(out + d, tail));
    v_store_tail(out + d, sum, tail);
  }
}

void KERNEL_NAME(embedding_bag_scatter_add)(const struct embedding_bag_scatter_add *a) {
  vtail tail = v_tail(a->dim % VW);
  for (size_t r = 0; r < a->m; r++) {
    const uint32_t first = a->offset[r], end = a->offset[r + 1];
    if (first == end) continue;
    vf weight = v_set1(pooling_weight(a->pooling, end - first));
    for (uint32_t i = first; i < end; i++) {
      add_scaled_row(a->table + a->index[i] * a->table_ld, a->in + r * a->in_ld, weight, a->dim,
                     tail);
    }
  }
}

void KERNEL_NAME(wide_gather_sum)(const struct wide_gather_sum *a) {
  for (size_t r = 0; r < a->m; r++) {
    float sum = 0.0f;
    for (size_t t = 0; t < a->tables; t++) sum += a->weight[a->index[t * a->index_ld + r]];
    a->out[r] = sum;
  }
}

void KERNEL_NAME(wide_scatter_add)(const struct wide_scatter_add *a) {
  for (size_t t = 0; t < a->tables; t++) {
    for (size_t r = 0; r < a->m; r++) a->weight[a->index[t * a->index_ld + r]] += a->in[r];
  }
}
