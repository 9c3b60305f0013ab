/* The activations with SLEEF's functions of 1.0 ULP as most programs use them:
 * not the ones with the same bits on every instruction set. */
#include <sleef.h>

#include "bench/loops.h"
#include "kernels/simd/vec.h"

#if defined(KERNEL_AVX512)
#define SLEEF(name) Sleef_##name##16_u10avx512f
#elif defined(KERNEL_AVX2)
#define SLEEF(name) Sleef_##name##8_u10avx2
#elif defined(KERNEL_NEON)
#define SLEEF(name) Sleef_##name##4_u10advsimd
#else
#define SLEEF(name) Sleef_##name##_u10
#endif

#define SQRT_HALF 0.70710678118654752440f
#define INVERSE_SQRT_TWO_PI 0.39894228040143267794f

INLINE vf value(enum activation activation, vf z, vf *derivative) {
  const vf one = v_set1(1.0f), half = v_set1(0.5f);
  switch (activation) { /* no default: the compiler names what is missing */
    case ACTIVATION_IDENTITY:
    case ACTIVATION_RELU:
    case ACTIVATION_LEAKY_RELU:
      break; /* no function of SLEEF's: peer_math.c leaves them out */
    case ACTIVATION_TANH: {
      vf t = SLEEF(tanhf)(z);
      *derivative = v_fma(v_sub(v_zero(), t), t, one);
      return t;
    }
    case ACTIVATION_SIGMOID: {
      vf s = v_div(one, v_add(one, SLEEF(expf)(v_sub(v_zero(), z))));
      *derivative = v_fma(v_sub(v_zero(), s), s, s);
      return s;
    }
    case ACTIVATION_SILU: {
      vf s = v_div(one, v_add(one, SLEEF(expf)(v_sub(v_zero(), z))));
      vf y = v_mul(z, s);
      *derivative = v_fma(y, v_sub(one, s), s);
      return y;
    }
    case ACTIVATION_GELU: {
      vf cdf = v_fma(half, SLEEF(erff)(v_mul(z, v_set1(SQRT_HALF))), half);
      vf density = SLEEF(expf)(v_mul(v_mul(v_set1(-0.5f), z), z));
      *derivative = v_fma(v_mul(z, v_set1(INVERSE_SQRT_TWO_PI)), density, cdf);
      return v_mul(z, cdf);
    }
  }
  *derivative = one;
  return z;
}

INLINE void rows(const struct activate *a, enum activation activation) {
  const vtail tail = v_tail(a->n % VW);
  for (size_t row = 0; row < a->m; row++) {
    float *y = a->y + row * a->y_ld, *dy = a->derivative + row * a->derivative_ld;
    for (size_t i = 0; i < a->n; i += VW) {
      const bool last = i + VW > a->n;
      vf derivative;
      vf out = value(activation, v_load_upto(y + i, last, tail), &derivative);
      v_store_upto(y + i, out, last, tail);
      v_store_upto(dy + i, derivative, last, tail);
    }
  }
}

void KERNEL_NAME(loops_activate)(const struct activate *a);
void KERNEL_NAME(loops_activate)(const struct activate *a) {
  switch (a->activation) {
#define ACTIVATION(constant, name, transcendental) \
  case ACTIVATION_##constant:                      \
    rows(a, ACTIVATION_##constant);                \
    break;
#include "kernels/activations.inc"
#undef ACTIVATION
  }
}
