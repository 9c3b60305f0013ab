/* What training promises beside its numbers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/ensemble.h"
#include "model/wide_deep.h"
#include "tests/model/scene.h"

static int set_up(void **state) {
  static struct scene scene;
  scene_init(&scene, 0.0);
  *state = &scene;
  return 0;
}

static int tear_down(void **state) {
  scene_clear(*state);
  return 0;
}

static void a_seed_gives_its_own_bits_again(void **state) {
  struct scene *s = *state;
  uint64_t first = scene_digest(s);
  assert_true(first == scene_digest(s));
  s->request.seed = 2;
  assert_true(first != scene_digest(s));
}

static void test_ratings_never_reach_the_weights(void **state) {
  struct scene *s = *state;
  uint64_t before = scene_digest(s);
  float *rating = s->dataset.row_rating;
  const uint32_t *test = s->split.rows + s->split.train;
  const float first = rating[test[0]];
  for (size_t i = 0; i + 1 < s->split.test; i++) rating[test[i]] = rating[test[i + 1]];
  rating[test[s->split.test - 1]] = first;
  assert_true(before == scene_digest(s));
  for (size_t i = 0; i < s->split.test; i++) rating[test[i]] = 1.0f;
  assert_true(before == scene_digest(s));
  rating[s->split.rows[0]] = 9.0f;
  assert_true(before != scene_digest(s));
}

/* Other people, films, times and ratings in their place, those without any
 * training row among them. */
static void other_test_rows_give_the_same_weights(void **state) {
  struct scene *s = *state;
  uint64_t before = scene_digest(s);
  const uint32_t *test = s->split.rows + s->split.train;
  for (size_t i = 0; i < s->split.test; i++) {
    s->dataset.row_user[test[i]] = (uint32_t)(i * 7 % s->dataset.users);
    s->dataset.row_item[test[i]] = (uint32_t)(i * 11 % s->dataset.items);
    s->dataset.row_time[test[i]] -= (int64_t)(i * 100000);
    s->dataset.row_rating[test[i]] = (float)(1 + i % 5);
  }
  scene_features(s);
  assert_true(before == scene_digest(s));
  uint32_t *user = &s->dataset.row_user[s->split.rows[0]];
  *user = (*user + 1) % (uint32_t)s->dataset.users;
  scene_features(s);
  assert_true(before != scene_digest(s));
}

static void a_divergence_fails_with_its_epoch(void **state) {
  struct scene *s = *state;
  struct error error = {0};
  struct train_result result;
  s->train.optimizer.learning_rate = 1e30;
  assert_false(train_run(&s->request, &result, &error));
  assert_int_equal(error.kind, ERROR_TRIAL);
  assert_non_null(strstr(error.message, "diverged in epoch 1"));
  assert_true(result.epochs == 0 && result.curve == NULL);
}

static bool stop_at_once(void *context) {
  ++*(int *)context;
  return true;
}

static void a_stop_ends_after_the_epoch(void **state) {
  struct scene *s = *state;
  struct error error = {0};
  struct train_result result;
  int asked = 0;
  s->request.stop = stop_at_once;
  s->request.stop_context = &asked;
  assert_false(train_run(&s->request, &result, &error));
  assert_int_equal(error.kind, ERROR_INTERRUPTED);
  assert_string_equal(error.message, "interrupted after epoch 1");
  assert_int_equal(asked, 1);
  assert_int_equal(result.epochs, 1);
  train_result_clear(&result);
}

static bool stop_at_the_second_question(void *context) {
  return ++*(int *)context == 2;
}

static void a_failure_keeps_the_curve_of_finished_epochs(void **state) {
  struct scene *s = *state;
  struct error error = {0};
  struct train_result whole, result;
  int asked = 0;
  scene_train(s, &whole);
  s->request.stop = stop_at_the_second_question;
  s->request.stop_context = &asked;
  assert_false(train_run(&s->request, &result, &error));
  assert_int_equal(result.epochs, 2);
  for (size_t e = 0; e < 2; e++) {
    assert_true(result.curve[e].test_mse == whole.curve[e].test_mse);
    assert_true(result.curve[e].train_loss == whole.curve[e].train_loss);
  }
  assert_true(result.weights_digest == 0 && result.best_epoch == 0);
  train_result_clear(&result);
  train_result_clear(&whole);
}

static void without_validation_rows_the_last_epoch_counts(void **state) {
  const struct scene *s = *state;
  struct train_result result;
  scene_train(s, &result);
  assert_int_equal(result.best_epoch, 3);
  assert_int_equal(result.epochs, 3);
  assert_true(isnan(result.validation_mse));
  assert_true(result.mse == result.curve[2].test_mse);
  assert_true(fabs(result.rmse * result.rmse - result.mse) < 1e-12);
  train_result_clear(&result);
}

/* x: four embeddings of 4, five numbers, an indicator of a missing year. */
static void the_size_is_known_without_training(void **state) {
  struct scene *s = *state;
  struct error error = {0};
  struct train_result result;
  struct model_size size;
  scene_train(s, &result);
  s->request.kernels = NULL;
  assert_true(train_size(&s->request, &size, &error));
  assert_int_equal(size.flops_per_row, 2 * ((16 + 6) * 16 + 16));
  assert_true(size.wide_columns > 50);
  assert_int_equal(size.flops_per_row, result.flops_per_row);
  assert_int_equal(size.wide_columns, result.wide_columns);
  assert_int_equal(size.parameters, result.parameters);
  train_result_clear(&result);
}

/* A model that is far off at first: predictions near 0 are cut to 1. */
static void clipping_changes_the_scores_and_not_the_weights(void **state) {
  struct scene *s = *state;
  struct train_result free_scores, clipped;
  s->train.epochs = 1;
  s->train.optimizer.learning_rate = 1e-5;
  scene_train(s, &free_scores);
  s->model.clip = true;
  scene_train(s, &clipped);
  assert_true(free_scores.weights_digest == clipped.weights_digest);
  assert_true(free_scores.curve[0].train_loss == clipped.curve[0].train_loss);
  assert_true(clipped.mse < free_scores.mse && clipped.mae < free_scores.mae);
  assert_true(clipped.train_mse < free_scores.train_mse);
  /* All are cut to 1, so the errors are whole. */
  assert_true(clipped.mse * (double)s->split.test ==
              floor(clipped.mse * (double)s->split.test + 0.5));
  train_result_clear(&free_scores);
  train_result_clear(&clipped);
}

struct handed_over {
  uint64_t digest;
  size_t fields;
  bool keep;
};

static bool look(void *context, const struct ensemble *models, const struct encoding *encoding,
                 struct error *error) {
  struct handed_over *handed = context;
  handed->digest = ensemble_digest(models);
  handed->fields = encoding->fields;
  return handed->keep || error_set(error, ERROR_SYSTEM, "no room for the model");
}

static void the_trained_model_is_handed_over(void **state) {
  struct scene *s = *state;
  struct error error = {0};
  struct train_result result;
  struct handed_over handed = {.keep = true};
  s->request.trained = look;
  s->request.trained_context = &handed;
  scene_train(s, &result);
  assert_true(handed.digest == result.weights_digest);
  assert_int_equal(handed.fields, 4);
  train_result_clear(&result);
  handed.keep = false;
  assert_false(train_run(&s->request, &result, &error));
  assert_string_equal(error.message, "no room for the model");
  train_result_clear(&result);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(a_seed_gives_its_own_bits_again),
      TEST(test_ratings_never_reach_the_weights),
      TEST(other_test_rows_give_the_same_weights),
      TEST(a_divergence_fails_with_its_epoch),
      TEST(a_stop_ends_after_the_epoch),
      TEST(a_failure_keeps_the_curve_of_finished_epochs),
      TEST(without_validation_rows_the_last_epoch_counts),
      TEST(the_size_is_known_without_training),
      TEST(clipping_changes_the_scores_and_not_the_weights),
      TEST(the_trained_model_is_handed_over),
  };
  return cmocka_run_group_tests_name("training", tests, NULL, NULL);
}
