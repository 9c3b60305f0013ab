/* Training anew on training and validation rows, for the epochs that were found. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/model/scene.h"

enum { EPOCHS = 40 };

/* Overfits within the epochs. The rate follows a schedule of all of them. */
static int set_up(void **state) {
  static struct scene scene;
  scene_init(&scene, 0.2);
  scene.train.epochs = EPOCHS;
  scene.train.schedule = (struct schedule_spec){.name = SCHEDULE_COSINE, .minimum = 0.1};
  scene.train.early_stopping = (struct early_stopping_spec){.on = true, .patience = 3};
  *state = &scene;
  return 0;
}

static int tear_down(void **state) {
  scene_clear(*state);
  return 0;
}

static void train(struct scene *s, bool refit, struct train_result *result) {
  s->train.refit = refit;
  scene_train(s, result);
}

/* Of the joined split, whose validation rows stand among the training rows. */
static void it_is_the_training_of_all_rows_but_the_test_rows(void **state) {
  struct scene *s = *state;
  for (enum embedding_updates updates = UPDATES_DENSE; updates <= UPDATES_LAZY; updates++) {
    struct train_result refit, joined;
    struct error error = {0};
    struct split both, own = s->split;
    s->train.embedding_updates = updates;
    s->train.averaging.on = updates == UPDATES_LAZY;
    s->train.averaging.ema = 0.9;
    train(s, true, &refit);
    assert_true(refit.epochs < EPOCHS);
    assert_int_equal(refit.refit_epochs, refit.best_epoch);
    assert_true(split_join_validation(&own, &both, &error));
    const double rows = (double)own.train * refit.epochs + (double)both.train * refit.refit_epochs;
    assert_true(fabs(refit.rows_per_second * refit.train_seconds - rows) < 1e-6 * rows);
    assert_int_equal(both.train, own.train + own.validation);
    assert_int_equal(both.validation, 0);
    for (size_t i = 1; i < both.train; i++) assert_true(both.rows[i - 1] < both.rows[i]);
    s->split = both;
    s->train.early_stopping.on = false;
    s->request.epochs = refit.best_epoch;
    train(s, false, &joined);
    assert_int_equal(joined.weights_digest, refit.weights_digest);
    assert_true(joined.mse == refit.mse && joined.mae == refit.mae && joined.rmse == refit.rmse);
    assert_true(joined.train_mse == refit.train_mse);
    assert_int_equal(joined.parameters, refit.parameters);
    train_result_clear(&refit);
    train_result_clear(&joined);
    s->split = own;
    split_clear(&both);
    s->train.early_stopping.on = true;
    s->request.epochs = 0;
  }
}

static void the_curve_is_that_of_the_first_training(void **state) {
  struct scene *s = *state;
  struct train_result plain, refit;
  train(s, false, &plain);
  train(s, true, &refit);
  assert_int_equal(plain.refit_epochs, 0);
  assert_int_equal(refit.epochs, plain.epochs);
  assert_int_equal(refit.best_epoch, plain.best_epoch);
  assert_true(refit.validation_mse == plain.validation_mse);
  for (uint32_t e = 0; e < plain.epochs; e++) {
    assert_true(refit.curve[e].train_loss == plain.curve[e].train_loss);
    assert_true(refit.curve[e].test_mse == plain.curve[e].test_mse);
  }
  assert_true(refit.weights_digest != plain.weights_digest && refit.mse != plain.mse);
  train_result_clear(&plain);
  train_result_clear(&refit);
}

/* A rung that ends a trial leaves what it leaves without refit; one that early stopping has
 * ended before it is done. */
static void a_trial_that_is_cut_is_not_refitted(void **state) {
  struct scene *s = *state;
  struct train_result whole, plain, cut, done;
  train(s, true, &whole);
  s->request.epochs = whole.epochs - 1;
  train(s, false, &plain);
  train(s, true, &cut);
  assert_true(cut.cut && plain.cut && !whole.cut);
  assert_int_equal(cut.refit_epochs, 0);
  assert_int_equal(cut.weights_digest, plain.weights_digest);
  assert_true(cut.mse == plain.mse);
  s->request.epochs = whole.epochs + 1;
  train(s, true, &done);
  assert_false(done.cut);
  assert_int_equal(done.weights_digest, whole.weights_digest);
  assert_true(done.mse == whole.mse);
  train_result_clear(&whole);
  train_result_clear(&plain);
  train_result_clear(&cut);
  train_result_clear(&done);
}

static uint32_t *test_rows(struct scene *s) {
  return s->split.rows + s->split.train + s->split.validation;
}

/* Other ratings, then other pairs of user and item and other times. */
static void test_rows_reach_no_weight(void **state) {
  struct scene *s = *state;
  struct train_result before, after;
  train(s, true, &before);
  const uint32_t *rows = test_rows(s);
  for (size_t i = 0; i < s->split.test; i++) {
    float *rating = &s->dataset.row_rating[rows[i]];
    *rating = *rating < 3.0f ? 5.0f : 1.0f;
  }
  train(s, true, &after);
  assert_int_equal(after.weights_digest, before.weights_digest);
  assert_int_equal(after.epochs, before.epochs);
  assert_true(after.train_mse == before.train_mse && after.mse != before.mse);
  train_result_clear(&after);
  for (size_t i = 0; i + 1 < s->split.test; i += 2) {
    const uint32_t a = rows[i], b = rows[i + 1], user = s->dataset.row_user[a];
    const int64_t time = s->dataset.row_time[a];
    s->dataset.row_user[a] = s->dataset.row_user[b];
    s->dataset.row_user[b] = user;
    s->dataset.row_time[a] = s->dataset.row_time[b];
    s->dataset.row_time[b] = time;
  }
  scene_features(s);
  train(s, true, &after);
  assert_int_equal(after.weights_digest, before.weights_digest);
  assert_int_equal(after.epochs, before.epochs);
  train_result_clear(&before);
  train_result_clear(&after);
}

/* What a validation row says does reach them, by training and by what is fitted. */
static void validation_rows_do(void **state) {
  struct scene *s = *state;
  struct train_result before, after;
  s->train.early_stopping.patience = EPOCHS; /* the same epochs */
  s->train.epochs = 1;
  train(s, true, &before);
  s->dataset.row_rating[s->split.rows[s->split.train]] += 1.0f;
  train(s, true, &after);
  assert_int_equal(after.refit_epochs, before.refit_epochs);
  assert_true(after.weights_digest != before.weights_digest);
  train_result_clear(&before);
  train_result_clear(&after);
}

static void refit_without_early_stopping_is_refused(void **state) {
  struct scene *s = *state;
  struct error error = {0};
  struct train_result result;
  s->train.refit = true;
  s->train.early_stopping.on = false;
  assert_false(train_run(&s->request, &result, &error));
  assert_int_equal(error.kind, ERROR_CONFIG);
  assert_non_null(strstr(error.message, "refit needs early_stopping"));
}

static void the_size_is_that_of_the_second_training(void **state) {
  struct scene *s = *state;
  struct error error = {0};
  struct model_size plain, refit;
  struct train_result result;
  assert_true(train_size(&s->request, &plain, &error));
  train(s, true, &result);
  assert_true(train_size(&s->request, &refit, &error));
  assert_int_equal(refit.parameters, result.parameters);
  assert_int_equal(refit.wide_columns, result.wide_columns);
  assert_true(refit.parameters > plain.parameters && refit.memory > plain.memory);
  train_result_clear(&result);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(it_is_the_training_of_all_rows_but_the_test_rows),
      TEST(the_curve_is_that_of_the_first_training),
      TEST(a_trial_that_is_cut_is_not_refitted),
      TEST(test_rows_reach_no_weight),
      TEST(validation_rows_do),
      TEST(refit_without_early_stopping_is_refused),
      TEST(the_size_is_that_of_the_second_training),
  };
  return cmocka_run_group_tests_name("refit", tests, NULL, NULL);
}
