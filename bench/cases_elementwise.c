/* Activations, dropout, the losses and the interactions of embeddings. */
#include <string.h>

#include "bench/cases.h"

/* Sizes are m, n, the activation. */
#define ACTIVATION(constant, name, transcendental)                                         \
  {#name "-32x64",                                                                         \
   {32, 64, ACTIVATION_##constant},                                                        \
   ACTIVATION_##constant == ACTIVATION_RELU || ACTIVATION_##constant == ACTIVATION_TANH || \
       ACTIVATION_##constant == ACTIVATION_GELU},
static const struct bench_shape activations[] = {
#include "kernels/activations.inc"
    {NULL, {0}, false}};
#undef ACTIVATION

/* The copy of y that refresh takes it from stands behind it. Positive values
 * stay what they are under relu and leaky relu, so these need none. */
static void set_up_activate(const size_t size[SIZES], struct block *block, void *arguments) {
  struct activate *a = arguments;
  enum activation activation = (enum activation)size[2];
  bool steady = activation == ACTIVATION_RELU || activation == ACTIVATION_LEAKY_RELU;
  enum fill fill = steady ? FILL_POSITIVE : FILL_SIGNED;
  *a = (struct activate){.m = size[0], .n = size[1], .activation = activation};
  a->y_ld = a->derivative_ld = rounded_up(size[1]);
  float *y = block_floats(block, 2 * a->m * a->y_ld, fill);
  if (y != NULL) memcpy(y + a->m * a->y_ld, y, a->m * a->y_ld * sizeof *y);
  a->y = y;
  a->derivative = block_floats(block, a->m * a->derivative_ld, FILL_ZEROS);
}
static void refresh_activate(const size_t size[SIZES], void *arguments) {
  struct activate *a = arguments;
  if (size[2] == ACTIVATION_RELU || size[2] == ACTIVATION_LEAKY_RELU) return;
  memcpy(a->y, a->y + a->m * a->y_ld, a->m * a->y_ld * sizeof *a->y);
}
const struct bench_shapes bench_activate = {
    .shape = activations, .set_up = set_up_activate, .refresh = refresh_activate};

#define CHOICES(m, n, quick) {#m "x" #n, {m, n}, quick},
static const struct bench_shape dropouts[] = {
#include "bench/shapes.inc"
    {NULL, {0}, false}};
static void set_up_dropout(const size_t size[SIZES], struct block *block, void *arguments) {
  struct dropout_keep *a = arguments;
  *a = (struct dropout_keep){.groups = size[0] * size[1] / KEEP_GROUP,
                             .threshold = 13107, /* p = 0.2 */
                             .key = {1, 2},
                             .counter = {3, 4, 5}};
  a->keep = block_bits(block, a->groups);
}
const struct bench_shapes bench_dropout_keep = {.shape = dropouts, .set_up = set_up_dropout};

static const struct bench_shape losses[] = {
    {"32", {32}, true}, {"1024", {1024}, false}, {NULL, {0}, false}};
static void set_up_loss(const size_t size[SIZES], struct block *block, void *arguments) {
  struct squared_error *a = arguments;
  *a = (struct squared_error){.m = size[0], .gradient_scale = 1.0f / 16.0f};
  a->prediction = block_floats(block, a->m, FILL_SIGNED);
  a->target = block_floats(block, a->m, FILL_SIGNED);
  a->gradient = block_floats(block, a->m, FILL_ZEROS);
  a->sum = block_doubles(block, 1);
}
const struct bench_shapes bench_squared_error = {.shape = losses, .set_up = set_up_loss};

/* Sizes are m, levels: five stars, and ten half stars. */
static const struct bench_shape ordinals[] = {{"32x5", {32, 5}, true},
                                              {"256x5", {256, 5}, false},
                                              {"256x10", {256, 10}, false},
                                              {NULL, {0}, false}};

/* 1, 2, ... */
static const float *levels(size_t count, struct block *block) {
  float *level = block_floats(block, count, FILL_ZEROS);
  for (size_t k = 0; level != NULL && k < count; k++) level[k] = (float)(k + 1);
  return level;
}

static void set_up_ordinal_loss(const size_t size[SIZES], struct block *block, void *arguments) {
  struct ordinal_loss *a = arguments;
  *a = (struct ordinal_loss){
      .m = size[0], .levels = size[1], .slope = 2.0f, .gradient_scale = 1.0f / 16.0f};
  a->score = block_floats(block, a->m, FILL_SIGNED);
  float *target = block_floats(block, a->m, FILL_ZEROS);
  for (size_t r = 0; target != NULL && r < a->m; r++) target[r] = (float)(1 + r * 7 % a->levels);
  a->target = target;
  a->level = levels(a->levels, block);
  a->cut = block_floats(block, a->levels - 1, FILL_SIGNED);
  a->gradient = block_floats(block, a->m, FILL_ZEROS);
  a->cut_gradient = block_floats(block, a->levels - 1, FILL_ZEROS);
  a->sum = block_doubles(block, 1);
}
const struct bench_shapes bench_ordinal_loss = {.shape = ordinals, .set_up = set_up_ordinal_loss};

/* The scores stand after y, for refresh. */
static void set_up_expectation(const size_t size[SIZES], struct block *block, void *arguments) {
  struct ordinal_expectation *a = arguments;
  *a = (struct ordinal_expectation){.m = size[0], .levels = size[1], .slope = 2.0f};
  float *y = block_floats(block, 2 * a->m, FILL_SIGNED);
  if (y != NULL) memcpy(y + a->m, y, a->m * sizeof *y);
  a->y = y;
  a->level = levels(a->levels, block);
  a->cut = block_floats(block, a->levels - 1, FILL_SIGNED);
}
static void refresh_expectation(const size_t size[SIZES], void *arguments) {
  struct ordinal_expectation *a = arguments;
  memcpy(a->y, a->y + size[0], size[0] * sizeof *a->y);
}
const struct bench_shapes bench_ordinal_expectation = {
    .shape = ordinals, .set_up = set_up_expectation, .refresh = refresh_expectation};

static void set_up_probabilities(const size_t size[SIZES], struct block *block, void *arguments) {
  struct ordinal_probabilities *a = arguments;
  *a = (struct ordinal_probabilities){.m = size[0], .levels = size[1], .slope = 2.0f};
  a->score = block_floats(block, a->m, FILL_SIGNED);
  a->cut = block_floats(block, a->levels - 1, FILL_SIGNED);
  a->out_ld = rounded_up(a->m);
  a->out = block_floats(block, a->levels * a->out_ld, FILL_ZEROS);
}
const struct bench_shapes bench_ordinal_probabilities = {.shape = ordinals,
                                                         .set_up = set_up_probabilities};

/* Sizes are m, fields, dim. */
#define PAIRS(m, fields, dim, quick) {#m "x" #fields "x" #dim, {m, fields, dim}, quick},
static const struct bench_shape interactions[] = {
#include "bench/shapes.inc"
    {NULL, {0}, false}};

static const uint32_t *fields(const size_t size[SIZES], struct block *block) {
  uint32_t *at = block_indices(block, size[1], 1);
  for (uint32_t f = 0; at != NULL && f < size[1]; f++) at[f] = f * (uint32_t)size[2];
  return at;
}

static void set_up_fm(const size_t size[SIZES], struct block *block, void *arguments) {
  struct fm_forward *a = arguments;
  *a = (struct fm_forward){.m = size[0], .fields = size[1], .dim = size[2]};
  a->x_ld = rounded_up(a->fields * a->dim);
  a->field_at = fields(size, block);
  a->x = block_floats(block, a->m * a->x_ld, FILL_SIGNED);
  a->out = block_floats(block, a->m, FILL_ZEROS);
}
const struct bench_shapes bench_fm_forward = {.shape = interactions, .set_up = set_up_fm};

static void set_up_fm_back(const size_t size[SIZES], struct block *block, void *arguments) {
  struct fm_backward *a = arguments;
  *a = (struct fm_backward){.m = size[0], .fields = size[1], .dim = size[2]};
  a->x_ld = a->dx_ld = rounded_up(a->fields * a->dim);
  a->field_at = fields(size, block);
  a->x = block_floats(block, a->m * a->x_ld, FILL_SIGNED);
  a->gradient = block_floats(block, a->m, FILL_SIGNED);
  a->dx = block_floats(block, a->m * a->dx_ld, FILL_SIGNED);
}
const struct bench_shapes bench_fm_backward = {.shape = interactions, .set_up = set_up_fm_back};

static void set_up_dot(const size_t size[SIZES], struct block *block, void *arguments) {
  struct dot_forward *a = arguments;
  *a = (struct dot_forward){
      .m = size[0], .fields = size[1], .first_fields = size[1] / 2, .dim = size[2]};
  a->x_ld = rounded_up(a->fields * a->dim);
  a->field_at = fields(size, block);
  a->x = block_floats(block, a->m * a->x_ld, FILL_SIGNED);
  a->out = block_floats(block, a->m, FILL_ZEROS);
}
const struct bench_shapes bench_dot_forward = {.shape = interactions, .set_up = set_up_dot};

static void set_up_dot_back(const size_t size[SIZES], struct block *block, void *arguments) {
  struct dot_backward *a = arguments;
  *a = (struct dot_backward){
      .m = size[0], .fields = size[1], .first_fields = size[1] / 2, .dim = size[2]};
  a->x_ld = a->dx_ld = rounded_up(a->fields * a->dim);
  a->field_at = fields(size, block);
  a->x = block_floats(block, a->m * a->x_ld, FILL_SIGNED);
  a->gradient = block_floats(block, a->m, FILL_SIGNED);
  a->dx = block_floats(block, a->m * a->dx_ld, FILL_SIGNED);
}
const struct bench_shapes bench_dot_backward = {.shape = interactions, .set_up = set_up_dot_back};
