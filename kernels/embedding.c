/* Embedding rows and wide weights: out of a table, and gradients back into it.
 * Rows are contiguous loads; a gather instruction reads one float a lane and
 * is slower on every x86 core. */
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
