/* The test rows reach nothing of a model, whatever is switched on: two members, an ordinal
 * head, averages, early stopping and a second training on validation rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "model/ensemble.h"
#include "tests/model/scene.h"

enum { MEMBERS = 2 };

/* All weights of the members, which are their averages, and what was fitted for the head. */
struct trained {
  struct train_result result;
  size_t floats[MEMBERS];
  float *weights[MEMBERS];
  struct rating_levels levels;
};

static bool keep(void *context, const struct ensemble *models, const struct encoding *encoding,
                 struct error *error) {
  struct trained *trained = context;
  (void)error;
  assert_int_equal(models->members, MEMBERS);
  for (size_t m = 0; m < MEMBERS; m++) {
    const struct wide_deep *model = &models->member[m];
    assert_non_null(model->cut); /* the thresholds are among the weights */
    trained->floats[m] = model->floats;
    trained->weights[m] = memory_array(model->floats, sizeof(float), error);
    assert_non_null(trained->weights[m]);
    memcpy(trained->weights[m], model->weights, model->floats * sizeof(float));
  }
  trained->levels = encoding->levels;
  return true;
}

static void train(struct scene *s, struct trained *trained) {
  s->request.trained = keep;
  s->request.trained_context = trained;
  scene_train(s, &trained->result);
}

static void clear(struct trained *trained) {
  train_result_clear(&trained->result);
  for (size_t m = 0; m < MEMBERS; m++) free(trained->weights[m]);
}

static bool is_same(const struct trained *a, const struct trained *b) {
  if (a->levels.count != b->levels.count) return false;
  for (size_t k = 0; k < a->levels.count; k++) {
    if (a->levels.value[k] != b->levels.value[k] || a->levels.rows[k] != b->levels.rows[k]) {
      return false;
    }
  }
  for (size_t m = 0; m < MEMBERS; m++) {
    const struct member_result *one = &a->result.member[m], *two = &b->result.member[m];
    if (one->epochs != two->epochs || one->best_epoch != two->best_epoch ||
        one->validation_mse != two->validation_mse || a->floats[m] != b->floats[m] ||
        memcmp(a->weights[m], b->weights[m], a->floats[m] * sizeof(float)) != 0) {
      return false;
    }
  }
  return a->result.refit_epochs == b->result.refit_epochs &&
         a->result.train_mse == b->result.train_mse &&
         a->result.validation_mse == b->result.validation_mse;
}

static int set_up(void **state) {
  static struct scene scene;
  scene_init(&scene, 0.2);
  scene.model.head = HEAD_ORDINAL;
  scene.model.slope = 2;
  scene.train.epochs = 12;
  scene.train.embedding_updates = UPDATES_LAZY;
  scene.train.averaging = (struct averaging_spec){.on = true, .ema = 0.9};
  scene.train.early_stopping = (struct early_stopping_spec){.on = true, .patience = 2};
  scene.train.refit = true;
  scene.train.members = MEMBERS;
  *state = &scene;
  return 0;
}

static int tear_down(void **state) {
  scene_clear(*state);
  return 0;
}

static const uint32_t *test_rows(const struct scene *s) {
  return s->split.rows + s->split.train + s->split.validation;
}

/* Each test row has the rating, user, film and time of the next one. */
static void permute(struct scene *s) {
  const uint32_t *test = test_rows(s);
  struct dataset *data = &s->dataset;
  const uint32_t first = test[0], user = data->row_user[first], item = data->row_item[first];
  const int64_t time = data->row_time[first];
  const float rating = data->row_rating[first];
  for (size_t i = 0; i + 1 < s->split.test; i++) {
    data->row_user[test[i]] = data->row_user[test[i + 1]];
    data->row_item[test[i]] = data->row_item[test[i + 1]];
    data->row_time[test[i]] = data->row_time[test[i + 1]];
    data->row_rating[test[i]] = data->row_rating[test[i + 1]];
  }
  const uint32_t last = test[s->split.test - 1];
  data->row_user[last] = user;
  data->row_item[last] = item;
  data->row_time[last] = time;
  data->row_rating[last] = rating;
}

static void replace(struct scene *s) {
  const uint32_t *test = test_rows(s);
  for (size_t i = 0; i < s->split.test; i++) {
    s->dataset.row_user[test[i]] = (uint32_t)(i * 7 % s->dataset.users);
    s->dataset.row_item[test[i]] = (uint32_t)(i * 11 % s->dataset.items);
    s->dataset.row_time[test[i]] += (int64_t)(i * 100000);
    s->dataset.row_rating[test[i]] = i % 2 == 0 ? 1.0f : 5.0f;
  }
}

static void no_option_lets_test_rows_reach_a_model(void **state) {
  struct scene *s = *state;
  struct trained before = {0}, permuted = {0}, replaced = {0}, other = {0};
  train(s, &before);
  assert_true(before.result.refit_epochs > 0);
  assert_memory_not_equal(before.weights[0], before.weights[1], before.floats[0] * sizeof(float));
  permute(s);
  scene_features(s);
  train(s, &permuted);
  assert_true(is_same(&before, &permuted));
  replace(s);
  scene_features(s);
  train(s, &replaced);
  assert_true(is_same(&before, &replaced));
  assert_true(replaced.result.mse != before.result.mse);
  /* A training row does. */
  float *rating = &s->dataset.row_rating[s->split.rows[0]];
  *rating = *rating < 3.0f ? 5.0f : 1.0f;
  train(s, &other);
  assert_false(is_same(&before, &other));
  clear(&before);
  clear(&permuted);
  clear(&replaced);
  clear(&other);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(no_option_lets_test_rows_reach_a_model, set_up, tear_down),
  };
  return cmocka_run_group_tests_name("test rows", tests, NULL, NULL);
}
