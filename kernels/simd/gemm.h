/* The register tile: R rows by C vectors of outputs, held in registers over
 * the whole reduction.
 *
 *   out[i][j] = chain over s ascending of fma(a[i][s], b[s][j], .)
 *
 * Each output is one chain, so neither the tile's shape nor the vector's width
 * changes a rounding. For each step: C loads of b, R broadcasts of a, R * C
 * multiply-adds; R * C of 12 or more hides the latency of two FMA ports (4
 * cycles each), and the sums, the shorter side (C vectors of b or R broadcasts)
 * and one of the longer fill the registers (TILE_R_MAX of each vocabulary).
 *
 * A kernel gives each tile its start values, calls gemm_accumulate, and stores
 * the sums through its epilogue while they are still in registers. */
#ifndef CROSSLANE_KERNELS_SIMD_GEMM_H
#define CROSSLANE_KERNELS_SIMD_GEMM_H

#include "kernels/simd/vec.h"

/* Where a's rows and steps lie. */
enum gemm_layout {
  GEMM_ROWS,   /* a[i][s] at a[i * a_ld + s]: a row is one output row's input */
  GEMM_COLUMNS /* a[i][s] at a[s * a_ld + i]: the transpose, without moving it */
};

/* The steps of a reduction, and the distances between rows. */
struct gemm {
  size_t steps, a_ld, b_ld;
};

/* Three rows share a base pointer: an x86 address is base + {0, 1, 2} times
 * the row distance, so 12 rows need 4 bases and one distance register. */
enum { GEMM_ROWS_A_BASE = 3, GEMM_BASES_MAX = 6, GEMM_SUMS_MAX = 24 };

/* How much of a panel's last vector there is. GEMM_HALF: no more than half of it,
 * so that half a register does, and half a multiply-add where cores split wide
 * ones. Where V_HALF is 0 it does not occur. */
enum { GEMM_WHOLE, GEMM_PARTIAL, GEMM_HALF, GEMM_ENDS = V_HALF > 0 ? 3 : 2 };

/* Adds the whole reduction to the tile's sums. R, C, layout, end and ones
 * are constants after inlining; `end` says how much of the last vector there
 * is, which `tail` cuts off, `ones` that the tile's last row of a is not in memory: all ones,
 * so that its outputs are b's column sums. `a` is the tile's first row, `b` its
 * first column. */
#if defined(KERNEL_NEON)
#include "kernels/simd/gemm_neon.h"
#else
INLINE const float *gemm_input(const float *const *base, size_t distance,
                               const enum gemm_layout layout, const int r) {
  if (layout == GEMM_COLUMNS) return base[0] + r;
  return base[r / GEMM_ROWS_A_BASE] + (size_t)(r % GEMM_ROWS_A_BASE) * distance;
}

INLINE vf gemm_weight(const float *p, const int end, vtail tail) {
  if (end == GEMM_HALF) return v_load_half(p, tail);
  return v_load_upto(p, end == GEMM_PARTIAL, tail);
}

INLINE vf gemm_fma(vf a, vf b, vf c, const bool half) {
  return half ? v_fma_half(a, b, c) : v_fma(a, b, c);
}

/* A step of a tile at least as high as wide: the vectors of b are held. */
INLINE void gemm_step_high(const float *const *base, size_t distance, const enum gemm_layout layout,
                           const float *b, const int rows, const int C, const int end,
                           const bool ones, vtail tail, vf *sum) {
  vf weight[TILE_C_MAX];
  UNROLL for (int c = 0; c < C; c++) {
    weight[c] = gemm_weight(b + c * VW, c == C - 1 ? end : GEMM_WHOLE, tail);
  }
  UNROLL for (int r = 0; r < rows; r++) {
    vf x = v_set1(*gemm_input(base, distance, layout, r));
    UNROLL for (int c = 0; c < C; c++) sum[r * C + c] =
        gemm_fma(x, weight[c], sum[r * C + c], end == GEMM_HALF && c == C - 1);
  }
  if (!ones) return;
  UNROLL for (int c = 0; c < C; c++) sum[rows * C + c] = v_add(sum[rows * C + c], weight[c]);
}

/* A step of a wider one: the broadcasts of a are held. */
INLINE void gemm_step_wide(const float *const *base, size_t distance, const enum gemm_layout layout,
                           const float *b, const int rows, const int C, const int end,
                           const bool ones, vtail tail, vf *sum) {
  vf x[TILE_C_MAX];
  UNROLL for (int r = 0; r < rows; r++) x[r] = v_set1(*gemm_input(base, distance, layout, r));
  UNROLL for (int c = 0; c < C; c++) {
    vf weight = gemm_weight(b + c * VW, c == C - 1 ? end : GEMM_WHOLE, tail);
    UNROLL for (int r = 0; r < rows; r++) sum[r * C + c] =
        gemm_fma(x[r], weight, sum[r * C + c], end == GEMM_HALF && c == C - 1);
    if (ones) sum[rows * C + c] = v_add(sum[rows * C + c], weight);
  }
}

INLINE void gemm_accumulate(const float *a, const float *b, const struct gemm *g, const int R,
                            const int C, const enum gemm_layout layout, const int end,
                            const bool ones, vtail tail, vf *sum) {
  const int rows = ones ? R - 1 : R;
  const size_t steps = g->steps, b_ld = g->b_ld;
  const size_t step = layout == GEMM_ROWS ? 1 : g->a_ld;
  const size_t distance = layout == GEMM_ROWS ? g->a_ld : 1;
  const int bases = layout == GEMM_ROWS ? (rows + GEMM_ROWS_A_BASE - 1) / GEMM_ROWS_A_BASE : 1;
  const float *base[GEMM_BASES_MAX];
  UNROLL for (int i = 0; i < bases; i++) {
    base[i] = i == 0 ? a : base[i - 1] + GEMM_ROWS_A_BASE * distance;
  }
  for (size_t s = 0; s < steps; s++) {
    if (R >= C) {
      gemm_step_high(base, distance, layout, b, rows, C, end, ones, tail, sum);
    } else {
      gemm_step_wide(base, distance, layout, b, rows, C, end, ones, tail, sum);
    }
    UNROLL for (int i = 0; i < bases; i++) base[i] += step;
    b += b_ld;
  }
}
#endif

/* Tiles of the same height, `tiles` of them one below the other from `row`, in
 * the columns from `column`. `arguments` are the kernel's: handed over in
 * registers and read where they are needed, a call costs a few dozen cycles
 * less than with a copy, and a call is all that a small layer is. */
typedef void gemm_strip(const void *arguments, size_t row, size_t tiles, size_t column, vtail tail);

/* strips[end][c][r] computes tiles of r rows and c vectors. */
enum { GEMM_R_SLOTS = 17, GEMM_C_SLOTS = 5 };
typedef gemm_strip *const gemm_strips[GEMM_ENDS][GEMM_C_SLOTS][GEMM_R_SLOTS];

/* How many of the vectors that are left a panel takes: all, where a tile is so
 * wide; one more than TILE_C_USUAL are 3 + 2, not 4 + 1, since a tile of one
 * vector loads most. `widest` is TILE_C_MAX or TILE_C_USUAL. */
INLINE size_t gemm_panel(size_t left, const size_t widest) {
  if (left <= widest) return left;
  return left == TILE_C_USUAL + 1 ? TILE_C_USUAL - 1 : TILE_C_USUAL;
}

/* A panel's strips: rows by as few tiles as there must be, of two heights that
 * differ by one, so that no last tile is too low to hide the latency. C is a
 * constant, so that only uneven heights cost a division. */
INLINE void gemm_strips_of(uint32_t rows, const int C, int end, size_t column, vtail tail,
                           const void *arguments, const gemm_strips strips,
                           const gemm_strips last) {
  const uint32_t most = TILE_R_MAX(C), count = (rows + most - 1) / most;
  if (last == NULL && count * most == rows) {
    strips[end][C][most](arguments, 0, count, column, tail);
    return;
  }
  const uint32_t low = rows / count, higher = rows - low * count;
  const uint32_t lower = count - higher - (last != NULL ? 1 : 0);
  const size_t row = (size_t)higher * (low + 1);
  if (higher > 0) strips[end][C][low + 1](arguments, 0, higher, column, tail);
  if (lower > 0) strips[end][C][low](arguments, row, lower, column, tail);
  if (last != NULL) last[end][C][low](arguments, rows - low, 1, column, tail);
}

INLINE void gemm_run_panel(uint32_t rows, size_t c, int end, size_t column, vtail tail,
                           const void *arguments, const gemm_strips strips,
                           const gemm_strips last) {
  switch (c) {
    case 1:
      gemm_strips_of(rows, 1, end, column, tail, arguments, strips, last);
      break;
    case 2:
      gemm_strips_of(rows, 2, end, column, tail, arguments, strips, last);
      break;
    case 3:
      gemm_strips_of(rows, 3, end, column, tail, arguments, strips, last);
      break;
    default:
      gemm_strips_of(rows, 4, end, column, tail, arguments, strips, last);
      break;
  }
}

/* Of a row of outputs whose last vector holds `rest`, or all where that is 0. */
INLINE int gemm_end(size_t rest) {
  if (rest == 0) return GEMM_WHOLE;
  return rest <= V_HALF ? GEMM_HALF : GEMM_PARTIAL;
}

static NOINLINE void gemm_run_panels(uint32_t rows, size_t n, const void *arguments,
                                     const gemm_strips strips, const gemm_strips last,
                                     size_t widest) {
  const size_t vectors = (n + VW - 1) / VW, rest = n % VW;
  const vtail tail = v_tail(rest);
  for (size_t v = 0, c; v < vectors; v += c) {
    c = gemm_panel(vectors - v, widest);
    const int end = v + c == vectors ? gemm_end(rest) : GEMM_WHOLE;
    gemm_run_panel(rows, c, end, v * VW, tail, arguments, strips, last);
  }
}

/* A tile's whole job: m rows by n columns in panels of tiles. `last`, unless
 * NULL, computes the last tile of each panel. One panel alone goes straight to
 * its strips: a small layer's cost is the instructions around its tiles. */
INLINE void gemm_run(size_t m, size_t n, const void *arguments, const gemm_strips strips,
                     const gemm_strips last, const size_t widest) {
  const uint32_t rows = (uint32_t)m;
  if (rows == 0 || n == 0) return;
  if (n <= widest * VW) {
    const size_t rest = n % VW;
    gemm_run_panel(rows, (n + VW - 1) / VW, gemm_end(rest), 0, v_tail(rest), arguments, strips,
                   last);
  } else {
    gemm_run_panels(rows, n, arguments, strips, last, widest);
  }
}

/* X(R, C) for rows 1 to R; a vocabulary's TILE_SHAPES is made of these. */
#define GEMM_R3(X, C) X(1, C) X(2, C) X(3, C)
#define GEMM_R4(X, C) GEMM_R3(X, C) X(4, C)
#define GEMM_R6(X, C) GEMM_R4(X, C) X(5, C) X(6, C)
#define GEMM_R8(X, C) GEMM_R6(X, C) X(7, C) X(8, C)
#define GEMM_R12(X, C) GEMM_R8(X, C) X(9, C) X(10, C) X(11, C) X(12, C)
#define GEMM_R16(X, C) GEMM_R12(X, C) X(13, C) X(14, C) X(15, C) X(16, C)

#endif
