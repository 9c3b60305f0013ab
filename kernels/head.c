/* The one output and its loss. */
#include "kernels/declare.h"

/* 16 lanes, whatever the vector: lane l sums elements l, l + 16, ... */
INLINE float dot16(const float *x, const float *w, size_t k) {
  vf sum[V16];
  UNROLL for (size_t h = 0; h < V16; h++) sum[h] = v_zero();
  size_t i = 0;
  for (; i + 16 <= k; i += 16) {
    UNROLL for (size_t h = 0; h < V16; h++) {
      sum[h] = v_fma(v_load(x + i + h * VW), v_load(w + i + h * VW), sum[h]);
    }
  }
  for (size_t h = 0; h < V16 && i < k; h++, i += VW) {
    vtail tail = v_tail(k - i < VW ? k - i : VW);
    sum[h] = v_fma(v_load_tail(x + i, tail), v_load_tail(w + i, tail), sum[h]);
  }
  return v_fold16(sum);
}

void KERNEL_NAME(head_forward)(const struct head_forward *a) {
  float bias = *a->bias;
  for (size_t r = 0; r < a->m; r++) {
    float out = dot16(a->x + r * a->x_ld, a->w, a->k);
    if (a->wide != NULL) out = out + a->wide[r];
    a->out[r] = out + bias;
  }
}

void KERNEL_NAME(squared_error)(const struct squared_error *a) {
  double sum = *a->sum;
  for (size_t r = 0; r < a->m; r++) {
    float error = a->prediction[r] - a->target[r];
    if (a->gradient != NULL) a->gradient[r] = error * a->gradient_scale;
    sum += (double)error * (double)error;
  }
  *a->sum = sum;
}
