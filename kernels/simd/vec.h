/* The vector vocabulary: one header an instruction set, the same names in all.
 * A kernel is written once against it and compiled once for each.
 *
 *   VW                     floats in a vector
 *   V16                    vectors that hold the 16 virtual lanes of a sum
 *   vf, vu, vm             floats, 32-bit integers, a mask, of VW lanes
 *   vtail                  which lanes of a last, partial vector there are
 *   v_load_tail            absent lanes are 0 and their memory is not touched
 *   v_load_short           the same for `count` lanes, of which `tail` is made; as one
 *                          narrower access where there is one: a load cannot be
 *                          served from a masked store that it overlaps
 *   v_fma(a, b, c)         a * b + c, rounded once
 *   v_max, v_min           a > b ? a : b and a < b ? a : b, as written
 *   v_select(m, a, b)      a where the mask is set, else b
 *   v_mask(bits)           lane i: bit i
 *   vw, vw_from, vw_low    a wide integer of 64 bits for each lane, of which the
 *                          lower half counts: from it, and back to it
 *   vw_mul(a, b)           the whole products of the lower halves by b, in all
 *                          lanes the same
 *   vw_high(a)             the upper halves, in the place of the lower ones
 *   vu_bits_ge(a, b)       bit i: a >= b in lane i, for values below 2^31
 *   v_fold16(sum)          the 16 lanes summed by the tree 8-4-2-1
 *   v_rotate16(lanes, by)  lane l takes lane (l + by) mod 16, for 0 < by < 16
 *   v_transpose(rows)      VW vectors as a VW by VW matrix, in place
 *   v_load_half, v_fma_half  the lower half of a vector, of which `tail` exists
 *   V_HALF, vh, vh_add ... vectors of half the width, where rows of that length
 *                          gain by them; else V_HALF is 0 and vh stands for vf
 *   TILE_C_MAX, TILE_R_MAX(c)  register tile: columns in vectors, and how many
 *                          rows fit beside c of them
 *   BLOCK_R, BLOCK_C       the tile on copied blocks, BLOCK_SHAPES all up to it;
 *   BLOCK_STEPS            the most steps of a block
 *   BLOCK_FROM_WEIGHTS, BLOCK_FROM_ROWS  where copying begins to pay: floats of a
 *                          layer's weights, rows of a batch
 *   TILE_C_USUAL           the widest that is best for every dense kernel; wider
 *                          ones, TILE_SHAPES_WIDE, are for the forward pass */
#ifndef CROSSLANE_KERNELS_SIMD_VEC_H
#define CROSSLANE_KERNELS_SIMD_VEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/exact.h"

#define KERNEL_JOIN_(a, b) a##_##b
#define KERNEL_JOIN(a, b) KERNEL_JOIN_(a, b)
/* The name of this instruction set's version. */
#define KERNEL_NAME(name) KERNEL_JOIN(name, KERNEL_ISA)

#define INLINE static inline __attribute__((always_inline))
#define NOINLINE __attribute__((noinline))
/* Loops over a register array: only unrolled do its elements live in registers. */
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#define NO_UNROLL _Pragma("clang loop unroll(disable)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#define NO_UNROLL _Pragma("GCC unroll 1")
#endif

#if defined(KERNEL_AVX512)
#include "kernels/simd/vec_avx512.h"
#elif defined(KERNEL_AVX2)
#include "kernels/simd/vec_avx2.h"
#elif defined(KERNEL_NEON)
#include "kernels/simd/vec_neon.h"
#else
#include "kernels/simd/vec_scalar.h"
#endif

#define V16 (16 / VW)

#ifndef V_HALF
#define V_HALF 0
typedef vf vh;
INLINE vh vh_zero(void) {
  return v_zero();
}
INLINE vh vh_set1(float x) {
  return v_set1(x);
}
INLINE vh vh_load(const float *p) {
  return v_load(p);
}
INLINE void vh_store(float *p, vh x) {
  v_store(p, x);
}
INLINE vh vh_add(vh a, vh b) {
  return v_add(a, b);
}
INLINE vh vh_mul(vh a, vh b) {
  return v_mul(a, b);
}
INLINE vh vh_fma(vh a, vh b, vh c) {
  return v_fma(a, b, c);
}
INLINE vf v_load_half(const float *p, vtail tail) {
  return v_load_tail(p, tail);
}
INLINE vf v_fma_half(vf a, vf b, vf c) {
  return v_fma(a, b, c);
}
#endif

/* A vector that may be the last, partial one of a row. */
INLINE vf v_load_upto(const float *p, bool partial, vtail tail) {
  return partial ? v_load_tail(p, tail) : v_load(p);
}
INLINE void v_store_upto(float *p, vf x, bool partial, vtail tail) {
  if (partial) {
    v_store_tail(p, x, tail);
  } else {
    v_store(p, x);
  }
}

#endif
