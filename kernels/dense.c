/* Dense layers, forward and backward, on one register tile (kernels/gemm.h):
 *
 *   y  (m,n) = x (m,k) w (k,n)       a = x by rows,     b = w
 *   dx (m,k) = dy (m,n) wt (n,k)     a = dy by rows,    b = wt
 *   dw (k,n) = x (m,k)^T dy (m,n)    a = x by columns,  b = dy */
#include "kernels/declare.h"
#include "kernels/gemm.h"

/* --- forward --- */

INLINE vf keep_or_zero(const struct dense_forward *f, size_t row, size_t column, vf y) {
  uint32_t group = f->keep[row * f->keep_ld + column / KEEP_GROUP];
  vm kept = v_mask(group >> column % KEEP_GROUP);
  return v_select(kept, v_mul(y, v_set1(f->keep_scale)), v_zero());
}

INLINE void store(float *out, vf x, bool partial, vtail tail) {
  if (partial) {
    v_store_tail(out, x, tail);
  } else {
    v_store(out, x);
  }
}

INLINE void forward_tile(const struct gemm *g, const struct dense_forward *f, size_t row,
                         size_t column, const int R, const int C, const bool partial, vtail tail) {
  vf sum[GEMM_SUMS_MAX];
  UNROLL for (int c = 0; c < C; c++) {
    vf bias = gemm_load(f->bias + column + c * VW, partial && c == C - 1, tail);
    UNROLL for (int r = 0; r < R; r++) sum[r * C + c] = bias;
  }
  gemm_accumulate(g, row, column, R, C, GEMM_ROWS, partial, tail, sum);
  if (f->activation == ACTIVATION_RELU) {
    UNROLL for (int i = 0; i < R * C; i++) sum[i] = v_max(sum[i], v_zero());
  }
  UNROLL for (int r = 0; r < R; r++) {
    UNROLL for (int c = 0; c < C; c++) {
      size_t at = column + (size_t)c * VW;
      vf y = sum[r * C + c];
      if (f->keep != NULL) y = keep_or_zero(f, row + (size_t)r, at, y);
      store(g->out + (row + (size_t)r) * g->out_ld + at, y, partial && c == C - 1, tail);
    }
  }
}

/* --- backward: data --- */

INLINE void data_tile(const struct gemm *g, const struct dense_backward_data *d, size_t row,
                      size_t column, const int R, const int C, const bool partial, vtail tail) {
  vf sum[GEMM_SUMS_MAX];
  UNROLL for (int i = 0; i < R * C; i++) sum[i] = v_zero();
  gemm_accumulate(g, row, column, R, C, GEMM_ROWS, partial, tail, sum);
  UNROLL for (int r = 0; r < R; r++) {
    UNROLL for (int c = 0; c < C; c++) {
      size_t at = column + (size_t)c * VW;
      bool last = partial && c == C - 1;
      vf dx = sum[r * C + c];
      if (d->gate != NULL) {
        vf gate = gemm_load(d->gate + (row + (size_t)r) * d->gate_ld + at, last, tail);
        dx = v_select(v_gt(gate, v_zero()), v_mul(dx, v_set1(d->gate_scale)), v_zero());
      }
      store(g->out + (row + (size_t)r) * g->out_ld + at, dx, last, tail);
    }
  }
}

/* --- backward: weights and bias --- */

INLINE void weights_tile(const struct gemm *g, const struct dense_backward_weights *unused,
                         size_t row, size_t column, const int R, const int C, const bool partial,
                         vtail tail) {
  (void)unused;
  vf sum[GEMM_SUMS_MAX];
  UNROLL for (int i = 0; i < R * C; i++) sum[i] = v_zero();
  gemm_accumulate(g, row, column, R, C, GEMM_COLUMNS, partial, tail, sum);
  UNROLL for (int r = 0; r < R; r++) {
    UNROLL for (int c = 0; c < C; c++) {
      store(g->out + (row + (size_t)r) * g->out_ld + column + (size_t)c * VW, sum[r * C + c],
            partial && c == C - 1, tail);
    }
  }
}

INLINE void column_sums(const struct dense_backward_weights *w, size_t column, bool partial,
                        vtail tail) {
  vf sum = v_zero();
  for (size_t row = 0; row < w->m; row++) {
    sum = v_add(sum, gemm_load(w->dy + row * w->dy_ld + column, partial, tail));
  }
  store(w->dbias + column, sum, partial, tail);
}

/* --- the tiles of each, and the kernels --- */

#define TILE(kind, arguments, R, C, partial)                                                    \
  static void kind##_##R##x##C##_##partial(const struct gemm *g, const void *extra, size_t row, \
                                           size_t column, vtail tail) {                         \
    kind##_tile(g, (const struct arguments *)extra, row, column, R, C, partial, tail);          \
  }
#define FORWARD(R, C) TILE(forward, dense_forward, R, C, 0) TILE(forward, dense_forward, R, C, 1)
#define DATA(R, C) TILE(data, dense_backward_data, R, C, 0) TILE(data, dense_backward_data, R, C, 1)
#define WEIGHTS(R, C)                            \
  TILE(weights, dense_backward_weights, R, C, 0) \
  TILE(weights, dense_backward_weights, R, C, 1)
TILE_SHAPES(FORWARD)
TILE_SHAPES(DATA)
TILE_SHAPES(WEIGHTS)

#define SLOTS(kind, R, C) [0][C][R] = kind##_##R##x##C##_0, [1][C][R] = kind##_##R##x##C##_1,
#define FORWARD_SLOT(R, C) SLOTS(forward, R, C)
#define DATA_SLOT(R, C) SLOTS(data, R, C)
#define WEIGHTS_SLOT(R, C) SLOTS(weights, R, C)
static const gemm_tiles forward_tiles = {TILE_SHAPES(FORWARD_SLOT)};
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
  gemm_run(&g, a, forward_tiles);
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
  for (; column + VW <= a->n; column += VW) column_sums(a, column, false, v_tail(0));
  if (column < a->n) column_sums(a, column, true, v_tail(a->n - column));
}
