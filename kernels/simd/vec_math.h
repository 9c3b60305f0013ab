/* The transcendental functions of the kernels: SLEEF's deterministic ones
 * (3.5.1: prefix finz, the same bits on every instruction set with FMA; cinz
 * where there is none, at most 1 ULP away). */
#ifndef CROSSLANE_KERNELS_SIMD_VEC_MATH_H
#define CROSSLANE_KERNELS_SIMD_VEC_MATH_H

#include "kernels/simd/vec.h"

/* With these sleef.h declares the functions of scalar FMA; clang does not
 * define them by itself. */
#if defined(KERNEL_SCALAR) && !defined(KERNEL_SOFT_FMA)
#if !defined(FP_FAST_FMA)
#define FP_FAST_FMA 1
#endif
#if !defined(FP_FAST_FMAF)
#define FP_FAST_FMAF 1
#endif
#endif
#include <sleef.h>

#if defined(KERNEL_AVX512)
#define SLEEF_NAME(name, ulp) Sleef_finz_##name##16_##ulp##avx512f
#elif defined(KERNEL_AVX2)
#define SLEEF_NAME(name, ulp) Sleef_finz_##name##8_##ulp##avx2
#elif defined(KERNEL_NEON)
#define SLEEF_NAME(name, ulp) Sleef_finz_##name##4_##ulp##advsimd
#elif defined(KERNEL_SOFT_FMA)
#define SLEEF_NAME(name, ulp) Sleef_cinz_##name##1_##ulp##purec
#else
#define SLEEF_NAME(name, ulp) Sleef_finz_##name##1_##ulp##purecfma
#endif

/* e^x, at most 1.0 ULP from it. */
INLINE vf v_exp(vf x) {
  return SLEEF_NAME(expf, u10)(x);
}
/* e^x - 1, log x: at most 1.0 ULP. */
INLINE vf v_expm1(vf x) {
  return SLEEF_NAME(expm1f, u10)(x);
}
INLINE vf v_log(vf x) {
  return SLEEF_NAME(logf, u10)(x);
}
/* At most 3.5 ULP: three times as fast as the one of 1.0 ULP. */
INLINE vf v_tanh(vf x) {
  return SLEEF_NAME(tanhf, u35)(x);
}
/* At most 1.0 ULP. */
INLINE vf v_erf(vf x) {
  return SLEEF_NAME(erff, u10)(x);
}

#endif
