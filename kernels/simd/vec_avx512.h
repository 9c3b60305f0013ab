/* Vocabulary: AVX-512 F, VL, DQ and BW, 16 floats a vector, 32 registers. */
#ifndef CROSSLANE_KERNELS_SIMD_VEC_AVX512_H
#define CROSSLANE_KERNELS_SIMD_VEC_AVX512_H

#include <immintrin.h>

#define VW 16
/* 24 sums, up to 4 weights, a broadcast in 32 registers; 16 sums are enough
 * to hide the latency of two FMA ports with one vector a row. */
#define TILE_C_MAX 4
#define TILE_C_USUAL 4
#define TILE_R_MAX(c) ((c) == 4 ? 6 : (c) == 3 ? 8 : (c) == 2 ? 12 : 16)
#define TILE_SHAPES(X) GEMM_R16(X, 1) GEMM_R12(X, 2) GEMM_R8(X, 3) GEMM_R6(X, 4)
#define TILE_SHAPES_WIDE(X)
/* On copies of blocks (kernels/dense_blocked.c). Measured on Zen 4, direct and
 * blocked are equally fast at layers of 512 x 512. */
#define BLOCK_R 6
#define BLOCK_C 4
#define BLOCK_SHAPES(X) GEMM_R6(X, 1) GEMM_R6(X, 2) GEMM_R6(X, 3) GEMM_R6(X, 4)
#define BLOCK_STEPS 512
#define BLOCK_FROM_WEIGHTS (512 * 512)
#define BLOCK_FROM_ROWS 64
#define BLOCK_FROM_TRANSPOSED (128 * 64)

/* Half a vector: rows of 8 floats, without masks, whose stores a load of the
 * same row cannot be served from. */
#define V_HALF 8
typedef __m256 vh;
INLINE vh vh_zero(void) {
  return _mm256_setzero_ps();
}
INLINE vh vh_set1(float x) {
  return _mm256_set1_ps(x);
}
INLINE vh vh_load(const float *p) {
  return _mm256_loadu_ps(p);
}
INLINE void vh_store(float *p, vh x) {
  _mm256_storeu_ps(p, x);
}
INLINE vh vh_add(vh a, vh b) {
  return _mm256_add_ps(a, b);
}
INLINE vh vh_mul(vh a, vh b) {
  return _mm256_mul_ps(a, b);
}
INLINE vh vh_fma(vh a, vh b, vh c) {
  return _mm256_fmadd_ps(a, b, c);
}

typedef __m512 vf;
typedef __m512i vu;
typedef __mmask16 vm;
typedef __mmask16 vtail;

INLINE vtail v_tail(size_t count) {
  return (vtail)((1u << count) - 1u);
}
INLINE vf v_zero(void) {
  return _mm512_setzero_ps();
}
INLINE vf v_set1(float x) {
  return _mm512_set1_ps(x);
}
INLINE vf v_load(const float *p) {
  return _mm512_loadu_ps(p);
}
INLINE void v_store(float *p, vf x) {
  _mm512_storeu_ps(p, x);
}
INLINE vf v_load_tail(const float *p, vtail tail) {
  return _mm512_maskz_loadu_ps(tail, p);
}
INLINE void v_store_tail(float *p, vf x, vtail tail) {
  _mm512_mask_storeu_ps(p, tail, x);
}
INLINE vf v_load_short(const float *p, size_t count, vtail tail) {
  if (count == 8) return _mm512_zextps256_ps512(_mm256_loadu_ps(p));
  if (count == 4) return _mm512_zextps128_ps512(_mm_loadu_ps(p));
  return v_load_tail(p, tail);
}
INLINE void v_store_short(float *p, vf x, size_t count, vtail tail) {
  if (count == 8) {
    _mm256_storeu_ps(p, _mm512_castps512_ps256(x));
  } else if (count == 4) {
    _mm_storeu_ps(p, _mm512_castps512_ps128(x));
  } else {
    v_store_tail(p, x, tail);
  }
}
INLINE vf v_fma(vf a, vf b, vf c) {
  return _mm512_fmadd_ps(a, b, c);
}
/* The lower half of a vector alone: what is in the upper one does not matter. */
INLINE vf v_load_half(const float *p, vtail tail) {
  return _mm512_castps256_ps512(_mm256_maskz_loadu_ps((__mmask8)tail, p));
}
INLINE vf v_fma_half(vf a, vf b, vf c) {
  return _mm512_castps256_ps512(_mm256_fmadd_ps(
      _mm512_castps512_ps256(a), _mm512_castps512_ps256(b), _mm512_castps512_ps256(c)));
}
INLINE vf v_add(vf a, vf b) {
  return _mm512_add_ps(a, b);
}
INLINE vf v_sub(vf a, vf b) {
  return _mm512_sub_ps(a, b);
}
INLINE vf v_mul(vf a, vf b) {
  return _mm512_mul_ps(a, b);
}
INLINE vf v_div(vf a, vf b) {
  return _mm512_div_ps(a, b);
}
INLINE vf v_sqrt(vf a) {
  return _mm512_sqrt_ps(a);
}
INLINE vf v_abs(vf a) {
  return _mm512_abs_ps(a);
}
INLINE vf v_max(vf a, vf b) {
  return _mm512_max_ps(a, b);
}
INLINE vf v_min(vf a, vf b) {
  return _mm512_min_ps(a, b);
}
INLINE vm v_gt(vf a, vf b) {
  return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ);
}
INLINE vm v_lt(vf a, vf b) {
  return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ);
}
INLINE vf v_select(vm mask, vf a, vf b) {
  return _mm512_mask_blend_ps(mask, b, a);
}
INLINE vm v_mask(uint32_t bits) {
  return (vm)bits;
}

INLINE vu vu_set1(uint32_t x) {
  return _mm512_set1_epi32((int)x);
}
INLINE vu vu_iota(void) {
  return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
INLINE vu vu_add(vu a, vu b) {
  return _mm512_add_epi32(a, b);
}
INLINE vu vu_and(vu a, vu b) {
  return _mm512_and_si512(a, b);
}
INLINE vu vu_high_half(vu a) {
  return _mm512_srli_epi32(a, 16);
}
/* The multiplier reads the lower halves alone: what the upper ones hold is left. */
typedef struct {
  __m512i even, odd; /* lanes */
} vw;
INLINE vw vw_from(vu a) {
  return (vw){a, _mm512_srli_epi64(a, 32)};
}
INLINE vw vw_mul(vw a, vu b) {
  return (vw){_mm512_mul_epu32(a.even, b), _mm512_mul_epu32(a.odd, b)};
}
/* By a shuffle, which does not wait for the multiplier's port. */
INLINE vw vw_high(vw a) {
  return (vw){_mm512_shuffle_epi32(a.even, 0xf5), _mm512_shuffle_epi32(a.odd, 0xf5)};
}
INLINE vw vw_xor3(vw a, vw b, vu c) {
  return (vw){_mm512_ternarylogic_epi32(a.even, b.even, c, 0x96),
              _mm512_ternarylogic_epi32(a.odd, b.odd, c, 0x96)};
}
INLINE vu vw_low(vw a) {
  return _mm512_mask_shuffle_epi32(a.even, 0xaaaa, a.odd, 0xa0);
}
INLINE uint32_t vu_bits_ge(vu a, vu b) {
  return _mm512_cmpge_epu32_mask(a, b);
}

INLINE void v_rotate16(vf lanes[1], size_t by) {
  const __m512i from = _mm512_add_epi32(vu_iota(), _mm512_set1_epi32((int)by));
  lanes[0] = _mm512_permutexvar_ps(from, lanes[0]); /* by the lower four bits */
}
INLINE float v_fold16(const vf sum[1]) {
  __m256 low = _mm512_castps512_ps256(sum[0]);
  __m256 eight = _mm256_add_ps(low, _mm512_extractf32x8_ps(sum[0], 1));
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
/* Within each 128-bit part a 4 by 4 transpose, then of the parts themselves. */
INLINE void v_transpose(vf rows[VW]) {
  __m512 quad[16];
  UNROLL for (int group = 0; group < 4; group++) {
    const __m512 *r = rows + 4 * group;
    __m512 a = _mm512_unpacklo_ps(r[0], r[1]), b = _mm512_unpackhi_ps(r[0], r[1]);
    __m512 c = _mm512_unpacklo_ps(r[2], r[3]), d = _mm512_unpackhi_ps(r[2], r[3]);
    quad[4 * group] = _mm512_shuffle_ps(a, c, 0x44);
    quad[4 * group + 1] = _mm512_shuffle_ps(a, c, 0xee);
    quad[4 * group + 2] = _mm512_shuffle_ps(b, d, 0x44);
    quad[4 * group + 3] = _mm512_shuffle_ps(b, d, 0xee);
  }
  UNROLL for (int i = 0; i < 4; i++) {
    __m512 a = _mm512_shuffle_f32x4(quad[i], quad[4 + i], 0x88);
    __m512 b = _mm512_shuffle_f32x4(quad[8 + i], quad[12 + i], 0x88);
    __m512 c = _mm512_shuffle_f32x4(quad[i], quad[4 + i], 0xdd);
    __m512 d = _mm512_shuffle_f32x4(quad[8 + i], quad[12 + i], 0xdd);
    rows[i] = _mm512_shuffle_f32x4(a, b, 0x88);
    rows[4 + i] = _mm512_shuffle_f32x4(c, d, 0x88);
    rows[8 + i] = _mm512_shuffle_f32x4(a, b, 0xdd);
    rows[12 + i] = _mm512_shuffle_f32x4(c, d, 0xdd);
  }
}

#endif
