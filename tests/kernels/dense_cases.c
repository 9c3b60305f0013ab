/* Dense layers. */
#include "tests/kernels/harness.h"

/* m, k, n; one axis that is vectorised, one that makes the tile's rows, one
 * that is summed over. Bases of small and of several tiles. The last sizes are
 * beyond where copies begin (BLOCK_FROM_WEIGHTS): more than a block of each
 * axis, on some instruction set, and a tail behind it. */
#define DENSE_SIZES(...)                          \
  .base = {{1, 3, 17}, {7, 5, 33}, {18, 31, 64}}, \
  .larger = {{32, 25, 64}, {33, 100, 70}, {5, 64, 129}, __VA_ARGS__}

/* --- dense_forward --- */

static void forward_set_up(struct test_case *c, void *arguments) {
  struct dense_forward *a = arguments;
  a->m = c->size[0];
  a->k = c->size[1];
  a->n = c->size[2];
  a->activation = choose(c, 2) == 1 ? ACTIVATION_RELU : ACTIVATION_IDENTITY;
  a->keep_scale = constant(c, 2.0f, 1.25f);
  a->x_ld = operand(c, "x", &a->x, IN, FLOATS, a->m, a->k);
  a->w_ld = operand(c, "w", &a->w, IN, FLOATS, a->k, a->n);
  operand(c, "bias", &a->bias, IN, FLOATS, 1, a->n);
  a->y_ld = operand(c, "y", &a->y, OUT, FLOATS, a->m, a->n);
  size_t groups = (a->n + KEEP_GROUP - 1) / KEEP_GROUP;
  if (choose(c, 2) == 1) a->keep_ld = operand(c, "keep", &a->keep, IN, BITS, a->m, groups);
}

static void forward_reference(struct test_case *c, const void *arguments) {
  const struct dense_forward *a = arguments;
  for (size_t i = 0; i < a->m; i++) {
    for (size_t j = 0; j < a->n; j++) {
      struct chain s = chain_start(0.0);
      for (size_t k = 0; k < a->k; k++) {
        chain_add(&s, (double)a->x[i * a->x_ld + k] * (double)a->w[k * a->w_ld + j]);
      }
      chain_add(&s, (double)a->bias[j]);
      if (a->activation == ACTIVATION_RELU && 0.0 > s.sum) s.sum = 0.0;
      const float *y = &a->y[i * a->y_ld + j];
      bool dropped =
          a->keep != NULL && !(a->keep[i * a->keep_ld + j / KEEP_GROUP] >> j % KEEP_GROUP & 1);
      if (dropped) {
        expect(c, y, 0.0, 0.0);
      } else {
        expect_chain(c, y, &s, a->keep != NULL ? (double)a->keep_scale : 1.0);
      }
    }
  }
}

const struct kernel_test test_dense_forward = {
    .shapes = {.axis = {"m", "k", "n"},
               .most = {TILE_ROWS_SWEEP, 5, TILE_COLUMNS_SWEEP},
               DENSE_SIZES({67, 515, 521}, {195, 260, 257})},
    .set_up = forward_set_up,
    .reference = forward_reference,
};

/* --- dense_backward_data --- */

static void data_set_up(struct test_case *c, void *arguments) {
  struct dense_backward_data *a = arguments;
  a->m = c->size[0];
  a->n = c->size[1];
  a->k = c->size[2];
  a->gate_scale = constant(c, 2.0f, 1.25f);
  a->dy_ld = operand(c, "dy", &a->dy, IN, FLOATS, a->m, a->n);
  a->w_ld = operand(c, "w", &a->w, IN, FLOATS, a->k, a->n);
  a->dx_ld = operand(c, "dx", &a->dx, OUT, FLOATS, a->m, a->k);
  if (choose(c, 2) == 1) a->gate_ld = operand(c, "gate", &a->gate, IN, FLOATS, a->m, a->k);
  if (choose(c, 2) == 1) a->factor_ld = operand(c, "factor", &a->factor, IN, FLOATS, a->m, a->k);
}

static void data_reference(struct test_case *c, const void *arguments) {
  const struct dense_backward_data *a = arguments;
  for (size_t i = 0; i < a->m; i++) {
    for (size_t k = 0; k < a->k; k++) {
      struct chain s = chain_start(0.0);
      for (size_t j = 0; j < a->n; j++) {
        chain_add(&s, (double)a->dy[i * a->dy_ld + j] * (double)a->w[k * a->w_ld + j]);
      }
      const float *dx = &a->dx[i * a->dx_ld + k];
      double scale = 1.0;
      if (a->gate != NULL) {
        scale = (double)a->gate_scale;
      } else if (a->factor != NULL) {
        scale = (double)a->factor[i * a->factor_ld + k];
        s.sum = rounded(c, s.sum);
      }
      if (a->gate != NULL && !(a->gate[i * a->gate_ld + k] > 0.0f)) {
        expect(c, dx, 0.0, 0.0);
      } else {
        expect_chain(c, dx, &s, scale);
      }
    }
  }
}

const struct kernel_test test_dense_backward_data = {
    .shapes = {.axis = {"m", "n", "k"},
               .most = {TILE_ROWS_SWEEP, 5, TILE_COLUMNS_SWEEP},
               DENSE_SIZES({67, 515, 521}, {195, 260, 257})},
    .set_up = data_set_up,
    .reference = data_reference,
};

/* --- dense_backward_weights --- */

static void weights_set_up(struct test_case *c, void *arguments) {
  struct dense_backward_weights *a = arguments;
  a->k = c->size[0];
  a->m = c->size[1];
  a->n = c->size[2];
  a->x_ld = operand(c, "x", &a->x, IN, FLOATS, a->m, a->k);
  a->dy_ld = operand(c, "dy", &a->dy, IN, FLOATS, a->m, a->n);
  a->dw_ld = operand(c, "dw", &a->dw, OUT, FLOATS, a->k, a->n);
  if (choose(c, 4) != 0) operand(c, "dbias", &a->dbias, OUT, FLOATS, 1, a->n);
}

static void weights_reference(struct test_case *c, const void *arguments) {
  const struct dense_backward_weights *a = arguments;
  for (size_t k = 0; k < a->k; k++) {
    for (size_t j = 0; j < a->n; j++) {
      struct chain s = chain_start(0.0);
      for (size_t i = 0; i < a->m; i++) {
        chain_add(&s, (double)a->x[i * a->x_ld + k] * (double)a->dy[i * a->dy_ld + j]);
      }
      expect_chain(c, &a->dw[k * a->dw_ld + j], &s, 1.0);
    }
  }
  for (size_t j = 0; a->dbias != NULL && j < a->n; j++) {
    struct chain s = chain_start(0.0);
    for (size_t i = 0; i < a->m; i++) chain_add(&s, (double)a->dy[i * a->dy_ld + j]);
    expect_chain(c, &a->dbias[j], &s, 1.0);
  }
}

const struct kernel_test test_dense_backward_weights = {
    .shapes = {.axis = {"k", "m", "n"},
               .most = {TILE_ROWS_SWEEP, 5, TILE_COLUMNS_SWEEP},
               DENSE_SIZES({515, 9, 521}, {257, 260, 259})},
    .set_up = weights_set_up,
    .reference = weights_reference,
};
