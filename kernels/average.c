/* Averages of weights over the steps of a training. */
#include "kernels/declare.h"

enum { UNROLLED = 4 };

INLINE vf averaged(vf mean, vf w, vf decay, vf tiny) {
  const vf moved = v_fma(decay, v_sub(mean, w), w);
  return v_select(v_lt(v_abs(moved), tiny), v_zero(), moved);
}

/* Memory bounds it: a step reads 8 bytes and writes 4 for three operations. Several
 * vectors at a time keep the loop itself from being the limit. */
INLINE void average_span(float *mean, const float *w, size_t n, vf decay, vtail tail) {
  const vf tiny = v_set1(AVERAGE_TINY);
  size_t i = 0;
  for (; i + UNROLLED * VW <= n; i += UNROLLED * VW) {
    vf moved[UNROLLED];
    UNROLL for (int j = 0; j < UNROLLED; j++) {
      moved[j] = averaged(v_load(mean + i + j * VW), v_load(w + i + j * VW), decay, tiny);
    }
    UNROLL for (int j = 0; j < UNROLLED; j++) v_store(mean + i + j * VW, moved[j]);
  }
  for (; i + VW <= n; i += VW) {
    v_store(mean + i, averaged(v_load(mean + i), v_load(w + i), decay, tiny));
  }
  if (i == n) return;
  const vf last = averaged(v_load_tail(mean + i, tail), v_load_tail(w + i, tail), decay, tiny);
  v_store_tail(mean + i, last, tail);
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
