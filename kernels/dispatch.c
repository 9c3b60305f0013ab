#include <sleef.h>

#include "kernels/kernels.h"

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

const char *kernels_math_library(void) {
  return "SLEEF " TEXT(SLEEF_VERSION_MAJOR) "." TEXT(SLEEF_VERSION_MINOR) "." TEXT(
      SLEEF_VERSION_PATCHLEVEL);
}

extern const struct kernels kernels_scalar, kernels_scalar_soft_fma, kernels_avx2, kernels_avx512,
    kernels_neon;

const struct kernels *kernels_of(enum isa isa) {
  if (!isa_runs_here(isa)) return NULL;
  switch (isa) {
#if defined(__x86_64__)
    case ISA_SCALAR:
      return isa_has_fma() ? &kernels_scalar : &kernels_scalar_soft_fma;
    case ISA_AVX2:
      return &kernels_avx2;
    case ISA_AVX512:
      return &kernels_avx512;
#elif defined(__aarch64__)
    case ISA_SCALAR:
      return &kernels_scalar;
    case ISA_NEON:
      return &kernels_neon;
#endif
    default:
      return NULL;
  }
}

bool activation_is_transcendental(enum activation activation) {
#define ACTIVATION(constant, name, transcendental) [ACTIVATION_##constant] = (transcendental),
  static const bool is[] = {
#include "kernels/activations.inc"
  };
#undef ACTIVATION
  return is[activation];
}
