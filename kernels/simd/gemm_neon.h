/* The reduction of kernels/simd/gemm.h for AArch64, which has a multiply-add that
 * takes one lane of a vector for all: a load of 4 of a's floats stands for 4
 * broadcasts. Each of those would be one of the 3 to 6 instructions that a
 * core starts in a cycle, and the multiply-adds alone need 2 to 4 of them.
 *
 * a by rows: a load holds 4 steps of a row, so R loads of a and 4 C of b for
 * 4 R C multiply-adds. a by columns: it holds 4 rows of a step. Every sum is
 * the same chain in ascending steps.
 *
 * Weights one at a time: R * C sums, R loads of a and one weight are what the
 * registers hold (TILE_R_MAX). The order of loads and multiply-adds must stay
 * as it is written (kernels/meson.build), or sums are spilled in every step. */
#ifndef CROSSLANE_KERNELS_SIMD_GEMM_NEON_H
#define CROSSLANE_KERNELS_SIMD_GEMM_NEON_H

enum { GEMM_ROWS_MAX = 15, GEMM_LOADS_MAX = 4 };

#if defined(__clang__)
#define UNROLL_2 _Pragma("clang loop unroll_count(2)")
#else
#define UNROLL_2 _Pragma("GCC unroll 2")
#endif

/* How the last, partial vector of a row of b is loaded: found before the reduction,
 * so that no step of it has a branch. Beside whole vectors it is a whole one too,
 * which ends with the row; its floats are moved down and zeros follow. Alone it is
 * three loads of a lane, of which those of absent columns take the first one again:
 * nobody stores what becomes of them. */
struct gemm_last {
  size_t back, second, third; /* floats */
  uint8x16_t moved;
};

INLINE struct gemm_last gemm_last_of(vtail tail) {
  const uint8x16_t bytes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const size_t back = VW - (size_t)tail;
  return (struct gemm_last){.back = back,
                            .second = tail > 1 ? 1 : 0,
                            .third = tail > 2 ? 2 : 0,
                            .moved = vaddq_u8(bytes, vdupq_n_u8((uint8_t)(back * sizeof(float))))};
}

INLINE vf gemm_last_load(const float *p, const int C, const struct gemm_last *last) {
  if (C > 1) {
    const vf x = v_load(p - last->back);
    return vreinterpretq_f32_u8(vqtbl1q_u8(vreinterpretq_u8_f32(x), last->moved));
  }
  vf x = vld1q_dup_f32(p);
  x = vld1q_lane_f32(p + last->second, x, 1);
  return vld1q_lane_f32(p + last->third, x, 2);
}

INLINE vf gemm_load(const float *b, const int c, const int C, const bool partial,
                    const struct gemm_last *last) {
  const float *p = b + c * VW;
  return partial && c == C - 1 ? gemm_last_load(p, C, last) : v_load(p);
}

INLINE void gemm_rows(const float *a, const float *b, const struct gemm *g, const int R,
                      const int C, const bool partial, vtail tail, vf *sum) {
  const size_t steps = g->steps, b_ld = g->b_ld, a_ld = g->a_ld;
  const struct gemm_last last = gemm_last_of(tail);
  const float *row[GEMM_ROWS_MAX];
  UNROLL for (int r = 0; r < R; r++) row[r] = r == 0 ? a : row[r - 1] + a_ld;
  size_t s = 0;
  for (; s + VW <= steps; s += VW) {
    vf x[GEMM_ROWS_MAX];
    UNROLL for (int r = 0; r < R; r++) x[r] = v_load(row[r] + s);
    UNROLL for (int lane = 0; lane < VW; lane++) {
      UNROLL for (int c = 0; c < C; c++) {
        vf weight = gemm_load(b, c, C, partial, &last);
        UNROLL for (int r = 0; r < R; r++) {
          sum[r * C + c] = v_fma(v_set1(x[r][lane]), weight, sum[r * C + c]);
        }
      }
      b += b_ld;
    }
  }
  for (; s < steps; s++) {
    UNROLL for (int c = 0; c < C; c++) {
      vf weight = gemm_load(b, c, C, partial, &last);
      UNROLL for (int r = 0; r < R; r++) {
        sum[r * C + c] = v_fma(v_set1(row[r][s]), weight, sum[r * C + c]);
      }
    }
    b += b_ld;
  }
}

/* The last load ends with the tile's last row, so that nothing after it is
 * read: it holds some rows of the load before it again. */
INLINE void gemm_columns(const float *a, const float *b, const struct gemm *g, const int rows,
                         const int C, const bool partial, const bool ones, vtail tail, vf *sum) {
  const size_t b_ld = g->b_ld, a_ld = g->a_ld;
  const struct gemm_last last = gemm_last_of(tail);
  const int R = ones ? rows - 1 : rows, loads = (R + VW - 1) / VW;
  UNROLL_2 for (size_t s = g->steps; s > 0; s--) {
    vf x[GEMM_LOADS_MAX];
    UNROLL for (int i = 0; i < loads; i++) {
      const int first = R < VW || i + 1 < loads ? i * VW : R - VW;
      x[i] = v_load_upto(a + first, R < VW, R);
    }
    UNROLL for (int c = 0; c < C; c++) {
      vf weight = gemm_load(b, c, C, partial, &last);
      UNROLL for (int r = 0; r < R; r++) {
        const bool final = R >= VW && r / VW == loads - 1;
        const int lane = final ? r - (R - VW) : r % VW;
        sum[r * C + c] = v_fma(v_set1(x[r / VW][lane]), weight, sum[r * C + c]);
      }
      if (ones) sum[R * C + c] = v_add(sum[R * C + c], weight);
    }
    a += a_ld;
    b += b_ld;
  }
}

INLINE void gemm_accumulate(const float *a, const float *b, const struct gemm *g, const int R,
                            const int C, const enum gemm_layout layout, const int end,
                            const bool ones, vtail tail, vf *sum) {
  const bool partial = end != GEMM_WHOLE;
  if (layout == GEMM_ROWS) {
    gemm_rows(a, b, g, R, C, partial, tail, sum);
  } else {
    gemm_columns(a, b, g, R, C, partial, ones, tail, sum);
  }
}

#endif
