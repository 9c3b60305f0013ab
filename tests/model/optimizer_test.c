/* Steps of the optimizers: what they leave alone, and what the schedule does. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "model/optimizer.h"
#include "model/schedule.h"
#include "tests/model/model_fixture.h"

enum { ROWS = 37, BATCH = 16 };

struct state {
  struct fixture fixture;
  struct wide_deep model;
  struct workspace workspace;
  struct optimizer optimizer;
  const struct kernels *kernels;
};

/* The first row's single field names its unseen row. */
static void start_with(struct state *s, const struct train_spec *spec,
                       const struct fixture_options *options) {
  struct error error = {0};
  memset(s, 0, sizeof *s);
  s->kernels = kernels_of(isa_best());
  fixture_init(&s->fixture, ROWS, options);
  s->fixture.rows.codes[0] = s->fixture.dictionary[0].seen;
  assert_true(wide_deep_init(&s->model, &s->fixture.spec, &s->fixture.encoding, 1, &error));
  assert_true(workspace_init(&s->workspace, &s->model, BATCH, &error));
  assert_true(optimizer_init(&s->optimizer, spec, &s->model, BATCH, &error));
}

/* Bags, and a cross whose rows have up to 3 combinations. */
static void start(struct state *s, const struct train_spec *spec) {
  start_with(s, spec, &(struct fixture_options){.bags = true, .cross_slots = 3});
}

static void stop(struct state *s) {
  optimizer_clear(&s->optimizer);
  workspace_clear(&s->workspace);
  wide_deep_clear(&s->model);
  fixture_clear(&s->fixture);
}

/* A training step on `m` rows from `first`. */
static void step(struct state *s, uint32_t number, size_t first, size_t m) {
  const struct training_step training = {.seed = 5, .step = number};
  double sum = 0;
  workspace_load(&s->workspace, &s->model, &s->fixture.rows, NULL, first, m);
  wide_deep_forward(&s->model, &s->workspace, m, &training, s->kernels);
  s->kernels->squared_error(&(struct squared_error){.m = m,
                                                    .prediction = s->workspace.prediction,
                                                    .target = s->workspace.target,
                                                    .gradient = s->workspace.gradient,
                                                    .gradient_scale = 2.0f / (float)m,
                                                    .sum = &sum});
  wide_deep_backward(&s->model, &s->workspace, m, s->kernels);
  optimizer_step(&s->optimizer, &s->model, &s->workspace, m, s->kernels);
}

static void assert_zero_row(const struct state *s, const struct tensor *table) {
  for (size_t d = 0; d < table->columns; d++) {
    const size_t at = table->offset + table->rows * table->ld + d;
    assert_true(s->model.weights[at] == 0.0f);
    assert_true(s->optimizer.first[at] == 0.0f && s->optimizer.second[at] == 0.0f);
  }
}

static void check_unseen(const struct train_spec *spec) {
  struct state s;
  start(&s, spec);
  for (uint32_t i = 0; i < 6; i++) step(&s, i, i % 2 * BATCH, BATCH);
  for (size_t f = 0; f < s.model.fields; f++) assert_zero_row(&s, s.model.field[f].table);
  for (size_t c = 0; c < s.model.crosses; c++) assert_zero_row(&s, s.model.wide[c].weight);
  stop(&s);
}

static struct train_spec training_with(enum optimizer_name name) {
  return (struct train_spec){.epochs = 1,
                             .batch_size = BATCH,
                             .optimizer = {.name = name,
                                           .learning_rate = 0.05,
                                           .momentum = name == OPTIMIZER_SGD ? 0.9 : 0.0,
                                           .weight_decay = 0.01,
                                           .l1 = 1e-4,
                                           .l2 = 1e-3}};
}

static void the_unseen_row_stays_zero_under_every_optimizer(void **unused) {
  (void)unused;
  for (enum optimizer_name name = OPTIMIZER_ADAM; name <= OPTIMIZER_FTRL; name++) {
    struct train_spec spec = training_with(name);
    check_unseen(&spec);
    spec.embedding_updates = UPDATES_LAZY;
    spec.l2 = (struct l2_spec){1e-2, 1e-2, 1e-2};
    check_unseen(&spec);
    spec.has_wide_optimizer = true;
    spec.wide_optimizer = training_with(OPTIMIZER_FTRL).optimizer;
    check_unseen(&spec);
  }
}

/* The table rows that the first `m` rows of a field read, from the data. */
static void mark_rows(const struct state *s, size_t f, size_t m, bool *read) {
  const struct field *field = &s->model.field[f];
  const struct encoded_rows *rows = &s->fixture.rows;
  for (size_t i = 0; i < m; i++) {
    if (!field->is_bag) {
      read[rows->codes[i * rows->slots + field->source]] = true;
      continue;
    }
    const struct encoded_bag *bag = &rows->bag[field->source];
    const uint32_t start_of = bag->lists->offset[bag->owner[i]];
    const uint32_t length = bag->lists->offset[bag->owner[i] + 1] - start_of;
    for (uint32_t k = 0; k < length; k++) {
      if (k != bag->skip[i]) read[bag->lists->entry[start_of + k]] = true;
    }
  }
}

/* Also of bags: each row of the batch once, and nothing else has moved. */
static void a_lazy_step_moves_the_rows_of_the_batch(void **unused) {
  (void)unused;
  enum { FEW = 5 };
  struct train_spec spec = training_with(OPTIMIZER_ADAM);
  spec.embedding_updates = UPDATES_LAZY;
  struct error error = {0};
  struct state s;
  start(&s, &spec);
  float *before = memory_array(s.model.floats, sizeof *before, &error);
  memcpy(before, s.model.weights, s.model.floats * sizeof *before);
  step(&s, 0, 0, FEW);
  size_t untouched = 0;
  for (size_t f = 0; f < s.model.fields; f++) {
    const struct tensor *table = s.model.field[f].table;
    bool read[32] = {0};
    size_t count = 0;
    mark_rows(&s, f, FEW, read);
    for (size_t row = 0; row < table->rows; row++) {
      const size_t at = table->offset + row * table->ld;
      bool moved = memcmp(before + at, s.model.weights + at, table->columns * sizeof(float)) != 0;
      assert_int_equal(moved, read[row]);
      count += read[row];
      untouched += !read[row];
    }
    assert_int_equal(s.optimizer.batch_rows.count[f], count + read[table->rows]);
  }
  assert_true(untouched > 0);
  for (size_t i = 0; i < s.model.table_floats; i++) assert_true(s.model.gradients[i] == 0.0f);
  free(before);
  stop(&s);
}

/* Batches of few rows of large tables, the weights after it, and how many of the steps asked
 * for the rows of their batch. */
static float *weights_after_small_batches(const struct train_spec *spec, size_t *floats,
                                          uint32_t *by_rows) {
  enum { FEW = 4, STEPS = 18 };
  struct state s;
  start_with(&s, spec, &(struct fixture_options){.cross_slots = 3, .values = 600});
  for (uint32_t i = 0; i < STEPS; i++) step(&s, i, i * FEW % (ROWS - FEW), FEW);
  for (size_t i = 0; i < s.model.table_floats; i++) assert_true(s.model.gradients[i] == 0.0f);
  float *weights = s.model.weights;
  s.model.weights = NULL;
  *floats = s.model.floats;
  *by_rows = s.optimizer.batch_rows.batches;
  stop(&s);
  return weights;
}

/* Who keeps an average steps over all weights, and moves them all the same. */
static void check_small_batches(struct train_spec spec, bool rows_alone) {
  size_t floats, same;
  uint32_t by_rows, by_rows_of_all;
  float *found = weights_after_small_batches(&spec, &floats, &by_rows);
  spec.averaging = (struct averaging_spec){.on = true, .ema = 0.9};
  float *expected = weights_after_small_batches(&spec, &same, &by_rows_of_all);
  assert_int_equal(floats, same);
  assert_memory_equal(found, expected, floats * sizeof *found);
  if (spec.l2.embeddings == 0) {
    assert_int_equal(by_rows_of_all, 0);
    assert_int_equal(by_rows > 0, rows_alone);
  }
  free(found);
  free(expected);
}

static void a_step_over_the_rows_of_a_batch_has_the_bits_of_a_step_over_all(void **unused) {
  (void)unused;
  struct train_spec spec = training_with(OPTIMIZER_ADAGRAD);
  check_small_batches(spec, true);
  spec = training_with(OPTIMIZER_SGD);
  check_small_batches(spec, false); /* momentum moves all rows */
  spec.optimizer.momentum = 0;
  check_small_batches(spec, true);
  spec.l2.wide = 0.02;
  check_small_batches(spec, true);
  spec.l2 = (struct l2_spec){.embeddings = 0.02, .deep = 0.02};
  check_small_batches(spec, true);
  spec.l2 = (struct l2_spec){0};
  spec.has_wide_optimizer = true;
  for (enum optimizer_name name = OPTIMIZER_ADAM; name <= OPTIMIZER_FTRL; name++) {
    spec.wide_optimizer = training_with(name).optimizer;
    check_small_batches(spec, true);
  }
}

static void a_schedule_is_its_formula(void **unused) {
  (void)unused;
  const struct schedule_spec step_of_2 = {.name = SCHEDULE_STEP, .step_epochs = 2, .factor = 0.5};
  const double steps[6] = {1, 1, 0.5, 0.5, 0.25, 0.25};
  const struct schedule_spec cosine = {.name = SCHEDULE_COSINE, .minimum = 0.5};
  const struct schedule_spec inverse = {.name = SCHEDULE_INVERSE_TIME, .decay = 0.25};
  for (uint32_t e = 0; e < 6; e++) {
    assert_true(schedule_factor(&step_of_2, e, 6) == steps[e]);
    assert_true(schedule_factor(&(struct schedule_spec){0}, e, 6) == 1.0);
    const double expected = 0.5 + 0.5 * (1 + cos(acos(-1.0) * e / 6)) / 2;
    assert_true(fabs(schedule_factor(&cosine, e, 6) - expected) < 1e-14);
  }
  assert_true(schedule_factor(&cosine, 0, 6) == 1.0);
  assert_true(schedule_factor(&cosine, 3, 6) == 0.75);
  assert_true(schedule_factor(&inverse, 4, 6) == 0.5);
}

/* One step of Adam or SGD, from the same start, is as long as its rate. */
static void a_factor_scales_the_step(void **unused) {
  (void)unused;
  const enum optimizer_name names[] = {OPTIMIZER_ADAM, OPTIMIZER_ADAMW, OPTIMIZER_SGD,
                                       OPTIMIZER_ADAGRAD};
  for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
    const struct train_spec spec = training_with(names[n]);
    double moved[2] = {0, 0};
    for (int half = 0; half < 2; half++) {
      struct state s;
      start(&s, &spec);
      const size_t at = s.model.wide[0].weight->offset;
      const size_t count = s.model.wide[0].weight->rows;
      double before[8];
      for (size_t i = 0; i < count; i++) before[i] = (double)s.model.weights[at + i];
      if (half) optimizer_schedule(&s.optimizer, &s.model, 0.5);
      step(&s, 0, 0, BATCH);
      for (size_t i = 0; i < count; i++) {
        moved[half] += fabs((double)s.model.weights[at + i] - before[i]);
      }
      stop(&s);
    }
    assert_true(moved[0] > 0.01);
    assert_true(fabs(moved[1] / moved[0] - 0.5) < 1e-4);
  }
}

/* FTRL's weights are a function of its sums and its rate. */
static void a_lower_rate_does_not_shrink_ftrls_weights(void **unused) {
  (void)unused;
  const struct train_spec spec = training_with(OPTIMIZER_FTRL);
  struct error error = {0};
  struct state s;
  start(&s, &spec);
  for (uint32_t i = 0; i < 6; i++) step(&s, i, i % 2 * BATCH, BATCH);
  float *before = memory_array(s.model.floats, sizeof *before, &error);
  memcpy(before, s.model.weights, s.model.floats * sizeof *before);
  optimizer_schedule(&s.optimizer, &s.model, 0.1);
  memset(s.model.gradients, 0, s.model.floats * sizeof(float));
  optimizer_step(&s.optimizer, &s.model, &s.workspace, 0, s.kernels);
  size_t nonzero = 0;
  for (size_t i = 0; i < s.model.floats; i++) {
    nonzero += fabsf(before[i]) > 1e-3f;
    assert_true(fabsf(s.model.weights[i] - before[i]) <= 1e-5f * (1e-2f + fabsf(before[i])));
  }
  assert_true(nonzero > 20);
  free(before);
  stop(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_unseen_row_stays_zero_under_every_optimizer),
      cmocka_unit_test(a_lazy_step_moves_the_rows_of_the_batch),
      cmocka_unit_test(a_step_over_the_rows_of_a_batch_has_the_bits_of_a_step_over_all),
      cmocka_unit_test(a_schedule_is_its_formula),
      cmocka_unit_test(a_factor_scales_the_step),
      cmocka_unit_test(a_lower_rate_does_not_shrink_ftrls_weights),
  };
  return cmocka_run_group_tests_name("optimizers", tests, NULL, NULL);
}
