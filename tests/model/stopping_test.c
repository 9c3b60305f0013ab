/* Where training ends, and with which weights. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/model/scene.h"

enum { EPOCHS = 60 };

/* A rate at which the small scene overfits within the epochs. */
static int set_up(void **state) {
  static struct scene scene;
  scene_init(&scene, 0.2);
  scene.train.epochs = EPOCHS;
  *state = &scene;
  return 0;
}

static int tear_down(void **state) {
  scene_clear(*state);
  return 0;
}

static void assert_same_epoch(const struct epoch_result *a, const struct epoch_result *b) {
  assert_true(a->train_loss == b->train_loss);
  assert_true(a->validation_mse == b->validation_mse);
  assert_true(a->test_mse == b->test_mse);
}

/* The result is that of a training of best_epoch epochs. */
static void assert_restored(struct scene *s, const struct train_result *result) {
  struct train_result best;
  s->train.early_stopping.on = false;
  s->request.epochs = result->best_epoch;
  scene_train(s, &best);
  assert_true(result->weights_digest == best.weights_digest);
  assert_true(result->mse == best.mse && result->mae == best.mae);
  assert_true(result->train_mse == best.train_mse);
  assert_true(result->validation_mse == best.validation_mse);
  train_result_clear(&best);
}

static void early_stopping_restores_the_best_epoch(void **state) {
  struct scene *s = *state;
  struct train_result result;
  s->train.early_stopping = (struct early_stopping_spec){.on = true, .patience = 3};
  scene_train(s, &result);
  assert_true(result.epochs < EPOCHS);
  assert_int_equal(result.epochs, result.best_epoch + 3);
  assert_true(result.curve[result.best_epoch - 1].validation_mse == result.validation_mse);
  for (uint32_t e = 0; e < result.epochs; e++) {
    assert_true(result.curve[e].validation_mse >= result.validation_mse);
  }
  assert_restored(s, &result);
  train_result_clear(&result);
}

/* Training that was never patient enough to end restores it too. */
static void the_last_epoch_ends_training_with_the_best_weights(void **state) {
  struct scene *s = *state;
  struct train_result result;
  s->train.early_stopping = (struct early_stopping_spec){.on = true, .patience = EPOCHS};
  scene_train(s, &result);
  assert_int_equal(result.epochs, EPOCHS);
  assert_true(result.best_epoch < EPOCHS);
  assert_restored(s, &result);
  train_result_clear(&result);
}

/* Only the first epoch falls by more than 100; the best is the lowest still. */
static void small_gains_do_not_count_as_progress(void **state) {
  struct scene *s = *state;
  struct train_result result;
  s->train.early_stopping =
      (struct early_stopping_spec){.on = true, .patience = 2, .min_delta = 100.0};
  scene_train(s, &result);
  assert_int_equal(result.epochs, 3);
  assert_true(result.best_epoch > 1);
  assert_restored(s, &result);
  train_result_clear(&result);
}

/* All predictions are cut to 1, so that every epoch has the same error: the
 * first is the best, and its weights are the ones that are kept. */
static void of_equal_epochs_the_first_is_the_best(void **state) {
  struct scene *s = *state;
  struct train_result result;
  s->model.clip = true;
  s->train.optimizer.learning_rate = 1e-6;
  s->train.early_stopping = (struct early_stopping_spec){.on = true, .patience = 2};
  scene_train(s, &result);
  assert_int_equal(result.epochs, 3);
  assert_true(result.curve[2].validation_mse == result.curve[0].validation_mse);
  assert_int_equal(result.best_epoch, 1);
  assert_restored(s, &result);
  train_result_clear(&result);
}

static void early_stopping_without_validation_rows_is_refused(void **state) {
  struct scene *s = *state;
  struct error error = {0};
  struct train_result result;
  scene_clear(s);
  scene_init(s, 0.0);
  s->train.early_stopping = (struct early_stopping_spec){.on = true, .patience = 1};
  assert_false(train_run(&s->request, &result, &error));
  assert_int_equal(error.kind, ERROR_CONFIG);
  assert_non_null(strstr(error.message, "early_stopping needs validation rows"));
}

static void check_prefix(struct scene *s) {
  struct train_result whole, prefix, shorter;
  s->request.epochs = 0;
  s->train.epochs = 5;
  scene_train(s, &whole);
  s->request.epochs = 2;
  scene_train(s, &prefix);
  assert_int_equal(whole.epochs, 5);
  assert_int_equal(prefix.epochs, 2);
  for (uint32_t e = 0; e < 2; e++) assert_same_epoch(&prefix.curve[e], &whole.curve[e]);
  assert_true(prefix.mse == whole.curve[1].test_mse);
  s->request.epochs = 9;
  s->train.epochs = 2;
  scene_train(s, &shorter);
  assert_int_equal(shorter.epochs, 2);
  const bool by_length = s->train.schedule.name == SCHEDULE_COSINE;
  assert_true((shorter.weights_digest != prefix.weights_digest) == by_length);
  train_result_clear(&whole);
  train_result_clear(&prefix);
  train_result_clear(&shorter);
}

static void a_prefix_has_the_numbers_of_the_whole(void **state) {
  struct scene *s = *state;
  for (enum schedule_name name = SCHEDULE_CONSTANT; name <= SCHEDULE_INVERSE_TIME; name++) {
    s->train.schedule = (struct schedule_spec){name, 1, 0.5, 0.0, 1.0};
    check_prefix(s);
  }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(early_stopping_restores_the_best_epoch),
      TEST(the_last_epoch_ends_training_with_the_best_weights),
      TEST(small_gains_do_not_count_as_progress),
      TEST(of_equal_epochs_the_first_is_the_best),
      TEST(early_stopping_without_validation_rows_is_refused),
      TEST(a_prefix_has_the_numbers_of_the_whole),
  };
  return cmocka_run_group_tests_name("stopping", tests, NULL, NULL);
}
