#include "kernels/declare.h"

struct adam_constants {
  vf rate, beta1, one_minus_beta1, beta2, one_minus_beta2, epsilon;
  vf tiny_gradient, tiny_m, tiny_v;
};

/* The square root and the division bound it: both use the divider, which takes
 * some 10 cycles for 16 floats on the fastest cores. */
INLINE vf adam_step(const struct adam_constants *c, vf w, vf g, vf *m, vf *v) {
  g = v_select(v_lt(v_abs(g), c->tiny_gradient), v_zero(), g);
  *m = v_fma(c->one_minus_beta1, g, v_mul(c->beta1, *m));
  *m = v_select(v_lt(v_abs(*m), c->tiny_m), v_zero(), *m);
  *v = v_fma(v_mul(c->one_minus_beta2, g), g, v_mul(c->beta2, *v));
  *v = v_select(v_lt(*v, c->tiny_v), v_zero(), *v);
  vf step = v_div(v_mul(c->rate, *m), v_add(v_sqrt(*v), c->epsilon));
  return v_sub(w, step);
}

void KERNEL_NAME(adam)(const struct adam *a) {
  const struct adam_constants c = {
      .rate = v_set1(a->rate),
      .beta1 = v_set1(a->beta1),
      .one_minus_beta1 = v_set1(a->one_minus_beta1),
      .beta2 = v_set1(a->beta2),
      .one_minus_beta2 = v_set1(a->one_minus_beta2),
      .epsilon = v_set1(a->epsilon),
      .tiny_gradient = v_set1(ADAM_TINY_GRADIENT),
      .tiny_m = v_set1(ADAM_TINY_M),
      .tiny_v = v_set1(ADAM_TINY_V),
  };
  size_t i = 0;
  for (; i + VW <= a->n; i += VW) {
    vf m = v_load(a->m + i), v = v_load(a->v + i);
    vf w = adam_step(&c, v_load(a->w + i), v_load(a->g + i), &m, &v);
    v_store(a->m + i, m);
    v_store(a->v + i, v);
    v_store(a->w + i, w);
  }
  if (i == a->n) return;
  vtail tail = v_tail(a->n - i);
  vf m = v_load_tail(a->m + i, tail), v = v_load_tail(a->v + i, tail);
  vf w = adam_step(&c, v_load_tail(a->w + i, tail), v_load_tail(a->g + i, tail), &m, &v);
  v_store_tail(a->m + i, m, tail);
  v_store_tail(a->v + i, v, tail);
  v_store_tail(a->w + i, w, tail);
}
