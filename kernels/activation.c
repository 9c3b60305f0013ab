#include "kernels/declare.h"
#include "kernels/simd/vec_math.h"

#define LEAKY_SLOPE 0.01f
#define SQRT_HALF 0.70710678118654752440f
#define INVERSE_SQRT_TWO_PI 0.39894228040143267794f

/* A value and its derivative. */
struct activated {
  vf y, dy;
};

INLINE vf one(void) {
  return v_set1(1.0f);
}

INLINE vf sigmoid(vf z) {
  return v_div(one(), v_add(one(), v_exp(v_sub(v_zero(), z))));
}

INLINE struct activated activated_identity(vf z) {
  return (struct activated){z, one()};
}

INLINE struct activated activated_leaky_relu(vf z) {
  vm positive = v_gt(z, v_zero());
  vf slope = v_set1(LEAKY_SLOPE);
  return (struct activated){v_select(positive, z, v_mul(slope, z)),
                            v_select(positive, one(), slope)};
}

INLINE struct activated activated_relu(vf z) {
  vm positive = v_gt(z, v_zero());
  return (struct activated){v_max(v_zero(), z), v_select(positive, one(), v_zero())};
}

INLINE struct activated activated_tanh(vf z) {
  vf a = v_tanh(z);
  return (struct activated){a, v_fma(v_sub(v_zero(), a), a, one())};
}

INLINE struct activated activated_sigmoid(vf z) {
  vf a = sigmoid(z);
  return (struct activated){a, v_fma(v_sub(v_zero(), a), a, a)};
}

INLINE struct activated activated_silu(vf z) {
  vf s = sigmoid(z);
  vf y = v_mul(z, s);
  return (struct activated){y, v_fma(y, v_sub(one(), s), s)};
}

INLINE struct activated activated_gelu(vf z) {
  vf half = v_set1(0.5f);
  vf cdf = v_fma(half, v_erf(v_mul(z, v_set1(SQRT_HALF))), half);
  vf density = v_mul(v_set1(INVERSE_SQRT_TWO_PI), v_exp(v_mul(v_mul(v_set1(-0.5f), z), z)));
  return (struct activated){v_mul(z, cdf), v_fma(z, density, cdf)};
}

INLINE struct activated apply(enum activation activation, vf z) {
  switch (activation) {
#define ACTIVATION(constant, name, transcendental) \
  case ACTIVATION_##constant:                      \
    return activated_##name(z);
#include "kernels/activations.inc"
#undef ACTIVATION
  }
  return activated_identity(z);
}

/* A row; keep and derivative may be NULL. */
INLINE void activate_row(enum activation activation, size_t n, float *y, const uint16_t *keep,
                         vf keep_scale, float *derivative) {
  const vtail tail = v_tail(n % VW);
  for (size_t i = 0; i < n; i += VW) {
    const bool last = i + VW > n;
    struct activated result = apply(activation, v_load_upto(y + i, last, tail));
    if (keep != NULL) {
      vm kept = v_mask((uint32_t)keep[i / KEEP_GROUP] >> i % KEEP_GROUP);
      result.y = v_select(kept, v_mul(result.y, keep_scale), v_zero());
      result.dy = v_select(kept, v_mul(result.dy, keep_scale), v_zero());
    }
    v_store_upto(y + i, result.y, last, tail);
    if (derivative != NULL) v_store_upto(derivative + i, result.dy, last, tail);
  }
}

/* The activation is a constant in each copy of the loop. What it needs of the
 * arguments is read before it: for the compiler a store may change them. */
INLINE void run(const struct activate *a, enum activation activation) {
  const size_t m = a->m, n = a->n, y_ld = a->y_ld, keep_ld = a->keep_ld;
  const size_t derivative_ld = a->derivative_ld;
  const vf keep_scale = v_set1(a->keep_scale);
  const uint16_t *keep = a->keep;
  float *y = a->y, *derivative = a->derivative;
  for (size_t row = 0; row < m; row++) {
    activate_row(activation, n, y, keep, keep_scale, derivative);
    y += y_ld;
    if (keep != NULL) keep += keep_ld;
    if (derivative != NULL) derivative += derivative_ld;
  }
}

void KERNEL_NAME(activate)(const struct activate *a) {
  switch (a->activation) {
#define ACTIVATION(constant, name, transcendental) \
  case ACTIVATION_##constant:                      \
    run(a, ACTIVATION_##constant);                 \
    break;
#include "kernels/activations.inc"
#undef ACTIVATION
  }
}
