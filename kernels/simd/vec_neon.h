/* Vocabulary: AArch64 Advanced SIMD, 4 floats a vector, 32 registers. */
#ifndef CROSSLANE_KERNELS_SIMD_VEC_NEON_H
#define CROSSLANE_KERNELS_SIMD_VEC_NEON_H

#include <arm_neon.h>

#define VW 4
/* r * c sums, r loads of a, a weight in 32 registers (kernels/simd/gemm_neon.h). Six
 * rows of four vectors would be 31, but GCC 12 spills two of them. */
#define TILE_C_MAX 4
#define TILE_C_USUAL 4
#define TILE_R_MAX(c) ((c) == 4 ? 5 : (c) == 3 ? 7 : (c) == 2 ? 10 : 15)
#define NEON_R5(X, C) GEMM_R4(X, C) X(5, C)
#define NEON_R7(X, C) GEMM_R6(X, C) X(7, C)
#define NEON_R10(X, C) GEMM_R8(X, C) X(9, C) X(10, C)
#define NEON_R15(X, C) GEMM_R12(X, C) X(13, C) X(14, C) X(15, C)
#define TILE_SHAPES(X) NEON_R15(X, 1) NEON_R10(X, 2) NEON_R7(X, 3) NEON_R5(X, 4)
#define TILE_SHAPES_WIDE(X)
/* On copies of blocks (kernels/dense_blocked.c). */
#define BLOCK_R 5
#define BLOCK_C 4
#define BLOCK_SHAPES(X) NEON_R5(X, 1) NEON_R5(X, 2) NEON_R5(X, 3) NEON_R5(X, 4)
#define BLOCK_STEPS 256
#define BLOCK_FROM_WEIGHTS (256 * 256)
#define BLOCK_FROM_ROWS 16
#define BLOCK_FROM_TRANSPOSED (128 * 64)

typedef float32x4_t vf;
typedef uint32x4_t vu;
typedef uint32x4_t vm;
typedef int vtail;

INLINE vtail v_tail(size_t count) {
  return (int)count;
}
INLINE vf v_zero(void) {
  return vdupq_n_f32(0.0f);
}
INLINE vf v_set1(float x) {
  return vdupq_n_f32(x);
}
INLINE vf v_load(const float *p) {
  return vld1q_f32(p);
}
INLINE void v_store(float *p, vf x) {
  vst1q_f32(p, x);
}
INLINE vf v_load_tail(const float *p, vtail tail) {
  vf x = v_zero();
  if (tail >= 4) return vld1q_f32(p);
  if (tail >= 2) x = vcombine_f32(vld1_f32(p), vdup_n_f32(0.0f));
  if (tail == 1) x = vld1q_lane_f32(p, x, 0);
  if (tail == 3) x = vld1q_lane_f32(p + 2, x, 2);
  return x;
}
INLINE void v_store_tail(float *p, vf x, vtail tail) {
  if (tail >= 4) {
    vst1q_f32(p, x);
    return;
  }
  if (tail >= 2) vst1_f32(p, vget_low_f32(x));
  if (tail == 1) vst1q_lane_f32(p, x, 0);
  if (tail == 3) vst1q_lane_f32(p + 2, x, 2);
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
  return vfmaq_f32(c, a, b);
}
INLINE vf v_add(vf a, vf b) {
  return vaddq_f32(a, b);
}
INLINE vf v_sub(vf a, vf b) {
  return vsubq_f32(a, b);
}
INLINE vf v_mul(vf a, vf b) {
  return vmulq_f32(a, b);
}
INLINE vf v_div(vf a, vf b) {
  return vdivq_f32(a, b);
}
INLINE vf v_sqrt(vf a) {
  return vsqrtq_f32(a);
}
INLINE vf v_abs(vf a) {
  return vabsq_f32(a);
}
INLINE vm v_gt(vf a, vf b) {
  return vcgtq_f32(a, b);
}
INLINE vm v_lt(vf a, vf b) {
  return vcltq_f32(a, b);
}
INLINE vf v_select(vm mask, vf a, vf b) {
  return vbslq_f32(mask, a, b);
}
/* Not FMAX and FMIN: they order the zeros and hand on every NaN. */
INLINE vf v_max(vf a, vf b) {
  return v_select(v_gt(a, b), a, b);
}
INLINE vf v_min(vf a, vf b) {
  return v_select(v_lt(a, b), a, b);
}
INLINE vm v_mask(uint32_t bits) {
  const uint32x4_t bit = {1, 2, 4, 8};
  return vtstq_u32(vdupq_n_u32(bits), bit);
}

INLINE vu vu_set1(uint32_t x) {
  return vdupq_n_u32(x);
}
INLINE vu vu_iota(void) {
  const uint32x4_t lane = {0, 1, 2, 3};
  return lane;
}
INLINE vu vu_add(vu a, vu b) {
  return vaddq_u32(a, b);
}
INLINE vu vu_and(vu a, vu b) {
  return vandq_u32(a, b);
}
INLINE vu vu_high_half(vu a) {
  return vshrq_n_u32(a, 16);
}
typedef struct {
  uint32x4_t low, high;
} vw;
INLINE vw vw_from(vu a) {
  return (vw){a, a};
}
INLINE vw vw_mul(vw a, vu b) {
  uint32x4_t first = vreinterpretq_u32_u64(vmull_u32(vget_low_u32(a.low), vget_low_u32(b)));
  uint32x4_t second = vreinterpretq_u32_u64(vmull_high_u32(a.low, b));
  return (vw){vuzp1q_u32(first, second), vuzp2q_u32(first, second)};
}
INLINE vw vw_high(vw a) {
  return vw_from(a.high);
}
INLINE vw vw_xor3(vw a, vw b, vu c) {
  return vw_from(veorq_u32(veorq_u32(a.low, b.low), c));
}
INLINE vu vw_low(vw a) {
  return a.low;
}
INLINE uint32_t vu_bits_ge(vu a, vu b) {
  const uint32x4_t bit = {1, 2, 4, 8};
  return vaddvq_u32(vandq_u32(vcgeq_u32(a, b), bit));
}

INLINE void v_rotate16(vf lanes[4], size_t by) {
  float twice[32];
  for (int h = 0; h < 8; h++) vst1q_f32(twice + 4 * h, lanes[h % 4]);
  for (int h = 0; h < 4; h++) lanes[h] = vld1q_f32(twice + by + 4 * h);
}
INLINE float v_fold16(const vf sum[4]) {
  float32x4_t four = vaddq_f32(vaddq_f32(sum[0], sum[2]), vaddq_f32(sum[1], sum[3]));
  float32x2_t two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
  return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
}
INLINE void v_transpose(vf rows[VW]) {
  float32x4_t a = vzip1q_f32(rows[0], rows[2]), b = vzip2q_f32(rows[0], rows[2]);
  float32x4_t c = vzip1q_f32(rows[1], rows[3]), d = vzip2q_f32(rows[1], rows[3]);
  rows[0] = vzip1q_f32(a, c);
  rows[1] = vzip2q_f32(a, c);
  rows[2] = vzip1q_f32(b, d);
  rows[3] = vzip2q_f32(b, d);
}

#endif
