/* The exponential average of the weights: its recurrence, rows that wait, and the
 * training that is judged by it. */
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
#include "tests/model/model_fixture.h"
#include "tests/model/scene.h"

#define EMA 0.9

/* --- steps of a model over random codes --- */

enum { ROWS = 37, BATCH = 4, STEPS = 9 };

struct steps {
  struct fixture fixture;
  struct train_spec spec;
  struct wide_deep model;
  struct workspace workspace;
  struct optimizer optimizer;
  const struct kernels *kernels;
  float *initial, *expected; /* expected: the average, of every float after every step */
};

static float *copy_of(const struct wide_deep *model) {
  struct error error = {0};
  float *copy = memory_array(model->floats, sizeof *copy, &error);
  assert_non_null(copy);
  return memcpy(copy, model->weights, model->floats * sizeof *copy);
}

static void start(struct steps *s, enum embedding_updates updates) {
  struct error error = {0};
  memset(s, 0, sizeof *s);
  s->kernels = kernels_of(isa_best());
  s->spec = (struct train_spec){.epochs = 1,
                                .batch_size = BATCH,
                                .optimizer.learning_rate = 0.05,
                                .embedding_updates = updates,
                                .averaging = {.on = true, .ema = EMA}};
  fixture_init(&s->fixture, ROWS, &(struct fixture_options){.bags = true});
  assert_true(wide_deep_init(&s->model, &s->fixture.spec, &s->fixture.encoding, 1, &error));
  assert_true(workspace_init(&s->workspace, &s->model, BATCH, &error));
  assert_true(optimizer_init(&s->optimizer, &s->spec, &s->model, BATCH, &error));
  s->initial = copy_of(&s->model);
  s->expected = copy_of(&s->model);
}

static void stop(struct steps *s) {
  free(s->initial);
  free(s->expected);
  optimizer_clear(&s->optimizer);
  workspace_clear(&s->workspace);
  wide_deep_clear(&s->model);
  fixture_clear(&s->fixture);
}

static void step(struct steps *s, uint32_t number) {
  const struct training_step training = {.seed = 5, .step = number};
  double sum = 0;
  workspace_load(&s->workspace, &s->model, &s->fixture.rows, NULL, number * BATCH, BATCH);
  wide_deep_forward(&s->model, &s->workspace, BATCH, &training, s->kernels);
  s->kernels->squared_error(&(struct squared_error){.m = BATCH,
                                                    .prediction = s->workspace.prediction,
                                                    .target = s->workspace.target,
                                                    .gradient = s->workspace.gradient,
                                                    .gradient_scale = 2.0f / (float)BATCH,
                                                    .sum = &sum});
  wide_deep_backward(&s->model, &s->workspace, BATCH, s->kernels);
  optimizer_step(&s->optimizer, &s->model, &s->workspace, BATCH, s->kernels);
  for (size_t i = 0; i < s->model.floats; i++) {
    const float w = s->model.weights[i];
    s->expected[i] = fmaf((float)EMA, s->expected[i] - w, w);
  }
}

static void a_power_is_squared_from_the_lowest_bit(void **state) {
  (void)state;
  const double d = 0.998, d2 = d * d, d4 = d2 * d2;
  assert_true(averaging_power(d, 0) == 1.0);
  assert_true(averaging_power(d, 1) == d);
  assert_true(averaging_power(d, 3) == d * d2);
  assert_true(averaging_power(d, 7) == d * d2 * d4);
  assert_true(averaging_power(0.5, 1000) == 0x1p-1000);
  assert_true(averaging_power(0.5, UINT32_MAX) == 0.0);
}

static void each_step_moves_the_average_by_the_recurrence(void **state) {
  (void)state;
  struct steps s;
  start(&s, UPDATES_DENSE);
  assert_memory_equal(s.optimizer.averaging.mean, s.initial, s.model.floats * sizeof(float));
  for (uint32_t i = 0; i < STEPS; i++) step(&s, i);
  assert_memory_equal(s.optimizer.averaging.mean, s.expected, s.model.floats * sizeof(float));
  averaging_flush(&s.optimizer.averaging, &s.model, s.kernels);
  assert_memory_equal(s.optimizer.averaging.mean, s.expected, s.model.floats * sizeof(float));
  stop(&s);
}

/* Rows that wait get the average of all steps at once, within its rounding; a row that
 * no batch has read is what it was; the dense parts are exact. */
static void rows_of_lazy_tables_wait_and_are_caught_up(void **state) {
  (void)state;
  struct steps s;
  start(&s, UPDATES_LAZY);
  for (uint32_t i = 0; i < STEPS; i++) step(&s, i);
  const float *mean = s.optimizer.averaging.mean;
  size_t behind = 0, moved = 0;
  for (size_t i = 0; i < s.model.wide_at; i++) behind += mean[i] != s.expected[i];
  assert_true(behind > 50);
  averaging_flush(&s.optimizer.averaging, &s.model, s.kernels);
  for (size_t i = 0; i < s.model.floats; i++) {
    const bool exact = i >= s.model.wide_at || s.model.weights[i] == s.initial[i];
    assert_true(fabsf(mean[i] - s.expected[i]) <= (exact ? 0.0f : 1e-6f));
    moved += mean[i] != s.initial[i];
  }
  assert_true(moved > 100);
  stop(&s);
}

/* With weights that a row has had for k steps: mean = w + d^k (mean - w), once. */
static void a_row_is_caught_up_in_one_operation(void **state) {
  (void)state;
  struct steps s;
  start(&s, UPDATES_LAZY);
  struct averaging *averaging = &s.optimizer.averaging;
  const struct tensor *table = s.model.field[1].table;
  float *w = s.model.weights + table->offset + 2 * table->ld, first = w[0];
  w[0] = first + 1.0f;
  for (uint32_t k = 0; k < 5; k++) averaging_step(averaging);
  averaging_flush(averaging, &s.model, s.kernels);
  const float *mean = averaging->mean + table->offset + 2 * table->ld;
  const float expected = fmaf((float)averaging_power(EMA, 5), first - w[0], w[0]);
  assert_true(mean[0] == expected);
  averaging_flush(averaging, &s.model, s.kernels);
  assert_true(mean[0] == expected);
  averaging_step(averaging);
  averaging_step(averaging); /* whose batch reads the row: one step is missing, not two */
  averaging_rows(averaging, &s.model, 1, (const uint32_t[]){2}, 1, s.kernels);
  assert_true(mean[0] == fmaf((float)EMA, expected - w[0], w[0]));
  stop(&s);
}

static void a_model_has_its_weights_back_after_a_second_swap(void **state) {
  (void)state;
  struct steps s;
  start(&s, UPDATES_DENSE);
  step(&s, 0);
  float *weights = copy_of(&s.model);
  averaging_swap(&s.optimizer.averaging, &s.model);
  assert_memory_equal(s.model.weights, s.expected, s.model.floats * sizeof(float));
  averaging_swap(&s.optimizer.averaging, &s.model);
  assert_memory_equal(s.model.weights, weights, s.model.floats * sizeof(float));
  free(weights);
  stop(&s);
}

/* --- whole trainings --- */

static void average(struct scene *s, double ema) {
  s->train.averaging = (struct averaging_spec){.on = true, .ema = ema};
}

/* The weights that move are those of a training without averages. */
static void training_goes_on_as_without_averages(void **state) {
  (void)state;
  struct scene s;
  struct train_result plain, averaged;
  scene_init(&s, 0.2);
  scene_train(&s, &plain);
  average(&s, EMA);
  scene_train(&s, &averaged);
  for (uint32_t e = 0; e < 3; e++) {
    assert_true(averaged.curve[e].train_loss == plain.curve[e].train_loss);
    assert_true(averaged.curve[e].validation_mse != plain.curve[e].validation_mse);
    assert_true(averaged.curve[e].test_mse != plain.curve[e].test_mse);
  }
  assert_true(averaged.mse == averaged.curve[2].test_mse);
  assert_true(averaged.validation_mse == averaged.curve[2].validation_mse);
  assert_true(averaged.weights_digest != plain.weights_digest);
  train_result_clear(&plain);
  train_result_clear(&averaged);
  scene_clear(&s);
}

/* A share that is lost in rounding leaves the weights of the last step, also in rows of
 * lazy tables that were read last in another epoch. */
static void an_average_that_keeps_nothing_is_the_last_weights(void **state) {
  (void)state;
  for (enum embedding_updates updates = UPDATES_DENSE; updates <= UPDATES_LAZY; updates++) {
    struct scene s;
    scene_init(&s, 0.2);
    s.train.embedding_updates = updates;
    const uint64_t plain = scene_digest(&s);
    average(&s, 1e-20);
    assert_int_equal(scene_digest(&s), plain);
    average(&s, 0.5);
    assert_true(scene_digest(&s) != plain);
    scene_clear(&s);
  }
}

static void the_best_epoch_is_that_of_the_average(void **state) {
  (void)state;
  struct scene s;
  struct train_result stopped, best;
  scene_init(&s, 0.2);
  s.train.epochs = 60;
  s.train.embedding_updates = UPDATES_LAZY;
  s.train.early_stopping = (struct early_stopping_spec){.on = true, .patience = 3};
  average(&s, 0.95);
  scene_train(&s, &stopped);
  assert_true(stopped.epochs < 60);
  assert_int_equal(stopped.epochs, stopped.best_epoch + 3);
  assert_true(stopped.validation_mse == stopped.curve[stopped.best_epoch - 1].validation_mse);
  s.train.early_stopping.on = false;
  s.request.epochs = stopped.best_epoch; /* a rung has the numbers of the whole */
  scene_train(&s, &best);
  assert_int_equal(best.weights_digest, stopped.weights_digest);
  assert_true(best.mse == stopped.mse && best.train_mse == stopped.train_mse);
  train_result_clear(&stopped);
  train_result_clear(&best);
  scene_clear(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_power_is_squared_from_the_lowest_bit),
      cmocka_unit_test(each_step_moves_the_average_by_the_recurrence),
      cmocka_unit_test(rows_of_lazy_tables_wait_and_are_caught_up),
      cmocka_unit_test(a_row_is_caught_up_in_one_operation),
      cmocka_unit_test(a_model_has_its_weights_back_after_a_second_swap),
      cmocka_unit_test(training_goes_on_as_without_averages),
      cmocka_unit_test(an_average_that_keeps_nothing_is_the_last_weights),
      cmocka_unit_test(the_best_epoch_is_that_of_the_average),
  };
  return cmocka_run_group_tests_name("averaging", tests, NULL, NULL);
}
