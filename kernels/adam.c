#include "kernels/declare.h"

struct adam_constants {
  vf rate, beta1, one_minus_beta1, beta2, one_minus_beta2, epsilon, minus_decay;
  vf tiny_gradient, tiny_m, tiny_v;
};

/* adam and adam_rows name these alike. */
#define ADAM_CONSTANTS(a)                                                           \
  .rate = v_set1((a)->rate), .beta1 = v_set1((a)->beta1),                           \
  .one_minus_beta1 = v_set1((a)->one_minus_beta1), .beta2 = v_set1((a)->beta2),     \
  .one_minus_beta2 = v_set1((a)->one_minus_beta2), .epsilon = v_set1((a)->epsilon), \
  .minus_decay = v_set1(-(a)->decay), .tiny_gradient = v_set1(ADAM_TINY_GRADIENT),  \
  .tiny_m = v_set1(ADAM_TINY_M), .tiny_v = v_set1(ADAM_TINY_V)

/* The square root and the division bound it: both use the divider, which takes
 * some 10 cycles for 16 floats on the fastest cores. */
INLINE vf adam_step(const struct adam_constants *c, vf w, vf g, vf *m, vf *v) {
  g = v_select(v_lt(v_abs(g), c->tiny_gradient), v_zero(), g);
  *m = v_fma(c->one_minus_beta1, g, v_mul(c->beta1, *m));
  *m = v_select(v_lt(v_abs(*m), c->tiny_m), v_zero(), *m);
  *v = v_fma(v_mul(c->one_minus_beta2, g), g, v_mul(c->beta2, *v));
  *v = v_select(v_lt(*v, c->tiny_v), v_zero(), *v);
  vf step = v_div(v_mul(c->rate, *m), v_add(v_sqrt(*v), c->epsilon));
  return v_sub(v_fma(c->minus_decay, w, w), step);
}

INLINE void adam_span(const struct adam_constants *c, size_t n, float *w, const float *g, float *m,
                      float *v) {
  size_t i = 0;
  for (; i + VW <= n; i += VW) {
    vf m_i = v_load(m + i), v_i = v_load(v + i);
    vf w_i = adam_step(c, v_load(w + i), v_load(g + i), &m_i, &v_i);
    v_store(m + i, m_i);
    v_store(v + i, v_i);
    v_store(w + i, w_i);
  }
  if (i == n) return;
  vtail tail = v_tail(n - i);
  vf m_i = v_load_tail(m + i, tail), v_i = v_load_tail(v + i, tail);
  vf w_i = adam_step(c, v_load_tail(w + i, tail), v_load_tail(g + i, tail), &m_i, &v_i);
  v_store_tail(m + i, m_i, tail);
  v_store_tail(v + i, v_i, tail);
  v_store_tail(w + i, w_i, tail);
}

void KERNEL_NAME(adam)(const struct adam *a) {
  const struct adam_constants c = {ADAM_CONSTANTS(a)};
  adam_span(&c, a->n, a->w, a->g, a->m, a->v);
}

void KERNEL_NAME(adam_rows)(const struct adam_rows *a) {
  const struct adam_constants c = {ADAM_CONSTANTS(a)};
  for (size_t i = 0; i < a->count; i++) {
    size_t at = a->row[i] * a->ld;
    adam_span(&c, a->dim, a->w + at, a->g + at, a->m + at, a->v + at);
  }
}
