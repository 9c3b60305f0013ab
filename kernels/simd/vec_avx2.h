/* Vocabulary: AVX2 and FMA, 8 floats a vector, 16 registers. */
#ifndef CROSSLANE_KERNELS_SIMD_VEC_AVX2_H
#define CROSSLANE_KERNELS_SIMD_VEC_AVX2_H

#include <immintrin.h>

#define VW 8
/* 12 sums, 2 or 3 weights and a broadcast in 16 registers; or 3 broadcasts and
 * a weight. Four vectors as one panel make the forward pass faster, but not the
 * others (measured on Zen 5: 3 % at 32 x 64 x 32). */
#define TILE_C_MAX 4
#define TILE_C_USUAL 3
#define TILE_R_MAX(c) ((c) == 4 ? 3 : (c) == 3 ? 4 : (c) == 2 ? 6 : 12)
#define TILE_SHAPES(X) GEMM_R12(X, 1) GEMM_R6(X, 2) GEMM_R4(X, 3)
#define TILE_SHAPES_WIDE(X) GEMM_R3(X, 4)
/* On copies of blocks (kernels/dense_blocked.c): the narrower panel is one cache
 * line wide. */
#define BLOCK_R 6
#define BLOCK_C 2
#define BLOCK_SHAPES(X) GEMM_R6(X, 1) GEMM_R6(X, 2)
#define BLOCK_STEPS 256
#define BLOCK_FROM_WEIGHTS (256 * 256)
#define BLOCK_FROM_ROWS 16
#define BLOCK_FROM_TRANSPOSED (128 * 64)

typedef __m256 vf;
typedef __m256i vu;
typedef __m256 vm;
typedef __m256i vtail;

INLINE vtail v_tail(size_t count) {
  __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), lane);
}
INLINE vf v_zero(void) {
  return _mm256_setzero_ps();
}
INLINE vf v_set1(float x) {
  return _mm256_set1_ps(x);
}
INLINE vf v_load(const float *p) {
  return _mm256_loadu_ps(p);
}
INLINE void v_store(float *p, vf x) {
  _mm256_storeu_ps(p, x);
}
INLINE vf v_load_tail(const float *p, vtail tail) {
  return _mm256_maskload_ps(p, tail);
}
INLINE void v_store_tail(float *p, vf x, vtail tail) {
  _mm256_maskstore_ps(p, tail, x);
}
INLINE vf v_load_short(const float *p, size_t count, vtail tail) {
  if (count == 4) return _mm256_zextps128_ps256(_mm_loadu_ps(p));
  return v_load_tail(p, tail);
}
INLINE void v_store_short(float *p, vf x, size_t count, vtail tail) {
  if (count == 4) {
    _mm_storeu_ps(p, _mm256_castps256_ps128(x));
  } else {
    v_store_tail(p, x, tail);
  }
}
INLINE vf v_fma(vf a, vf b, vf c) {
  return _mm256_fmadd_ps(a, b, c);
}
INLINE vf v_add(vf a, vf b) {
  return _mm256_add_ps(a, b);
}
INLINE vf v_sub(vf a, vf b) {
  return _mm256_sub_ps(a, b);
}
INLINE vf v_mul(vf a, vf b) {
  return _mm256_mul_ps(a, b);
}
INLINE vf v_div(vf a, vf b) {
  return _mm256_div_ps(a, b);
}
INLINE vf v_sqrt(vf a) {
  return _mm256_sqrt_ps(a);
}
INLINE vf v_abs(vf a) {
  return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a);
}
/* MAXPS gives its second operand when neither is greater. */
INLINE vf v_max(vf a, vf b) {
  return _mm256_max_ps(a, b);
}
INLINE vf v_min(vf a, vf b) {
  return _mm256_min_ps(a, b);
}
INLINE vm v_gt(vf a, vf b) {
  return _mm256_cmp_ps(a, b, _CMP_GT_OQ);
}
INLINE vm v_lt(vf a, vf b) {
  return _mm256_cmp_ps(a, b, _CMP_LT_OQ);
}
INLINE vf v_select(vm mask, vf a, vf b) {
  return _mm256_blendv_ps(b, a, mask);
}
INLINE vm v_mask(uint32_t bits) {
  __m256i bit = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  __m256i all = _mm256_set1_epi32((int)bits);
  return _mm256_castsi256_ps(_mm256_cmpeq_epi32(_mm256_and_si256(all, bit), bit));
}

INLINE vu vu_set1(uint32_t x) {
  return _mm256_set1_epi32((int)x);
}
INLINE vu vu_iota(void) {
  return _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
}
INLINE vu vu_add(vu a, vu b) {
  return _mm256_add_epi32(a, b);
}
INLINE vu vu_and(vu a, vu b) {
  return _mm256_and_si256(a, b);
}
INLINE vu vu_high_half(vu a) {
  return _mm256_srli_epi32(a, 16);
}
typedef struct {
  __m256i low, high;
} vw;
INLINE vw vw_from(vu a) {
  return (vw){a, a};
}
INLINE vw vw_mul(vw a, vu b) {
  __m256i even = _mm256_mul_epu32(a.low, b);
  __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(a.low, 32), b);
  return (vw){_mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa),
              _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xaa)};
}
INLINE vw vw_high(vw a) {
  return vw_from(a.high);
}
INLINE vw vw_xor3(vw a, vw b, vu c) {
  return vw_from(_mm256_xor_si256(_mm256_xor_si256(a.low, b.low), c));
}
INLINE vu vw_low(vw a) {
  return a.low;
}
INLINE uint32_t vu_bits_ge(vu a, vu b) {
  __m256i less = _mm256_cmpgt_epi32(b, a);
  return 0xffu & ~(uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(less));
}

INLINE void v_rotate16(vf lanes[2], size_t by) {
  const __m256i from = _mm256_add_epi32(vu_iota(), _mm256_set1_epi32((int)by));
  const __m256 low = _mm256_permutevar8x32_ps(lanes[0], from); /* by the lower three bits */
  const __m256 high = _mm256_permutevar8x32_ps(lanes[1], from);
  const __m256 crossed = _mm256_castsi256_ps(_mm256_slli_epi32(from, 28)); /* bit 3 as sign */
  lanes[0] = _mm256_blendv_ps(low, high, crossed);
  lanes[1] = _mm256_blendv_ps(high, low, crossed);
}
INLINE float v_fold16(const vf sum[2]) {
  __m256 eight = _mm256_add_ps(sum[0], sum[1]);
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
INLINE void v_transpose(vf rows[VW]) {
  __m256 pair[8], quad[8];
  UNROLL for (int i = 0; i < 4; i++) {
    pair[2 * i] = _mm256_unpacklo_ps(rows[2 * i], rows[2 * i + 1]);
    pair[2 * i + 1] = _mm256_unpackhi_ps(rows[2 * i], rows[2 * i + 1]);
  }
  UNROLL for (int half = 0; half < 2; half++) {
    const __m256 *p = pair + 4 * half;
    quad[4 * half] = _mm256_shuffle_ps(p[0], p[2], 0x44);
    quad[4 * half + 1] = _mm256_shuffle_ps(p[0], p[2], 0xee);
    quad[4 * half + 2] = _mm256_shuffle_ps(p[1], p[3], 0x44);
    quad[4 * half + 3] = _mm256_shuffle_ps(p[1], p[3], 0xee);
  }
  UNROLL for (int i = 0; i < 4; i++) {
    rows[i] = _mm256_permute2f128_ps(quad[i], quad[4 + i], 0x20);
    rows[4 + i] = _mm256_permute2f128_ps(quad[i], quad[4 + i], 0x31);
  }
}

#endif
