/* Optimizers other than Adam, and the penalty of L2. */
#include "kernels/declare.h"

void KERNEL_NAME(sgd)(const struct sgd *a) {
  vf rate = v_set1(-a->rate), momentum = v_set1(a->momentum);
  vtail tail = v_tail(a->n % VW);
  for (size_t i = 0; i < a->n; i += VW) {
    bool last = i + VW > a->n;
    vf g = v_load_upto(a->g + i, last, tail);
    if (a->velocity != NULL) {
      g = v_fma(momentum, v_load_upto(a->velocity + i, last, tail), g);
      v_store_upto(a->velocity + i, g, last, tail);
    }
    v_store_upto(a->w + i, v_fma(rate, g, v_load_upto(a->w + i, last, tail)), last, tail);
  }
}

void KERNEL_NAME(adagrad)(const struct adagrad *a) {
  vf rate = v_set1(a->rate), epsilon = v_set1(a->epsilon);
  vtail tail = v_tail(a->n % VW);
  for (size_t i = 0; i < a->n; i += VW) {
    bool last = i + VW > a->n;
    vf g = v_load_upto(a->g + i, last, tail);
    vf sum = v_fma(g, g, v_load_upto(a->sum + i, last, tail));
    vf step = v_div(v_mul(rate, g), v_add(v_sqrt(sum), epsilon));
    v_store_upto(a->sum + i, sum, last, tail);
    v_store_upto(a->w + i, v_sub(v_load_upto(a->w + i, last, tail), step), last, tail);
  }
}

void KERNEL_NAME(ftrl)(const struct ftrl *a) {
  vf inverse_rate = v_set1(a->inverse_rate), beta = v_set1(a->beta);
  vf l1 = v_set1(a->l1), l2 = v_set1(a->l2);
  vtail tail = v_tail(a->n % VW);
  for (size_t i = 0; i < a->n; i += VW) {
    bool last = i + VW > a->n;
    vf g = v_load_upto(a->g + i, last, tail), w = v_load_upto(a->w + i, last, tail);
    vf sum = v_load_upto(a->sum + i, last, tail);
    vf new_sum = v_fma(g, g, sum);
    vf root = v_sqrt(new_sum);
    vf sigma = v_mul(v_sub(root, v_sqrt(sum)), inverse_rate);
    vf z = v_add(v_load_upto(a->z + i, last, tail), v_fma(v_sub(v_zero(), sigma), w, g));
    vf shrunk = v_select(v_gt(z, v_zero()), v_sub(z, l1), v_add(z, l1));
    vf curvature = v_fma(v_add(beta, root), inverse_rate, l2);
    vf moved = v_div(v_sub(v_zero(), shrunk), curvature);
    v_store_upto(a->sum + i, new_sum, last, tail);
    v_store_upto(a->z + i, z, last, tail);
    v_store_upto(a->w + i, v_select(v_gt(v_abs(z), l1), moved, v_zero()), last, tail);
  }
}

/* Memory bounds it, where the loop itself does not: several vectors at a time. */
enum { UNROLLED = 4 };
INLINE void add_penalty(float *g, const float *w, size_t n, vf penalty, vtail tail) {
  size_t i = 0;
  for (; i + UNROLLED * VW <= n; i += UNROLLED * VW) {
    vf sum[UNROLLED];
    UNROLL for (size_t j = 0; j < UNROLLED; j++) {
      sum[j] = v_fma(penalty, v_load(w + i + j * VW), v_load(g + i + j * VW));
    }
    UNROLL for (size_t j = 0; j < UNROLLED; j++) v_store(g + i + j * VW, sum[j]);
  }
  for (; i + VW <= n; i += VW) v_store(g + i, v_fma(penalty, v_load(w + i), v_load(g + i)));
  if (i == n) return;
  v_store_tail(g + i, v_fma(penalty, v_load_tail(w + i, tail), v_load_tail(g + i, tail)), tail);
}

void KERNEL_NAME(l2)(const struct l2 *a) {
  add_penalty(a->g, a->w, a->n, v_set1(a->penalty), v_tail(a->n % VW));
}

void KERNEL_NAME(l2_rows)(const struct l2_rows *a) {
  vf penalty = v_set1(a->penalty);
  vtail tail = v_tail(a->dim % VW);
  for (size_t i = 0; i < a->count; i++) {
    size_t at = a->row[i] * a->ld;
    add_penalty(a->g + at, a->w + at, a->dim, penalty, tail);
  }
}
