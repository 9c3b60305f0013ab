/* An ordinal head: where its thresholds start, what it predicts, and what it refuses. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/model_predict.h"
#include "model/rating_head.h"
#include "tests/model/model_fixture.h"
#include "tests/model/scene.h"

enum { ROWS = 37, BATCH = 70, LEVELS = 5 };

struct ordinal {
  struct fixture fixture;
  struct wide_deep model;
  struct workspace workspace;
};

static void ordinal_init(struct ordinal *o) {
  struct error error = {0};
  fixture_init(&o->fixture, ROWS, &(struct fixture_options){.ordinal = true});
  assert_true(wide_deep_init(&o->model, &o->fixture.spec, &o->fixture.encoding, 1, &error));
  assert_true(workspace_init(&o->workspace, &o->model, BATCH, &error));
}

static void ordinal_clear(struct ordinal *o) {
  workspace_clear(&o->workspace);
  wide_deep_clear(&o->model);
  fixture_clear(&o->fixture);
}

/* Of one score. */
static void probabilities_at(struct ordinal *o, const struct kernels *kernels, float score,
                             float out[LEVELS]) {
  o->workspace.prediction[0] = score;
  memset(out, 0, LEVELS * sizeof *out);
  rating_head_add_probabilities(&o->model, &o->workspace, 1, kernels, out);
}

static void at_score_0_the_probabilities_are_the_shares_of_the_training_rows(void **state) {
  (void)state;
  const struct kernels *kernels = kernels_of(isa_best());
  struct ordinal o;
  float share[LEVELS];
  ordinal_init(&o);
  probabilities_at(&o, kernels, 0.0f, share);
  for (size_t k = 0; k < LEVELS; k++) {
    const double expected = (double)o.fixture.encoding.levels.rows[k] / (double)ROWS;
    assert_true(expected > 0 && fabs((double)share[k] - expected) < 1e-6);
  }
  /* logit(below / above) / slope, and the logarithms of the gaps. */
  const float *cut = o.model.weights + o.model.cut->offset;
  const size_t *rows = o.fixture.encoding.levels.rows;
  const double first = log((double)rows[0] / (double)(ROWS - rows[0])) / 1.5;
  const double second = log((double)(rows[0] + rows[1]) / (double)(ROWS - rows[0] - rows[1])) / 1.5;
  assert_true(fabs((double)cut[0] - first) < 1e-6);
  assert_true(fabs((double)cut[1] - log(second - first)) < 1e-6);
  ordinal_clear(&o);
}

static void the_prediction_is_the_mean_of_the_levels_by_their_probabilities(void **state) {
  (void)state;
  static const float scores[] = {-1e30f, -20.0f, -1.5f, 0.0f, 0.3f, 2.0f, 30.0f, 1e30f};
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    if (kernels_of(isa) == NULL) continue;
    struct ordinal o;
    ordinal_init(&o);
    double last = 0;
    for (size_t i = 0; i < sizeof scores / sizeof *scores; i++) {
      float share[LEVELS];
      double mean = 0, sum = 0;
      probabilities_at(&o, kernels_of(isa), scores[i], share);
      for (size_t k = 0; k < LEVELS; k++) {
        assert_true(share[k] >= 0.0f);
        sum += (double)share[k];
        mean += (double)(k + 1) * (double)share[k];
      }
      rating_head_predict(&o.model, &o.workspace, 1, kernels_of(isa));
      assert_true(fabs(sum - 1) < 1e-6);
      const double prediction = (double)o.workspace.prediction[0];
      assert_true(fabs(prediction - mean) < 3e-6);
      assert_true(prediction >= 1 && prediction <= 5 && prediction >= last);
      last = prediction;
    }
    assert_true(last == 5);
    ordinal_clear(&o);
  }
}

/* More rows than are turned into probabilities at a time. */
static void every_row_has_its_own_probabilities(void **state) {
  (void)state;
  const struct kernels *kernels = kernels_of(isa_best());
  static float all[BATCH * LEVELS];
  struct ordinal o;
  ordinal_init(&o);
  for (size_t r = 0; r < BATCH; r++) o.workspace.prediction[r] = (float)r * 0.1f - 3.0f;
  rating_head_add_probabilities(&o.model, &o.workspace, BATCH, kernels, all);
  for (size_t r = 0; r < BATCH; r++) {
    float one[LEVELS];
    probabilities_at(&o, kernels, (float)r * 0.1f - 3.0f, one);
    assert_memory_equal(one, all + r * LEVELS, sizeof one);
  }
  ordinal_clear(&o);
}

static void predictions_and_probabilities_are_of_the_same_rows(void **state) {
  (void)state;
  const struct kernels *kernels = kernels_of(isa_best());
  static float prediction[ROWS], share[ROWS * LEVELS];
  struct ordinal o;
  ordinal_init(&o);
  const struct ensemble alone = {.members = 1, .member = &o.model};
  model_predict(&alone, &o.workspace, &o.fixture.rows, true, kernels, prediction);
  model_probabilities(&alone, &o.workspace, &o.fixture.rows, kernels, share);
  double squares = 0;
  for (size_t r = 0; r < ROWS; r++) {
    double mean = 0;
    for (size_t k = 0; k < LEVELS; k++) mean += (double)(k + 1) * (double)share[r * LEVELS + k];
    assert_true(fabs((double)prediction[r] - mean) < 3e-6);
    const double e = (double)prediction[r] - (double)o.fixture.rows.target[r];
    squares += e * e;
  }
  const struct score score =
      model_evaluate(&alone, &o.workspace, &o.fixture.rows, NULL, false, kernels);
  assert_true(fabs(score.mse - squares / (double)ROWS) < 1e-6);
  ordinal_clear(&o);
}

/* --- training --- */

static void make_ordinal(struct scene *s) {
  scene_init(s, 0.1);
  s->model.head = HEAD_ORDINAL;
  s->model.slope = 2.0;
}

static bool keep_thresholds(void *context, const struct ensemble *models,
                            const struct encoding *encoding, struct error *error) {
  (void)encoding;
  (void)error;
  memcpy(context, models->member[0].weights + models->member[0].cut->offset,
         (LEVELS - 1) * sizeof(float));
  return true;
}

static void training_moves_the_thresholds_and_lowers_the_likelihoods_loss(void **state) {
  (void)state;
  struct scene s;
  struct train_result result;
  float one[LEVELS - 1], other[LEVELS - 1];
  make_ordinal(&s);
  s.request.trained = keep_thresholds;
  s.request.trained_context = one;
  s.train.epochs = 1;
  scene_train(&s, &result);
  const double first = result.curve[0].train_loss;
  const uint64_t parameters = result.parameters;
  train_result_clear(&result);
  s.train.epochs = 6;
  s.request.trained_context = other;
  scene_train(&s, &result);
  assert_true(result.curve[0].train_loss == first);
  assert_true(result.curve[5].train_loss < first && first < log(LEVELS));
  for (size_t k = 0; k + 1 < LEVELS; k++) assert_true(one[k] != other[k]);
  train_result_clear(&result);
  s.model.head = HEAD_LINEAR;
  s.model.slope = 0;
  s.request.trained = NULL;
  scene_train(&s, &result);
  assert_int_equal(parameters, result.parameters + LEVELS - 1);
  train_result_clear(&result);
  scene_clear(&s);
}

/* Weights of the best epoch, thresholds among them: as if that had been the last. */
static void early_stopping_restores_the_thresholds(void **state) {
  (void)state;
  struct scene s;
  struct train_result stopped, whole;
  float one[LEVELS - 1], other[LEVELS - 1];
  make_ordinal(&s);
  s.request.trained = keep_thresholds;
  s.request.trained_context = one;
  s.train.epochs = 40;
  s.train.optimizer.learning_rate = 0.05;
  s.train.early_stopping = (struct early_stopping_spec){.on = true, .patience = 2};
  scene_train(&s, &stopped);
  assert_true(stopped.best_epoch < stopped.epochs);
  s.train.early_stopping.on = false;
  s.train.epochs = stopped.best_epoch;
  s.request.trained_context = other;
  scene_train(&s, &whole);
  assert_memory_equal(one, other, sizeof one);
  assert_true(stopped.weights_digest == whole.weights_digest && stopped.mse == whole.mse);
  train_result_clear(&stopped);
  train_result_clear(&whole);
  scene_clear(&s);
}

static void thresholds_have_no_penalty(void **state) {
  (void)state;
  struct scene s;
  float one[LEVELS - 1], other[LEVELS - 1];
  struct train_result result;
  make_ordinal(&s);
  /* No step: a penalty alone would move what it is put on. */
  s.train.optimizer = (struct optimizer_spec){.name = OPTIMIZER_SGD, .learning_rate = 1e-30};
  s.train.epochs = 1;
  s.request.trained = keep_thresholds;
  s.request.trained_context = one;
  scene_train(&s, &result);
  train_result_clear(&result);
  s.train.l2 = (struct l2_spec){.wide = 1e29, .embeddings = 1e29, .deep = 1e29};
  s.request.trained_context = other;
  scene_train(&s, &result);
  assert_memory_equal(one, other, sizeof one);
  train_result_clear(&result);
  scene_clear(&s);
}

static void a_lost_threshold_is_a_divergence(void **state) {
  (void)state;
  struct scene s;
  struct train_result result;
  struct error error = {0};
  make_ordinal(&s);
  s.train.optimizer.learning_rate = 1e30;
  assert_false(train_run(&s.request, &result, &error));
  assert_int_equal(error.kind, ERROR_TRIAL);
  assert_non_null(strstr(error.message, "diverged in epoch 1"));
  train_result_clear(&result);
  scene_clear(&s);
}

/* --- levels --- */

static void half_stars_are_levels(void **state) {
  (void)state;
  struct scene s;
  struct train_result result;
  struct model_size five, ten;
  struct error error = {0};
  make_ordinal(&s);
  assert_true(train_size(&s.request, &five, &error));
  for (size_t r = 0; r < s.dataset.ratings; r++) {
    s.dataset.row_rating[r] -= r % 2 == 0 ? 0.5f : 0.0f;
  }
  assert_true(train_size(&s.request, &ten, &error));
  assert_int_equal(ten.parameters, five.parameters + 5);
  scene_train(&s, &result);
  assert_true(isfinite(result.mse));
  train_result_clear(&result);
  scene_clear(&s);
}

static void assert_refused(const struct scene *s, const char *with) {
  struct error error = {0};
  struct train_result result;
  struct model_size size;
  assert_false(train_size(&s->request, &size, &error));
  assert_int_equal(error.kind, ERROR_CONFIG);
  error = (struct error){0};
  assert_false(train_run(&s->request, &result, &error));
  assert_int_equal(error.kind, ERROR_CONFIG);
  assert_non_null(strstr(error.message, with));
  assert_non_null(strstr(error.message, "set model.head: linear"));
  train_result_clear(&result);
}

static void more_than_64_levels_are_refused(void **state) {
  (void)state;
  struct scene s;
  struct model_size size;
  struct error error = {0};
  make_ordinal(&s);
  for (size_t i = 0; i < s.split.train; i++) {
    s.dataset.row_rating[s.split.rows[i]] = (float)(i % 64) / 16.0f;
  }
  assert_true(train_size(&s.request, &size, &error));
  s.dataset.row_rating[s.split.rows[0]] = 4.5f; /* others have its old one too */
  assert_refused(&s, "at most 64 rating levels");
  scene_clear(&s);
}

static void one_level_is_refused(void **state) {
  (void)state;
  struct scene s;
  make_ordinal(&s);
  for (size_t i = 0; i < s.split.train; i++) s.dataset.row_rating[s.split.rows[i]] = 3.0f;
  assert_refused(&s, "have one alone");
  scene_clear(&s);
}

/* A test row's rating makes no level. */
static void levels_are_those_of_the_training_rows(void **state) {
  (void)state;
  struct scene s;
  struct model_size before, after;
  struct error error = {0};
  make_ordinal(&s);
  assert_true(train_size(&s.request, &before, &error));
  s.dataset.row_rating[s.split.rows[s.split.train]] = 0.25f;
  assert_true(train_size(&s.request, &after, &error));
  assert_int_equal(before.parameters, after.parameters);
  s.dataset.row_rating[s.split.rows[0]] = 0.25f;
  assert_true(train_size(&s.request, &after, &error));
  assert_int_equal(before.parameters + 1, after.parameters);
  scene_clear(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(at_score_0_the_probabilities_are_the_shares_of_the_training_rows),
      cmocka_unit_test(the_prediction_is_the_mean_of_the_levels_by_their_probabilities),
      cmocka_unit_test(every_row_has_its_own_probabilities),
      cmocka_unit_test(predictions_and_probabilities_are_of_the_same_rows),
      cmocka_unit_test(training_moves_the_thresholds_and_lowers_the_likelihoods_loss),
      cmocka_unit_test(early_stopping_restores_the_thresholds),
      cmocka_unit_test(thresholds_have_no_penalty),
      cmocka_unit_test(a_lost_threshold_is_a_divergence),
      cmocka_unit_test(half_stars_are_levels),
      cmocka_unit_test(more_than_64_levels_are_refused),
      cmocka_unit_test(one_level_is_refused),
      cmocka_unit_test(levels_are_those_of_the_training_rows),
  };
  return cmocka_run_group_tests_name("rating_head", tests, NULL, NULL);
}
