/* The one output and its loss. */
#include "kernels/declare.h"
#include "kernels/narrower.h"

/* 16 lanes, whatever the vector: lane l sums elements l, l + 16, ... A last,
 * partial group of 16 is filled up with zeros: every lane takes part. */
INLINE float dot16(const float *x, const float *w, size_t k) {
  vf sum[V16];
  UNROLL for (size_t h = 0; h < V16; h++) sum[h] = v_zero();
  size_t i = 0;
  for (; i + 16 <= k; i += 16) {
    UNROLL for (size_t h = 0; h < V16; h++) {
      sum[h] = v_fma(v_load(x + i + h * VW), v_load(w + i + h * VW), sum[h]);
    }
  }
  if (i == k) return v_fold16(sum);
  UNROLL for (size_t h = 0; h < V16; h++) {
    size_t first = i + h * VW;
    vf a = v_zero(), b = v_zero();
    if (first + VW <= k) {
      a = v_load(x + first);
      b = v_load(w + first);
    } else if (first < k) {
      vtail tail = v_tail(k - first);
      a = v_load_tail(x + first, tail);
      b = v_load_tail(w + first, tail);
    }
    sum[h] = v_fma(a, b, sum[h]);
  }
  return v_fold16(sum);
}

void KERNEL_NAME(head_forward)(const struct head_forward *a) {
  if (narrower_head_forward(a)) return;
  float bias = *a->bias;
  for (size_t r = 0; r < a->m; r++) {
    float out = dot16(a->x + r * a->x_ld, a->w, a->k);
    if (a->wide != NULL) out = out + a->wide[r];
    if (a->interaction != NULL) out = out + a->interaction[r];
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
