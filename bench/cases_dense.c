/* Dense layers: sizes are m, k, n. The rows are those of the model: rounded up
 * to 16 floats. The gradient of the data has as many columns as training wants. */
#include "bench/cases.h"

#define SHAPE(m, k, n, quick) {#m "x" #k "x" #n, {m, k, n}, quick},
#define WIDE(m, k, n) SHAPE(m, k, n, false)
#define LAYER(m, k, back, n, quick) SHAPE(m, k, n, quick)
static const struct bench_shape shapes[] = {
#include "bench/shapes.inc"
    {NULL, {0}, false}};

#define WIDE(m, k, n) SHAPE(m, k, n, false)
#define LAYER(m, k, back, n, quick) SHAPE(m, back, n, quick)
static const struct bench_shape data_shapes[] = {
#include "bench/shapes.inc"
    {NULL, {0}, false}};

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
  a->w_ld = a->dy_ld;
  a->dx_ld = a->gate_ld = rounded_up(k);
  a->dy = block_floats(block, m * a->dy_ld, FILL_SIGNED);
  a->w = block_floats(block, k * a->w_ld, FILL_SIGNED);
  a->dx = block_floats(block, m * a->dx_ld, FILL_ZEROS);
}
const struct bench_shapes bench_dense_backward_data = {.shape = data_shapes, .set_up = set_up_data};

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

#define HEAD(m, k, quick) {#m "x" #k, {m, k}, quick},
static const struct bench_shape heads[] = {
#include "bench/shapes.inc"
    {NULL, {0}, false}};

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
