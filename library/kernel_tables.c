/* The kernels as programs have them. The structs of arguments are those of kernels/ under other
 * names: tools/public-kernels made them, and what of it a compiler can see is asserted here. */
#include <string.h>

#include "crosslane/isa.h"
#include "crosslane/kernels.h"
#include "kernels/kernels.h"

#define KERNEL(name, flop, bytes)                                                          \
  _Static_assert(sizeof(struct crosslane_##name) == sizeof(struct name), #name "'s size"); \
  _Static_assert(_Alignof(struct crosslane_##name) == _Alignof(struct name), #name);
#include "kernels/kernels.inc"
#undef KERNEL
#define ACTIVATION(constant, name, transcendental) \
  _Static_assert((int)CROSSLANE_ACTIVATION_##constant == (int)ACTIVATION_##constant, #constant);
#include "kernels/activations.inc"
#undef ACTIVATION
_Static_assert((int)CROSSLANE_POOLING_RSQRT == (int)POOLING_RSQRT, "poolings");
_Static_assert((int)CROSSLANE_EMBEDDING_AHEAD == (int)EMBEDDING_AHEAD, "rows ahead");

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)

extern const struct kernels kernels_scalar, kernels_scalar_soft_fma, kernels_avx2, kernels_avx512,
    kernels_neon;

#define TABLE kernels_scalar
#define TABLE_NAME "scalar"
#include "library/kernel_table.inc"

#if defined(__x86_64__)
#define TABLE kernels_scalar_soft_fma
#define TABLE_NAME "scalar"
#include "library/kernel_table.inc"
#define TABLE kernels_avx2
#define TABLE_NAME "avx2"
#include "library/kernel_table.inc"
#define TABLE kernels_avx512
#define TABLE_NAME "avx512"
#include "library/kernel_table.inc"

static const crosslane_kernels *table_of(enum isa isa) {
  const crosslane_kernels *scalar =
      isa_has_fma() ? &kernels_scalar_table : &kernels_scalar_soft_fma_table;
  return isa == ISA_AVX512 ? &kernels_avx512_table : isa == ISA_AVX2 ? &kernels_avx2_table : scalar;
}
#else
#define TABLE kernels_neon
#define TABLE_NAME "neon"
#include "library/kernel_table.inc"

static const crosslane_kernels *table_of(enum isa isa) {
  return isa == ISA_NEON ? &kernels_neon_table : &kernels_scalar_table;
}
#endif

const crosslane_kernels *crosslane_kernels_of(const char *isa) {
  if (isa == NULL) return table_of(isa_best());
  for (enum isa i = ISA_SCALAR; i < ISA_COUNT; i++) {
    if (strcmp(isa, isa_name(i)) == 0) return isa_runs_here(i) ? table_of(i) : NULL;
  }
  return NULL;
}
