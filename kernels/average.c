/* Averages of weights over the steps of a training. */
#include "kernels/declare.h"

/* Memory bounds it: a step reads 8 bytes and writes 4 for three operations. */
INLINE void average_span(float *mean, const float *w, size_t n, vf decay, vtail tail) {
  const vf tiny = v_set1(AVERAGE_TINY);
  for (size_t i = 0; i < n; i += VW) {
    bool last = i + VW > n;
    vf w_i = v_load_upto(w + i, last, tail);
    vf moved = v_fma(decay, v_sub(v_load_upto(mean + i, last, tail), w_i), w_i);
    v_store_upto(mean + i, v_select(v_lt(v_abs(moved), tiny), v_zero(), moved), last, tail);
  }
}

void KERNEL_NAME(average)(const struct average *a) {
  average_span(a->mean, a->w, a->n, v_set1(a->decay), v_tail(a->n % VW));
}

void KERNEL_NAME(average_rows)(const struct average_rows *a) {
  vtail tail = v_tail(a->dim % VW);
  for (size_t i = 0; i < a->count; i++) {
    size_t at = a->row[i] * a->ld;
    average_span(a->mean + at, a->w + at, a->dim, v_set1(a->decay[i]), tail);
  }
}
