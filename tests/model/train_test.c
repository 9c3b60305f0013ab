/* What training promises beside its numbers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/train.h"

struct scene {
  struct dataset dataset;
  struct split split;
  struct features features;
  struct model_spec model;
  struct train_spec train;
  struct train_request request;
};

static void set_column(char *to, const char *name) {
  strncpy(to, name, COLUMN_NAME - 1);
}

static int set_up(void **state) {
  static struct scene scene;
  struct scene *s = &scene;
  memset(s, 0, sizeof *s);
  *state = s;
  const struct synthetic_spec spec = {.users = 60, .items = 80, .ratings = 1000, .seed = 3};
  const struct split_spec split = {.method = SPLIT_RANDOM, .test = 0.2, .validation = 0.0};
  struct error error = {0};
  struct encoding_spec encoding;
  s->model = (struct model_spec){.crosses = 1, .deep_columns = 1, .embedding_dim = 4};
  s->model.cross[0].arity = 2;
  set_column(s->model.cross[0].column[0], "gender");
  set_column(s->model.cross[0].column[1], "genre");
  set_column(s->model.deep[0].name, "user_id");
  s->model.hidden_layers = 1;
  s->model.hidden[0] = 16;
  s->train = (struct train_spec){.epochs = 3, .batch_size = 32, .optimizer.learning_rate = 0.01};
  features_init(&s->features, &s->dataset);
  bool made = dataset_synthesise(&spec, &s->dataset, &error) &&
              split_make(&s->dataset, &split, 1, NULL, &s->split, &error) &&
              model_encoding_spec(&s->model, false, &encoding, &error) &&
              features_add(&s->features, &encoding, &error);
  s->request = (struct train_request){.kernels = kernels_of(isa_best()),
                                      .dataset = &s->dataset,
                                      .features = &s->features,
                                      .split = &s->split,
                                      .model = &s->model,
                                      .train = &s->train,
                                      .seed = 1};
  return made ? 0 : -1;
}

static int tear_down(void **state) {
  struct scene *s = *state;
  features_clear(&s->features);
  split_clear(&s->split);
  dataset_clear(&s->dataset);
  return 0;
}

static uint64_t digest_of(const struct scene *s) {
  struct error error = {0};
  struct train_result result;
  if (!train(&s->request, &result, &error)) fail_msg("%s", error.message);
  uint64_t digest = result.weights_digest;
  train_result_clear(&result);
  return digest;
}

static void a_seed_gives_its_own_bits_again(void **state) {
  struct scene *s = *state;
  uint64_t first = digest_of(s);
  assert_true(first == digest_of(s));
  s->request.seed = 2;
  assert_true(first != digest_of(s));
}

static void test_ratings_never_reach_the_weights(void **state) {
  struct scene *s = *state;
  uint64_t before = digest_of(s);
  const uint32_t *test = s->split.rows + s->split.train;
  for (size_t i = 0; i < s->split.test; i++) s->dataset.row_rating[test[i]] = 1.0f;
  assert_true(before == digest_of(s));
  s->dataset.row_rating[s->split.rows[0]] = 9.0f;
  assert_true(before != digest_of(s));
}

static void a_divergence_fails_with_its_epoch(void **state) {
  struct scene *s = *state;
  struct error error = {0};
  struct train_result result;
  s->train.optimizer.learning_rate = 1e30;
  assert_false(train(&s->request, &result, &error));
  assert_int_equal(error.kind, ERROR_TRIAL);
  assert_non_null(strstr(error.message, "diverged in epoch 1"));
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
  assert_false(train(&s->request, &result, &error));
  assert_int_equal(error.kind, ERROR_INTERRUPTED);
  assert_int_equal(asked, 1);
}

static void without_validation_rows_the_last_epoch_counts(void **state) {
  const struct scene *s = *state;
  struct error error = {0};
  struct train_result result;
  assert_true(train(&s->request, &result, &error));
  assert_int_equal(result.best_epoch, 3);
  assert_true(isnan(result.validation_mse));
  assert_true(result.mse == result.curve[2].test_mse);
  assert_true(fabs(result.rmse * result.rmse - result.mse) < 1e-12);
  assert_int_equal(result.flops_per_row, 2 * (4 * 16 + 16));
  train_result_clear(&result);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_seed_gives_its_own_bits_again, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_ratings_never_reach_the_weights, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_divergence_fails_with_its_epoch, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_stop_ends_after_the_epoch, set_up, tear_down),
      cmocka_unit_test_setup_teardown(without_validation_rows_the_last_epoch_counts, set_up,
                                      tear_down),
  };
  return cmocka_run_group_tests_name("training", tests, NULL, NULL);
}
