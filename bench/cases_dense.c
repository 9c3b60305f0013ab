/* Dense layers: sizes are m, k, n. The rows are those of the model: rounded up
 * to 16 floats. The first three shapes are the layers of report.yaml. */
#include "bench/cases.h"

static const struct bench_shape shapes[] = {
    {"32x25x64", {32, 25, 64}, true},   {"32x64x32", {32, 64, 32}, true},
    {"32x32x16", {32, 32, 16}, true},   {"256x25x64", {256, 25, 64}, false},
    {"256x64x32", {256, 64, 32}, true}, {"1024x64x32", {1024, 64, 32}, false},
    {"37x31x29", {37, 31, 29}, false},  {NULL, {0}, false}};

static void set_up_forward(const size_t size[SIZES], struct block *block, void *arguments) {
  const size_t m = size[0], k = size[1], n = size[2];
  struct dense_forward *a = arguments;
  *a = (struct dense_forward){.m = m, .k = k, .n = n, .activation = ACTIVATION_RELU};
  a->x_ld = rounded_up(k);
  a->w_ld = a->y_ld = rounded_up(n);
  a->x = block_floats(block, m * a->x_ld, FILL_SIGNED);
  a->w = block_floats(block, k * a->w_ld, FILL_SIGNED);
  a->bias = block_floats(block, n, FILL_SIGNED);
  a->y = block_floats(block, m * a->y_ld, FILL_ZEROS);
}
const struct bench_shapes bench_dense_forward = {.shape = shapes, .set_up = set_up_forward};

static void set_up_data(const size_t size[SIZES], struct block *block, void *arguments) {
  const size_t m = size[0], k = size[1], n = size[2];
  struct dense_backward_data *a = arguments;
  *a = (struct dense_backward_data){.m = m, .k = k, .n = n, .gate_scale = 1.0f};
  a->dy_ld = rounded_up(n);
  a->wt_ld = a->dx_ld = a->gate_ld = rounded_up(k);
  a->dy = block_floats(block, m * a->dy_ld, FILL_SIGNED);
  a->wt = block_floats(block, n * a->wt_ld, FILL_SIGNED);
  a->dx = block_floats(block, m * a->dx_ld, FILL_ZEROS);
}
const struct bench_shapes bench_dense_backward_data = {.shape = shapes, .set_up = set_up_data};

static void set_up_weights(const size_t size[SIZES], struct block *block, void *arguments) {
  const size_t m = size[0], k = size[1], n = size[2];
  struct dense_backward_weights *a = arguments;
  *a = (struct dense_backward_weights){.m = m, .k = k, .n = n};
  a->x_ld = rounded_up(k);
  a->dy_ld = a->dw_ld = rounded_up(n);
  a->x = block_floats(block, m * a->x_ld, FILL_SIGNED);
  a->dy = block_floats(block, m * a->dy_ld, FILL_SIGNED);
  a->dw = block_floats(block, k * a->dw_ld, FILL_ZEROS);
  a->dbias = block_floats(block, n, FILL_ZEROS);
}
const struct bench_shapes bench_dense_backward_weights = {.shape = shapes,
                                                          .set_up = set_up_weights};

static const struct bench_shape transposes[] = {
    {"25x64", {25, 64}, true}, {"64x32", {64, 32}, false}, {NULL, {0}, false}};

static void set_up_transpose(const size_t size[SIZES], struct block *block, void *arguments) {
  struct transpose *a = arguments;
  *a = (struct transpose){.rows = size[0], .columns = size[1]};
  a->in_ld = rounded_up(a->columns);
  a->out_ld = rounded_up(a->rows);
  a->in = block_floats(block, a->rows * a->in_ld, FILL_SIGNED);
  a->out = block_floats(block, a->columns * a->out_ld, FILL_ZEROS);
}
const struct bench_shapes bench_transpose = {.shape = transposes, .set_up = set_up_transpose};

static const struct bench_shape heads[] = {
    {"32x16", {32, 16}, true}, {"256x16", {256, 16}, false}, {NULL, {0}, false}};

static void set_up_head(const size_t size[SIZES], struct block *block, void *arguments) {
  struct head_forward *a = arguments;
  *a = (struct head_forward){.m = size[0], .k = size[1], .x_ld = rounded_up(size[1])};
  a->x = block_floats(block, a->m * a->x_ld, FILL_SIGNED);
  a->w = block_floats(block, a->k, FILL_SIGNED);
  a->wide = block_floats(block, a->m, FILL_SIGNED);
  a->bias = block_floats(block, 1, FILL_SIGNED);
  a->out = block_floats(block, a->m, FILL_ZEROS);
}
const struct bench_shapes bench_head_forward = {.shape = heads, .set_up = set_up_head};
