/* Dense layers, forward and backward, on one register tile (kernels/gemm.h):
 *
 *   y  (m,n) = x (m,k) w (k,n)       a = x by rows,     b = w
 *   dx (m,k) = dy (m,n) wt (n,k)     a = dy by rows,    b = wt
 *   dw (k,n) = x (m,k)^T dy (m,n)    a = x by columns,  b = dy */
#include "kernels/declare.h"
#include "kernels/gemm.h"

/* Operands are read into locals first: for the compiler a vector store may
 * change anything else. */

INLINE void store_tile(float *out, size_t ld, const vf *sum, const int R, const int C,
                       const bool partial, vtail tail) {
  UNROLL for (int r = 0; r < R; r++) {
    UNROLL for (int c = 0; c < C; c++) {
      v_store_upto(out + c * VW, sum[r * C + c], partial && c == C - 1, tail);
    }
    out += ld;
  }
}

/* --- forward --- */

/* The bits of VW outputs from `column`, in the lowest ones. Little-endian, as
 * all machines that Crosslane knows. */
INLINE uint32_t keep_bits(const uint16_t *keep, size_t column) {
  if (VW == 16) return keep[column / KEEP_GROUP];
  if (VW == 8) return ((const uint8_t *)keep)[column / 8];
  return (uint32_t)keep[column / KEEP_GROUP] >> column % KEEP_GROUP;
}

INLINE void drop_tile(const uint16_t *keep, size_t ld, size_t column, vf scale, const int R,
                      const int C, vf *sum) {
  UNROLL for (int r = 0; r < R; r++) {
    UNROLL for (int c = 0; c < C; c++) {
      vm kept = v_mask(keep_bits(keep, column + (size_t)c * VW));
      sum[r * C + c] = v_select(kept, v_mul(sum[r * C + c], scale), v_zero());
    }
    keep += ld;
  }
}

/* The bias is added last: the additions run beside the next tile's
 * multiply-adds, while 24 registers set to it before cost a cycle each.
 * `drop` is a constant too: the tiles without dropout are to have nothing of
 * its addresses in their registers. */
INLINE void forward_tiles_of(const struct gemm *g, const struct dense_forward *f,
                             const struct gemm_strip *strip, const int R, const int C,
                             const bool partial, const bool drop) {
  const size_t column = strip->column, a_ld = g->a_ld, out_ld = g->out_ld;
  const vtail tail = strip->tail;
  const bool relu = f->activation == ACTIVATION_RELU;
  const float *bias = f->bias + column, *a = g->a + strip->row * a_ld, *b = g->b + column;
  float *out = g->out + strip->row * out_ld + column;
  const uint16_t *keep = drop ? f->keep + strip->row * f->keep_ld : NULL;
  for (size_t t = strip->tiles; t > 0; t--) {
    vf sum[GEMM_SUMS_MAX];
    UNROLL for (int i = 0; i < R * C; i++) sum[i] = v_zero();
    gemm_accumulate(a, b, g, R, C, GEMM_ROWS, partial, tail, sum);
    UNROLL for (int c = 0; c < C; c++) {
      vf by = v_load_upto(bias + c * VW, partial && c == C - 1, tail);
      UNROLL for (int r = 0; r < R; r++) sum[r * C + c] = v_add(sum[r * C + c], by);
    }
    if (relu) {
      UNROLL for (int i = 0; i < R * C; i++) sum[i] = v_max(sum[i], v_zero());
    }
    if (drop) {
      drop_tile(keep, f->keep_ld, column, v_set1(f->keep_scale), R, C, sum);
      keep += (size_t)R * f->keep_ld;
    }
    store_tile(out, out_ld, sum, R, C, partial, tail);
    a += (size_t)R * a_ld;
    out += (size_t)R * out_ld;
  }
}

INLINE void dropping_tiles_of(const struct gemm *g, const struct dense_forward *f,
                              const struct gemm_strip *strip, const int R, const int C,
                              const bool partial) {
  forward_tiles_of(g, f, strip, R, C, partial, true);
}

INLINE void plain_tiles_of(const struct gemm *g, const struct dense_forward *f,
                           const struct gemm_strip *strip, const int R, const int C,
                           const bool partial) {
  forward_tiles_of(g, f, strip, R, C, partial, false);
}

/* --- backward: data --- */

INLINE void gate_tile(const float *gate, size_t ld, vf scale, const int R, const int C,
                      const bool partial, vtail tail, vf *sum) {
  UNROLL for (int r = 0; r < R; r++) {
    UNROLL for (int c = 0; c < C; c++) {
      vf y = v_load_upto(gate + c * VW, partial && c == C - 1, tail);
      vf dx = v_mul(sum[r * C + c], scale);
      sum[r * C + c] = v_select(v_gt(y, v_zero()), dx, v_zero());
    }
    gate += ld;
  }
}

INLINE void factor_tile(const float *factor, size_t ld, const int R, const int C,
                        const bool partial, vtail tail, vf *sum) {
  UNROLL for (int r = 0; r < R; r++) {
    UNROLL for (int c = 0; c < C; c++) {
      vf by = v_load_upto(factor + c * VW, partial && c == C - 1, tail);
      sum[r * C + c] = v_mul(sum[r * C + c], by);
    }
    factor += ld;
  }
}

INLINE void data_tiles_of(const struct gemm *g, const struct dense_backward_data *d,
                          const struct gemm_strip *strip, const int R, const int C,
                          const bool partial) {
  const size_t column = strip->column, a_ld = g->a_ld, out_ld = g->out_ld, gate_ld = d->gate_ld;
  const vtail tail = strip->tail;
  const bool gated = d->gate != NULL, factored = d->factor != NULL;
  const vf scale = v_set1(d->gate_scale);
  const float *a = g->a + strip->row * a_ld, *b = g->b + column;
  const float *gate = gated ? d->gate + strip->row * gate_ld + column : NULL;
  const float *factor = factored ? d->factor + strip->row * d->factor_ld + column : NULL;
  float *out = g->out + strip->row * out_ld + column;
  for (size_t t = strip->tiles; t > 0; t--) {
    vf sum[GEMM_SUMS_MAX];
    UNROLL for (int i = 0; i < R * C; i++) sum[i] = v_zero();
    gemm_accumulate(a, b, g, R, C, GEMM_ROWS, partial, tail, sum);
    if (gated) {
      gate_tile(gate, gate_ld, scale, R, C, partial, tail, sum);
      gate += (size_t)R * gate_ld;
    } else if (factored) {
      factor_tile(factor, d->factor_ld, R, C, partial, tail, sum);
      factor += (size_t)R * d->factor_ld;
    }
    store_tile(out, out_ld, sum, R, C, partial, tail);
    a += (size_t)R * a_ld;
    out += (size_t)R * out_ld;
  }
}

/* --- backward: weights and bias --- */

INLINE void weights_tiles_of(const struct gemm *g, const struct dense_backward_weights *unused,
                             const struct gemm_strip *strip, const int R, const int C,
                             const bool partial) {
  (void)unused;
  const size_t column = strip->column, out_ld = g->out_ld;
  const vtail tail = strip->tail;
  const float *a = g->a + strip->row, *b = g->b + column;
  float *out = g->out + strip->row * out_ld + column;
  for (size_t t = strip->tiles; t > 0; t--) {
    vf sum[GEMM_SUMS_MAX];
    UNROLL for (int i = 0; i < R * C; i++) sum[i] = v_zero();
    gemm_accumulate(a, b, g, R, C, GEMM_COLUMNS, partial, tail, sum);
    store_tile(out, out_ld, sum, R, C, partial, tail);
    a += R;
    out += (size_t)R * out_ld;
  }
}

/* Four vectors of columns at a time: their sums are chains of additions, each
 * of which waits for the one before. */
INLINE void column_sums(const struct dense_backward_weights *w, size_t column, const int C,
                        const bool partial, vtail tail) {
  const size_t ld = w->dy_ld;
  const float *dy = w->dy + column;
  vf sum[4];
  UNROLL for (int c = 0; c < C; c++) sum[c] = v_zero();
  for (size_t row = w->m; row > 0; row--) {
    UNROLL for (int c = 0; c < C; c++) {
      sum[c] = v_add(sum[c], v_load_upto(dy + c * VW, partial, tail));
    }
    dy += ld;
  }
  UNROLL for (int c = 0; c < C; c++) {
    v_store_upto(w->dbias + column + c * VW, sum[c], partial, tail);
  }
}

/* --- the tiles of each, and the kernels --- */

#define TILE(kind, arguments, R, C, partial)                                        \
  static void kind##_##R##x##C##_##partial(const struct gemm *g, const void *extra, \
                                           const struct gemm_strip *strip) {        \
    kind##_tiles_of(g, (const struct arguments *)extra, strip, R, C, partial);      \
  }
#define PLAIN(R, C) TILE(plain, dense_forward, R, C, 0) TILE(plain, dense_forward, R, C, 1)
#define DROPPING(R, C) TILE(dropping, dense_forward, R, C, 0) TILE(dropping, dense_forward, R, C, 1)
#define DATA(R, C) TILE(data, dense_backward_data, R, C, 0) TILE(data, dense_backward_data, R, C, 1)
#define WEIGHTS(R, C)                            \
  TILE(weights, dense_backward_weights, R, C, 0) \
  TILE(weights, dense_backward_weights, R, C, 1)
TILE_SHAPES(PLAIN)
TILE_SHAPES(DROPPING)
TILE_SHAPES(DATA)
TILE_SHAPES(WEIGHTS)

#define SLOTS(kind, R, C) [0][C][R] = kind##_##R##x##C##_0, [1][C][R] = kind##_##R##x##C##_1,
#define PLAIN_SLOT(R, C) SLOTS(plain, R, C)
#define DROPPING_SLOT(R, C) SLOTS(dropping, R, C)
#define DATA_SLOT(R, C) SLOTS(data, R, C)
#define WEIGHTS_SLOT(R, C) SLOTS(weights, R, C)
static const gemm_tiles plain_tiles = {TILE_SHAPES(PLAIN_SLOT)};
static const gemm_tiles dropping_tiles = {TILE_SHAPES(DROPPING_SLOT)};
static const gemm_tiles data_tiles = {TILE_SHAPES(DATA_SLOT)};
static const gemm_tiles weights_tiles = {TILE_SHAPES(WEIGHTS_SLOT)};

void KERNEL_NAME(dense_forward)(const struct dense_forward *a) {
  struct gemm g = {.rows = a->m,
                   .columns = a->n,
                   .steps = a->k,
                   .a = a->x,
                   .a_ld = a->x_ld,
                   .b = a->w,
                   .b_ld = a->w_ld,
                   .out = a->y,
                   .out_ld = a->y_ld};
  if (a->keep != NULL) {
    gemm_run(&g, a, dropping_tiles);
  } else {
    gemm_run(&g, a, plain_tiles);
  }
}

void KERNEL_NAME(dense_backward_data)(const struct dense_backward_data *a) {
  struct gemm g = {.rows = a->m,
                   .columns = a->k,
                   .steps = a->n,
                   .a = a->dy,
                   .a_ld = a->dy_ld,
                   .b = a->wt,
                   .b_ld = a->wt_ld,
                   .out = a->dx,
                   .out_ld = a->dx_ld};
  gemm_run(&g, a, data_tiles);
}

void KERNEL_NAME(dense_backward_weights)(const struct dense_backward_weights *a) {
  struct gemm g = {.rows = a->k,
                   .columns = a->n,
                   .steps = a->m,
                   .a = a->x,
                   .a_ld = a->x_ld,
                   .b = a->dy,
                   .b_ld = a->dy_ld,
                   .out = a->dw,
                   .out_ld = a->dw_ld};
  gemm_run(&g, a, weights_tiles);
  if (a->dbias == NULL) return;
  size_t column = 0;
  for (; column + 4 * VW <= a->n; column += 4 * VW) column_sums(a, column, 4, false, v_tail(0));
  for (; column + VW <= a->n; column += VW) column_sums(a, column, 1, false, v_tail(0));
  if (column < a->n) column_sums(a, column, 1, true, v_tail(a->n - column));
}
