#include "bench/variants.h"

#include "bench/loops.h"

extern const struct kernels kernels_autovec_avx2, kernels_autovec_avx512, kernels_autovec_neon;
extern const struct loops loops_scalar, loops_avx2, loops_avx512, loops_neon;

static const struct kernels *autovec_of(enum isa isa) {
  switch (isa) {
#if defined(__x86_64__)
    case ISA_AVX2:
      return &kernels_autovec_avx2;
    case ISA_AVX512:
      return &kernels_autovec_avx512;
#elif defined(__aarch64__)
    case ISA_NEON:
      return &kernels_autovec_neon;
#endif
    default:
      return NULL;
  }
}

size_t variants_of(enum isa isa, struct variant out[VARIANTS_MAX]) {
  if (kernels_of(isa) == NULL) return 0;
  out[0] = (struct variant){.isa = isa, .by = "crosslane", .kernels = kernels_of(isa)};
  const struct kernels *autovec = autovec_of(isa);
  if (autovec == NULL) return 1;
  out[1] = (struct variant){.isa = isa, .by = "autovec", .kernels = autovec};
  return 2;
}

const struct loops *loops_of(enum isa isa) {
  switch (isa) {
    case ISA_SCALAR:
      return &loops_scalar;
#if defined(__x86_64__)
    case ISA_AVX2:
      return &loops_avx2;
    case ISA_AVX512:
      return &loops_avx512;
#elif defined(__aarch64__)
    case ISA_NEON:
      return &loops_neon;
#endif
    default:
      return NULL;
  }
}
