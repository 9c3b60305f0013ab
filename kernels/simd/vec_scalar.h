/* Vocabulary: one float a vector. fmaf is one instruction where the compiler
 * may use hardware FMA, else the C library's correctly rounded function. */
#ifndef CROSSLANE_KERNELS_SIMD_VEC_SCALAR_H
#define CROSSLANE_KERNELS_SIMD_VEC_SCALAR_H

#include <math.h>

#define VW 1
/* 12 sums, 4 weights: the 16 registers of x86-64; AArch64 has more. */
#define TILE_C_MAX 4
#define TILE_C_USUAL 4
#define TILE_R_MAX(c) ((c) == 4 ? 3 : (c) == 3 ? 4 : (c) == 2 ? 6 : 8)
#define TILE_SHAPES(X) GEMM_R8(X, 1) GEMM_R6(X, 2) GEMM_R4(X, 3) GEMM_R3(X, 4)
#define TILE_SHAPES_WIDE(X)
/* On copies of blocks (kernels/dense_blocked.c). */
#define BLOCK_R 3
#define BLOCK_C 4
#define BLOCK_SHAPES(X) GEMM_R3(X, 1) GEMM_R3(X, 2) GEMM_R3(X, 3) GEMM_R3(X, 4)
#define BLOCK_STEPS 256
#define BLOCK_FROM_WEIGHTS (256 * 256)
#define BLOCK_FROM_ROWS 16
#define BLOCK_FROM_TRANSPOSED (128 * 64)

typedef float vf;
typedef uint32_t vu;
typedef bool vm;
typedef int vtail; /* never needed: every count is a multiple of 1 */

INLINE vtail v_tail(size_t count) {
  return (int)count;
}
INLINE vf v_zero(void) {
  return 0.0f;
}
INLINE vf v_set1(float x) {
  return x;
}
INLINE vf v_load(const float *p) {
  return *p;
}
INLINE void v_store(float *p, vf x) {
  *p = x;
}
INLINE vf v_load_tail(const float *p, vtail tail) {
  return tail > 0 ? *p : 0.0f;
}
INLINE void v_store_tail(float *p, vf x, vtail tail) {
  if (tail > 0) *p = x;
}
INLINE vf v_load_short(const float *p, size_t count, vtail tail) {
  (void)count;
  return v_load_tail(p, tail);
}
INLINE void v_store_short(float *p, vf x, size_t count, vtail tail) {
  (void)count;
  v_store_tail(p, x, tail);
}
INLINE vf v_fma(vf a, vf b, vf c) {
  return fmaf(a, b, c);
}
INLINE vf v_add(vf a, vf b) {
  return a + b;
}
INLINE vf v_sub(vf a, vf b) {
  return a - b;
}
INLINE vf v_mul(vf a, vf b) {
  return a * b;
}
INLINE vf v_div(vf a, vf b) {
  return a / b;
}
INLINE vf v_sqrt(vf a) {
  return sqrtf(a);
}
INLINE vf v_abs(vf a) {
  return fabsf(a);
}
INLINE vf v_max(vf a, vf b) {
  return a > b ? a : b;
}
INLINE vf v_min(vf a, vf b) {
  return a < b ? a : b;
}
INLINE vm v_gt(vf a, vf b) {
  return a > b;
}
INLINE vm v_lt(vf a, vf b) {
  return a < b;
}
INLINE vf v_select(vm mask, vf a, vf b) {
  return mask ? a : b;
}
INLINE vm v_mask(uint32_t bits) {
  return bits & 1u;
}

INLINE vu vu_set1(uint32_t x) {
  return x;
}
INLINE vu vu_iota(void) {
  return 0;
}
INLINE vu vu_add(vu a, vu b) {
  return a + b;
}
INLINE vu vu_and(vu a, vu b) {
  return a & b;
}
INLINE vu vu_high_half(vu a) {
  return a >> 16;
}
typedef struct {
  uint32_t low, high;
} vw;
INLINE vw vw_from(vu a) {
  return (vw){a, a};
}
INLINE vw vw_mul(vw a, vu b) {
  uint64_t product = (uint64_t)a.low * b;
  return (vw){(uint32_t)product, (uint32_t)(product >> 32)};
}
INLINE vw vw_high(vw a) {
  return vw_from(a.high);
}
INLINE vw vw_xor3(vw a, vw b, vu c) {
  return vw_from(a.low ^ b.low ^ c);
}
INLINE vu vw_low(vw a) {
  return a.low;
}
INLINE uint32_t vu_bits_ge(vu a, vu b) {
  return a >= b;
}

INLINE void v_rotate16(vf lanes[16], size_t by) {
  vf old[16];
  for (size_t l = 0; l < 16; l++) old[l] = lanes[l];
  for (size_t l = 0; l < 16; l++) lanes[l] = old[(l + by) % 16];
}
INLINE float v_fold16(const vf sum[16]) {
  vf eight[8], four[4];
  for (int i = 0; i < 8; i++) eight[i] = sum[i] + sum[i + 8];
  for (int i = 0; i < 4; i++) four[i] = eight[i] + eight[i + 4];
  return (four[0] + four[2]) + (four[1] + four[3]);
}
INLINE void v_transpose(vf rows[VW]) {
  (void)rows;
}

#endif
