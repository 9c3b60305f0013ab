/* The register tile: R rows by C vectors of outputs, held in registers over
 * the whole reduction.
 *
 *   out[i][j] = chain over s ascending of fma(a[i][s], b[s][j], .)
 *
 * Each output is one chain, so neither the tile's shape nor the vector's width
 * changes a rounding. For each step: C loads of b, R broadcasts of a, R * C
 * multiply-adds; R * C of 12 or more hides the latency of two FMA ports (4
 * cycles each), and the sums, the C vectors of b and one broadcast fill the
 * registers (TILE_R_MAX of each vocabulary).
 *
 * A kernel gives each tile its start values, calls gemm_accumulate, and stores
 * the sums through its epilogue while they are still in registers. */
#ifndef CROSSLANE_KERNELS_GEMM_H
#define CROSSLANE_KERNELS_GEMM_H

#include "kernels/vec.h"

/* Where a's rows and steps lie. */
enum gemm_layout {
  GEMM_ROWS,   /* a[i][s] at a[i * a_ld + s]: a row is one output row's input */
  GEMM_COLUMNS /* a[i][s] at a[s * a_ld + i]: the transpose, without moving it */
};

struct gemm {
  size_t rows, columns, steps;
  const float *a, *b;
  size_t a_ld, b_ld;
  float *out;
  size_t out_ld;
};

/* Three rows share a base pointer: an x86 address is base + {0, 1, 2} times
 * the row distance, so 12 rows need 4 bases and one distance register. */
enum { GEMM_ROWS_A_BASE = 3, GEMM_BASES_MAX = 6, GEMM_SUMS_MAX = 24 };

/* Adds the whole reduction to the tile's sums. R, C, layout and partial are
 * constants after inlining; `partial` says that the last vector is cut off by
 * `tail`. `a` is the tile's first row, `b` its first column. */
#if defined(KERNEL_NEON)
#include "kernels/gemm_neon.h"
#else
INLINE void gemm_accumulate(const float *a, const float *b, const struct gemm *g, const int R,
                            const int C, const enum gemm_layout layout, const bool partial,
                            vtail tail, vf *sum) {
  const size_t steps = g->steps, b_ld = g->b_ld;
  const size_t step = layout == GEMM_ROWS ? 1 : g->a_ld;
  const size_t distance = layout == GEMM_ROWS ? g->a_ld : 1;
  const int bases = layout == GEMM_ROWS ? (R + GEMM_ROWS_A_BASE - 1) / GEMM_ROWS_A_BASE : 1;
  const float *base[GEMM_BASES_MAX];
  UNROLL for (int i = 0; i < bases; i++) {
    base[i] = i == 0 ? a : base[i - 1] + GEMM_ROWS_A_BASE * distance;
  }
  for (size_t s = 0; s < steps; s++) {
    vf weight[TILE_C_MAX];
    UNROLL for (int c = 0; c < C; c++) {
      weight[c] = v_load_upto(b + c * VW, partial && c == C - 1, tail);
    }
    UNROLL for (int r = 0; r < R; r++) {
      const float *at = layout == GEMM_ROWS
                            ? base[r / GEMM_ROWS_A_BASE] + (size_t)(r % GEMM_ROWS_A_BASE) * distance
                            : base[0] + r;
      vf x = v_set1(*at);
      UNROLL for (int c = 0; c < C; c++) {
        sum[r * C + c] = v_fma(x, weight[c], sum[r * C + c]);
      }
    }
    UNROLL for (int i = 0; i < bases; i++) base[i] += step;
    b += b_ld;
  }
}
#endif

/* `tiles` tiles of the same height, one below the other, in the columns from
 * `column`. */
struct gemm_strip {
  size_t row, tiles, column;
  vtail tail;
};
typedef void gemm_tile(const struct gemm *g, const void *extra, const struct gemm_strip *strip);

/* tiles[partial][c][r] computes tiles of r rows and c vectors. */
enum { GEMM_R_SLOTS = 17, GEMM_C_SLOTS = 5 };
typedef gemm_tile *const gemm_tiles[2][GEMM_C_SLOTS][GEMM_R_SLOTS];

/* Five vectors are 3 + 2, not 4 + 1: a tile of one vector loads most. */
INLINE size_t gemm_panel(size_t vectors) {
  if (vectors == TILE_C_MAX + 1 && TILE_C_MAX > 2) return TILE_C_MAX - 1;
  return vectors < TILE_C_MAX ? vectors : TILE_C_MAX;
}

/* Columns by panels of at most TILE_C_MAX vectors; rows by as few tiles as
 * there must be, of two heights that differ by one, so that no last tile is
 * too low to hide the latency. */
INLINE void gemm_run(const struct gemm *g, const void *extra, const gemm_tiles tiles) {
  const uint32_t rows = (uint32_t)g->rows;
  const size_t vectors = (g->columns + VW - 1) / VW, rest = g->columns % VW;
  if (rows == 0) return;
  struct gemm_strip strip = {.tail = v_tail(rest)};
  for (size_t v = 0; v < vectors;) {
    size_t c = gemm_panel(vectors - v);
    bool partial = v + c == vectors && rest != 0;
    uint32_t most = (uint32_t)TILE_R_MAX(c);
    uint32_t count = (rows + most - 1) / most;
    uint32_t low = rows / count, higher = rows % count;
    strip.column = v * VW;
    strip.row = 0;
    strip.tiles = higher;
    if (higher > 0) tiles[partial][c][low + 1](g, extra, &strip);
    strip.row = (size_t)higher * (low + 1);
    strip.tiles = count - higher;
    tiles[partial][c][low](g, extra, &strip);
    v += c;
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
