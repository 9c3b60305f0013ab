/* Dense layers, forward and backward, on one register tile (kernels/simd/gemm.h):
 *
 *   y  (m,n) = x (m,k) w (k,n)       a = x by rows,     b = w
 *   dx (m,k) = dy (m,n) w (k,n)^T    a = dy by rows,    b = w, transposed first
 *   dw (k,n) = x (m,k)^T dy (m,n)    a = x by columns,  b = dy */
#include "kernels/dense_scratch.h"
#include "kernels/dense_tile.h"
#include "kernels/dense_transpose.h"
#include "kernels/narrower.h"

/* Operands are read into locals first: for the compiler a vector store may
 * change anything else. */

/* --- forward --- */

/* `drop` is a constant too: the tiles without dropout are to have nothing of its
 * addresses in their registers. */
INLINE void forward_tiles_of(const struct dense_forward *f, size_t row, size_t tiles, size_t column,
                             vtail tail, const int R, const int C, const int end, const bool drop) {
  const bool partial = end != GEMM_WHOLE;
  const struct gemm g = {.steps = f->k, .a_ld = f->x_ld, .b_ld = f->w_ld};
  const size_t a_ld = g.a_ld, out_ld = f->y_ld, keep_ld = f->keep_ld;
  const float *bias = f->bias + column, *a = f->x + row * a_ld, *b = f->w + column;
  float *out = f->y + row * out_ld + column;
  const uint16_t *keep = drop ? f->keep + row * keep_ld : NULL;
  const vf floor = v_set1(floors[f->activation == ACTIVATION_RELU]), scale = v_set1(f->keep_scale);
  for (; tiles > 0; tiles--) {
    vf sum[GEMM_SUMS_MAX];
    UNROLL for (int i = 0; i < R * C; i++) sum[i] = v_zero();
    gemm_accumulate(a, b, &g, R, C, GEMM_ROWS, end, false, tail, sum);
    forward_tile(out, out_ld, bias, keep, keep_ld, column, floor, scale, R, C, partial, drop, tail,
                 sum);
    if (drop) keep += (size_t)R * keep_ld;
    out += (size_t)R * out_ld;
    a += (size_t)R * a_ld;
  }
}

INLINE void dropping_tiles_of(const struct dense_forward *f, size_t row, size_t tiles,
                              size_t column, vtail tail, const int R, const int C, const int end) {
  forward_tiles_of(f, row, tiles, column, tail, R, C, end, true);
}

INLINE void plain_tiles_of(const struct dense_forward *f, size_t row, size_t tiles, size_t column,
                           vtail tail, const int R, const int C, const int end) {
  forward_tiles_of(f, row, tiles, column, tail, R, C, end, false);
}

/* --- backward: data --- */

/* With the transposed weights, in whole vectors. */
struct data_call {
  const struct dense_backward_data *of;
  const float *wt;
  size_t wt_ld;
};

INLINE void data_tiles_of(const struct data_call *call, size_t row, size_t tiles, size_t column,
                          vtail tail, const int R, const int C, const int end) {
  const bool partial = end != GEMM_WHOLE;
  const struct dense_backward_data *d = call->of;
  const struct gemm g = {.steps = d->n, .a_ld = d->dy_ld, .b_ld = call->wt_ld};
  const size_t a_ld = g.a_ld, out_ld = d->dx_ld, gate_ld = d->gate_ld;
  const bool gated = d->gate != NULL, factored = d->factor != NULL;
  const vf scale = v_set1(d->gate_scale);
  const float *a = d->dy + row * a_ld, *b = call->wt + column;
  const float *gate = gated ? d->gate + row * gate_ld + column : NULL;
  const float *factor = factored ? d->factor + row * d->factor_ld + column : NULL;
  float *out = d->dx + row * out_ld + column;
  for (; tiles > 0; tiles--) {
    vf sum[GEMM_SUMS_MAX];
    UNROLL for (int i = 0; i < R * C; i++) sum[i] = v_zero();
    gemm_accumulate(a, b, &g, R, C, GEMM_ROWS, end, false, tail, sum);
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

/* The bias is one more row of the weights, whose input is 1: the last row of
 * the last tile. */
INLINE void weights_strip_of(const struct dense_backward_weights *w, size_t row, size_t tiles,
                             size_t column, vtail tail, const int R, const int C, const int end,
                             const bool with_bias) {
  const bool partial = end != GEMM_WHOLE;
  const struct gemm g = {.steps = w->m, .a_ld = w->x_ld, .b_ld = w->dy_ld};
  const size_t out_ld = w->dw_ld;
  const int rows = with_bias ? R - 1 : R;
  const float *a = w->x + row, *b = w->dy + column;
  float *out = w->dw + row * out_ld + column;
  for (; tiles > 0; tiles--) {
    vf sum[GEMM_SUMS_MAX];
    UNROLL for (int i = 0; i < R * C; i++) sum[i] = v_zero();
    gemm_accumulate(a, b, &g, R, C, GEMM_COLUMNS, end, with_bias, tail, sum);
    store_tile(out, out_ld, sum, rows, C, partial, tail);
    if (with_bias) store_tile(w->dbias + column, 0, sum + rows * C, 1, C, partial, tail);
    a += R;
    out += (size_t)R * out_ld;
  }
}

INLINE void weights_tiles_of(const struct dense_backward_weights *w, size_t row, size_t tiles,
                             size_t column, vtail tail, const int R, const int C, const int end) {
  weights_strip_of(w, row, tiles, column, tail, R, C, end, false);
}

INLINE void biased_tiles_of(const struct dense_backward_weights *w, size_t row, size_t tiles,
                            size_t column, vtail tail, const int R, const int C, const int end) {
  weights_strip_of(w, row, tiles, column, tail, R, C, end, true);
}

/* --- the strips of each, and the kernels --- */

#define FORWARD_SHAPES(X) TILE_SHAPES(X) TILE_SHAPES_WIDE(X)
#define STRIP(kind, arguments, R, C, end)                                                      \
  static void kind##_##R##x##C##_##end(const void *a, size_t row, size_t tiles, size_t column, \
                                       vtail tail) {                                           \
    kind##_tiles_of((const struct arguments *)a, row, tiles, column, tail, R, C, end);         \
  }
/* Each for the ends GEMM_WHOLE, GEMM_PARTIAL and GEMM_HALF. */
#if V_HALF
#define HALF(...) __VA_ARGS__
#else
#define HALF(...)
#endif
#define STRIPS(kind, arguments, R, C) \
  STRIP(kind, arguments, R, C, 0)     \
  STRIP(kind, arguments, R, C, 1) HALF(STRIP(kind, arguments, R, C, 2))
#define PLAIN(R, C) STRIPS(plain, dense_forward, R, C)
#define DROPPING(R, C) STRIPS(dropping, dense_forward, R, C)
#define DATA(R, C) STRIPS(data, data_call, R, C)
#define WEIGHTS(R, C) STRIPS(weights, dense_backward_weights, R, C)
#define BIASED(R, C) STRIPS(biased, dense_backward_weights, R, C)
FORWARD_SHAPES(PLAIN)
FORWARD_SHAPES(DROPPING)
TILE_SHAPES(DATA)
TILE_SHAPES(WEIGHTS)
TILE_SHAPES(BIASED)

#define SLOTS(kind, R, C)                                             \
  [0][C][R] = kind##_##R##x##C##_0, [1][C][R] = kind##_##R##x##C##_1, \
  HALF([2][C][R] = kind##_##R##x##C##_2, )
#define PLAIN_SLOT(R, C) SLOTS(plain, R, C)
#define DROPPING_SLOT(R, C) SLOTS(dropping, R, C)
#define DATA_SLOT(R, C) SLOTS(data, R, C)
#define WEIGHTS_SLOT(R, C) SLOTS(weights, R, C)
#define BIASED_SLOT(R, C) SLOTS(biased, R, C)
static const gemm_strips plain_strips = {FORWARD_SHAPES(PLAIN_SLOT)};
static const gemm_strips dropping_strips = {FORWARD_SHAPES(DROPPING_SLOT)};
static const gemm_strips data_strips = {TILE_SHAPES(DATA_SLOT)};
static const gemm_strips weights_strips = {TILE_SHAPES(WEIGHTS_SLOT)};
static const gemm_strips biased_strips = {TILE_SHAPES(BIASED_SLOT)};

/* Whether copies pay: where the weights lie beyond the cache that serves a
 * column of them, and enough rows share each copy. */
INLINE bool blocked(size_t k, size_t n, size_t rows) {
  return k * n >= BLOCK_FROM_WEIGHTS && rows >= BLOCK_FROM_ROWS && k >= BLOCK_C * VW &&
         n >= BLOCK_C * VW;
}

/* The weights' gradient takes one step for each row of the batch: the more there
 * are, the farther apart both operands lie, and the smaller the weights from which
 * copies pay. */
enum { MANY_STEPS = 512 };
INLINE bool weights_blocked(const struct dense_backward_weights *a) {
  return blocked(a->k, a->m < MANY_STEPS ? a->n : 2 * a->n, BLOCK_FROM_ROWS) &&
         a->n >= BLOCK_C * VW;
}

void KERNEL_NAME(dense_forward)(const struct dense_forward *a) {
  if (narrower_dense_forward(a)) return;
  if (blocked(a->k, a->n, a->m)) {
    KERNEL_NAME(dense_forward_blocked)(a);
  } else if (a->keep != NULL) {
    gemm_run(a->m, a->n, a, dropping_strips, NULL, TILE_C_MAX);
  } else {
    gemm_run(a->m, a->n, a, plain_strips, NULL, TILE_C_MAX);
  }
}

/* A single column of weights is its own transpose. */
INLINE void data_direct(const struct dense_backward_data *a) {
  struct data_call call = {a, a->w, a->k};
  if (a->n > 1 || a->w_ld > 1) {
    call.wt = dense_scratch.b;
    call.wt_ld = (a->k + VW - 1) / VW * VW;
    copy_panel_transposed(a->w, a->w_ld, a->n, a->k, dense_scratch.b, call.wt_ld);
  }
  gemm_run(a->m, a->k, &call, data_strips, NULL, TILE_C_USUAL);
}

void KERNEL_NAME(dense_backward_data)(const struct dense_backward_data *a) {
  if (narrower_dense_backward_data(a)) return;
  if (a->k * a->n >= BLOCK_FROM_TRANSPOSED) {
    KERNEL_NAME(dense_backward_data_blocked)(a);
  } else {
    data_direct(a);
  }
}

void KERNEL_NAME(dense_backward_weights)(const struct dense_backward_weights *a) {
  if (narrower_dense_backward_weights(a)) return;
  if (weights_blocked(a)) {
    KERNEL_NAME(dense_backward_weights_blocked)(a);
  } else if (a->dbias != NULL) {
    gemm_run(a->k + 1, a->n, a, weights_strips, biased_strips, TILE_C_USUAL);
  } else {
    gemm_run(a->k, a->n, a, weights_strips, NULL, TILE_C_USUAL);
  }
}
