/* One step of each optimizer. */
#include "bench/cases.h"

#define STEP(n, quick) {#n, {n}, quick},
static const struct bench_shape whole[] = {
#include "bench/shapes.inc"
    {NULL, {0}, false}};

/* Sizes are count, dim, rows of the table. */
static const struct bench_shape rows[] = {{"32x16", {32, 16, 128}, true}, {NULL, {0}, false}};

static void set_up_adam(const size_t size[SIZES], struct block *block, void *arguments) {
  struct adam *a = arguments;
  *a = (struct adam){.n = size[0],
                     .rate = 1e-3f,
                     .beta1 = 0.9f,
                     .one_minus_beta1 = 0.1f,
                     .beta2 = 0.999f,
                     .one_minus_beta2 = 0.001f,
                     .epsilon = 1e-7f};
  a->w = block_floats(block, a->n, FILL_SIGNED);
  a->m = block_floats(block, a->n, FILL_SIGNED);
  a->v = block_floats(block, a->n, FILL_POSITIVE);
  a->g = block_floats(block, a->n, FILL_SIGNED);
}
const struct bench_shapes bench_adam = {.shape = whole, .set_up = set_up_adam};

/* Every third row: a batch's rows are spread over their table. */
static const uint32_t *spread(const size_t size[SIZES], struct block *block) {
  uint32_t *row = block_indices(block, size[0], 1);
  for (uint32_t i = 0; row != NULL && i < size[0]; i++) row[i] = i * 3 % (uint32_t)size[2];
  return row;
}

static void set_up_adam_rows(const size_t size[SIZES], struct block *block, void *arguments) {
  struct adam_rows *a = arguments;
  *a = (struct adam_rows){.count = size[0],
                          .dim = size[1],
                          .ld = size[1],
                          .rate = 1e-3f,
                          .beta1 = 0.9f,
                          .one_minus_beta1 = 0.1f,
                          .beta2 = 0.999f,
                          .one_minus_beta2 = 0.001f,
                          .epsilon = 1e-7f};
  size_t floats = size[2] * a->ld;
  a->row = spread(size, block);
  a->w = block_floats(block, floats, FILL_SIGNED);
  a->m = block_floats(block, floats, FILL_SIGNED);
  a->v = block_floats(block, floats, FILL_POSITIVE);
  a->g = block_floats(block, floats, FILL_SIGNED);
}
const struct bench_shapes bench_adam_rows = {.shape = rows, .set_up = set_up_adam_rows};

static void set_up_sgd(const size_t size[SIZES], struct block *block, void *arguments) {
  struct sgd *a = arguments;
  *a = (struct sgd){.n = size[0], .rate = 1e-3f, .momentum = 0.9f};
  a->w = block_floats(block, a->n, FILL_SIGNED);
  a->velocity = block_floats(block, a->n, FILL_SIGNED);
  a->g = block_floats(block, a->n, FILL_SIGNED);
}
const struct bench_shapes bench_sgd = {.shape = whole, .set_up = set_up_sgd};

static void set_up_adagrad(const size_t size[SIZES], struct block *block, void *arguments) {
  struct adagrad *a = arguments;
  *a = (struct adagrad){.n = size[0], .rate = 1e-3f, .epsilon = 1e-7f};
  a->w = block_floats(block, a->n, FILL_SIGNED);
  a->sum = block_floats(block, a->n, FILL_POSITIVE);
  a->g = block_floats(block, a->n, FILL_SIGNED);
}
const struct bench_shapes bench_adagrad = {.shape = whole, .set_up = set_up_adagrad};

static void set_up_ftrl(const size_t size[SIZES], struct block *block, void *arguments) {
  struct ftrl *a = arguments;
  *a = (struct ftrl){.n = size[0], .inverse_rate = 10.0f, .beta = 1.0f, .l1 = 1e-3f, .l2 = 1e-3f};
  a->w = block_floats(block, a->n, FILL_SIGNED);
  a->z = block_floats(block, a->n, FILL_SIGNED);
  a->sum = block_floats(block, a->n, FILL_POSITIVE);
  a->g = block_floats(block, a->n, FILL_SIGNED);
}
const struct bench_shapes bench_ftrl = {.shape = whole, .set_up = set_up_ftrl};

static void set_up_l2(const size_t size[SIZES], struct block *block, void *arguments) {
  struct l2 *a = arguments;
  *a = (struct l2){.n = size[0], .penalty = 1e-4f};
  a->w = block_floats(block, a->n, FILL_SIGNED);
  a->g = block_floats(block, a->n, FILL_SIGNED);
}
const struct bench_shapes bench_l2 = {.shape = whole, .set_up = set_up_l2};

static void set_up_l2_rows(const size_t size[SIZES], struct block *block, void *arguments) {
  struct l2_rows *a = arguments;
  *a = (struct l2_rows){.count = size[0], .dim = size[1], .ld = size[1], .penalty = 1e-4f};
  a->row = spread(size, block);
  a->w = block_floats(block, size[2] * a->ld, FILL_SIGNED);
  a->g = block_floats(block, size[2] * a->ld, FILL_SIGNED);
}
const struct bench_shapes bench_l2_rows = {.shape = rows, .set_up = set_up_l2_rows};

static void set_up_average(const size_t size[SIZES], struct block *block, void *arguments) {
  struct average *a = arguments;
  *a = (struct average){.n = size[0], .decay = 0.998f};
  a->mean = block_floats(block, a->n, FILL_SIGNED);
  a->w = block_floats(block, a->n, FILL_SIGNED);
}
const struct bench_shapes bench_average = {.shape = whole, .set_up = set_up_average};

static void set_up_average_rows(const size_t size[SIZES], struct block *block, void *arguments) {
  struct average_rows *a = arguments;
  *a = (struct average_rows){.count = size[0], .dim = size[1], .ld = size[1]};
  a->row = spread(size, block);
  a->mean = block_floats(block, size[2] * a->ld, FILL_SIGNED);
  a->w = block_floats(block, size[2] * a->ld, FILL_SIGNED);
  a->decay = block_floats(block, a->count, FILL_POSITIVE);
}
const struct bench_shapes bench_average_rows = {.shape = rows, .set_up = set_up_average_rows};

/* Sizes are rows a batch, dim: 64 rows of two tables with some thousand rows. */
enum { STEPS_ROWS = 64, TABLE_ROWS = 1500 };
static const struct bench_shape steps[] = {{"1x10", {1, 10}, true},
                                           {"4x16", {4, 16}, false},
                                           {"1x100", {1, 100}, false},
                                           {"16x64", {16, 64}, false},
                                           {NULL, {0}, false}};

static void set_up_dot_steps(const size_t size[SIZES], struct block *block, void *arguments) {
  struct dot_steps *a = arguments;
  const size_t table = TABLE_ROWS * size[1];
  *a = (struct dot_steps){.rows = STEPS_ROWS,
                          .batch = size[0],
                          .dim = size[1],
                          .tables = 1,
                          .at = {TABLE_ROWS, TABLE_ROWS + table},
                          .head_at = TABLE_ROWS + 2 * table,
                          .bias_at = TABLE_ROWS + 2 * table + 2 * size[1],
                          .unseen = {TABLE_ROWS, TABLE_ROWS},
                          .wide_ld = STEPS_ROWS,
                          .rate = 1e-3f,
                          .penalty = 1e-2f};
  a->w = block_floats(block, a->bias_at + 1, FILL_SIGNED);
  for (size_t f = 0; f < 2; f++) a->index[f] = block_indices(block, a->rows, TABLE_ROWS);
  a->wide = block_indices(block, a->rows, TABLE_ROWS);
  a->wide_unseen = block_indices(block, 1, TABLE_ROWS);
  a->target = block_floats(block, a->rows, FILL_SIGNED);
  a->loss = block_doubles(block, 1);
}
const struct bench_shapes bench_dot_steps = {.shape = steps, .set_up = set_up_dot_steps};
