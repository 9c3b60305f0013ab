/* Several models of one split: what differs between them, and what they predict together. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/memory.h"
#include "model/ensemble.h"
#include "model/model_predict.h"
#include "tests/model/model_fixture.h"
#include "tests/model/scene.h"

enum { MEMBERS = 3, ROWS = 7, BATCH = 3 };

/* --- what they predict --- */

/* Models whose predictions are constant: their biases. */
static void constants(const float *bias, bool clip, float *prediction) {
  struct error error = {0};
  struct fixture fixture;
  struct ensemble models;
  struct workspace workspace;
  const struct kernels *kernels = kernels_of(isa_best());
  fixture_init(&fixture, ROWS, &(struct fixture_options){0});
  assert_true(ensemble_init(&models, MEMBERS, &error));
  for (size_t m = 0; m < MEMBERS; m++) {
    struct wide_deep *model = &models.member[m];
    assert_true(wide_deep_init(model, &fixture.spec, &fixture.encoding, 1, &error));
    memset(model->weights, 0, model->floats * sizeof(float));
    model->weights[model->head_bias->offset] = bias[m];
  }
  assert_true(workspace_init(&workspace, &models.member[0], BATCH, &error));
  model_predict(&models, &workspace, &fixture.rows, clip, kernels, prediction);
  workspace_clear(&workspace);
  ensemble_clear(&models);
  fixture_clear(&fixture);
}

static void the_prediction_is_the_mean_of_all(void **state) {
  (void)state;
  float prediction[ROWS];
  constants((const float[]){1, 2, 6}, false, prediction);
  for (size_t i = 0; i < ROWS; i++) assert_true(prediction[i] == 3.0f);
}

/* Cut to 1 to 5 first, they would be 1, 5 and 5. */
static void the_mean_is_cut_to_the_scale_not_its_parts(void **state) {
  (void)state;
  float prediction[ROWS];
  constants((const float[]){-7, 8, 11}, true, prediction);
  for (size_t i = 0; i < ROWS; i++) assert_true(prediction[i] == 4.0f);
  constants((const float[]){-7, 8, 20}, true, prediction);
  for (size_t i = 0; i < ROWS; i++) assert_true(prediction[i] == 5.0f);
}

/* The first two numbers of Philox4x32-10, by another program. */
static void streams_are_keyed_by_seed_and_member(void **state) {
  (void)state;
  assert_true(ensemble_seed(7, 0) == 7);
  assert_true(ensemble_seed(UINT64_MAX, 0) == UINT64_MAX);
  assert_true(ensemble_seed(7, 1) == 0x8c809e8115170b41);
  assert_true(ensemble_seed(7, 2) == 0xc0b9a1a1b87f3f3e);
  assert_true(ensemble_seed(8, 1) == 0x2af4ead96689c0e5);
}

/* --- how they are trained --- */

/* Overfits within the epochs. */
static int set_up(void **state) {
  static struct scene scene;
  scene_init(&scene, 0.2);
  scene.train.epochs = 40;
  scene.train.early_stopping = (struct early_stopping_spec){.on = true, .patience = 2};
  *state = &scene;
  return 0;
}

static int tear_down(void **state) {
  scene_clear(*state);
  return 0;
}

static void train(struct scene *s, uint32_t members, struct train_result *result) {
  s->train.members = members;
  scene_train(s, result);
}

static void assert_first_is(const struct train_result *all, const struct train_result *plain) {
  assert_int_equal(all->members, MEMBERS);
  assert_int_equal(all->member[0].weights_digest, plain->weights_digest);
  assert_int_equal(all->member[0].epochs, plain->epochs);
  assert_int_equal(all->member[0].best_epoch, plain->best_epoch);
  assert_true(all->member[0].validation_mse == plain->validation_mse);
  assert_int_equal(all->epochs, plain->epochs);
  assert_int_equal(all->best_epoch, plain->best_epoch);
  assert_int_equal(all->refit_epochs, plain->refit_epochs);
  for (uint32_t e = 0; e < plain->epochs; e++) {
    assert_true(all->curve[e].train_loss == plain->curve[e].train_loss);
    assert_true(all->curve[e].validation_mse == plain->curve[e].validation_mse);
    assert_true(all->curve[e].test_mse == plain->curve[e].test_mse);
  }
}

static void the_first_is_the_model_alone_and_the_others_differ(void **state) {
  struct scene *s = *state;
  for (int way = 0; way < 2; way++) {
    struct train_result plain, all;
    s->train.refit = way == 1;
    s->train.averaging = (struct averaging_spec){.on = way == 1, .ema = 0.9};
    train(s, 1, &plain);
    train(s, MEMBERS, &all);
    assert_int_equal(plain.members, 1);
    assert_int_equal(plain.member[0].weights_digest, plain.weights_digest);
    assert_first_is(&all, &plain);
    uint64_t digest[MEMBERS];
    for (size_t m = 0; m < MEMBERS; m++) {
      digest[m] = all.member[m].weights_digest;
      assert_true(m == 0 || digest[m] != digest[m - 1]);
      assert_int_equal(all.member[m].epochs, all.member[m].best_epoch + 2);
    }
    assert_int_equal(all.weights_digest, digest_join(digest, MEMBERS));
    assert_int_equal(all.parameters, MEMBERS * plain.parameters);
    assert_int_equal(all.flops_per_row, MEMBERS * plain.flops_per_row);
    assert_int_equal(all.wide_columns, plain.wide_columns);
    train_result_clear(&plain);
    train_result_clear(&all);
  }
}

/* Where nothing is drawn for the encoding, a member is the model of its own seed; it is
 * refitted for its own number of epochs. */
static void a_member_is_the_model_of_its_seed(void **state) {
  struct scene *s = *state;
  const uint64_t seed = s->request.seed;
  s->model.deep_columns = 1;
  s->model.hash_buckets = 0;
  scene_features(s);
  for (int refit = 0; refit < 2; refit++) {
    struct train_result all;
    bool differ = false;
    s->train.refit = refit == 1;
    s->request.seed = seed;
    train(s, MEMBERS, &all);
    for (size_t m = 0; m < MEMBERS; m++) {
      struct train_result alone;
      s->request.seed = ensemble_seed(seed, m);
      train(s, 1, &alone);
      assert_int_equal(all.member[m].weights_digest, alone.weights_digest);
      assert_int_equal(all.member[m].epochs, alone.epochs);
      assert_int_equal(all.member[m].best_epoch, alone.best_epoch);
      assert_true(all.member[m].validation_mse == alone.validation_mse);
      differ = differ || all.member[m].best_epoch != all.best_epoch;
      train_result_clear(&alone);
    }
    assert_true(differ);
    train_result_clear(&all);
  }
}

/* The errors of the members' predictions, each alone, and of their mean. */
struct compared {
  const struct scene *scene;
  double mean, absolute, sum; /* of the mean prediction; of all members */
};

static bool compare(void *context, const struct ensemble *models, const struct encoding *encoding,
                    struct error *error) {
  struct compared *c = context;
  const struct split *split = &c->scene->split;
  const uint32_t *rows = split->rows + split->train + split->validation;
  struct encoded_rows encoded;
  struct workspace workspace;
  double *sum = memory_array(split->test, sizeof *sum, error);
  float *one = memory_array(split->test, sizeof *one, error);
  assert_true(encoding_apply(encoding, &c->scene->dataset, rows, split->test, ENCODED_OTHERS,
                             &encoded, error));
  assert_true(workspace_init(&workspace, &models->member[0], 50, error));
  for (size_t m = 0; m < models->members; m++) {
    const struct ensemble alone = {1, &models->member[m]};
    double squares = 0;
    model_predict(&alone, &workspace, &encoded, false, c->scene->request.kernels, one);
    for (size_t i = 0; i < split->test; i++) {
      sum[i] += (double)one[i];
      squares += pow((double)one[i] - (double)encoded.target[i], 2);
    }
    c->sum += squares / (double)split->test;
  }
  for (size_t i = 0; i < split->test; i++) {
    const double off = sum[i] / (double)models->members - (double)encoded.target[i];
    c->mean += off * off / (double)split->test;
    c->absolute += fabs(off) / (double)split->test;
  }
  workspace_clear(&workspace);
  encoded_rows_clear(&encoded);
  free(sum);
  free(one);
  return true;
}

/* It is below the mean of their errors, as squares are convex. */
static void the_score_is_that_of_the_mean_prediction(void **state) {
  struct scene *s = *state;
  struct train_result all;
  struct compared c = {.scene = s};
  s->request.trained = compare;
  s->request.trained_context = &c;
  train(s, MEMBERS, &all);
  assert_true(fabs(all.mse - c.mean) < 1e-6);
  assert_true(fabs(all.mae - c.absolute) < 1e-6);
  assert_true(all.mse < c.sum / (double)MEMBERS - 1e-3);
  assert_true(fabs(all.rmse - sqrt(all.mse)) < 1e-12);
  double validation = 0;
  for (size_t m = 0; m < MEMBERS; m++) validation += all.member[m].validation_mse / (double)MEMBERS;
  assert_true(all.validation_mse < validation - 1e-3);
  train_result_clear(&all);
}

/* Rungs compare the curves of the first members: no other is trained. */
static void a_training_that_is_cut_is_the_first_member(void **state) {
  struct scene *s = *state;
  struct train_result plain, cut, done, whole;
  train(s, MEMBERS, &whole);
  s->request.epochs = 2;
  train(s, 1, &plain);
  train(s, MEMBERS, &cut);
  assert_true(cut.cut);
  assert_int_equal(cut.members, 1);
  assert_int_equal(cut.weights_digest, plain.weights_digest);
  assert_true(cut.mse == plain.mse && cut.validation_mse == plain.validation_mse);
  s->request.epochs = whole.epochs + 1; /* member 0 has ended by itself */
  train(s, MEMBERS, &done);
  assert_false(done.cut);
  assert_int_equal(done.members, MEMBERS);
  assert_int_equal(done.weights_digest, whole.weights_digest);
  for (size_t m = 0; m < MEMBERS; m++) {
    assert_int_equal(done.member[m].epochs, whole.member[m].epochs);
  }
  train_result_clear(&whole);
  train_result_clear(&plain);
  train_result_clear(&cut);
  train_result_clear(&done);
}

static void a_member_that_diverges_is_named(void **state) {
  struct scene *s = *state;
  struct error error = {0};
  struct train_result result;
  s->train.optimizer = (struct optimizer_spec){.name = OPTIMIZER_SGD, .learning_rate = 1e6};
  s->train.members = MEMBERS;
  assert_false(train_run(&s->request, &result, &error));
  assert_non_null(strstr(error.message, "diverged in epoch 1 of member 0: "));
  train_result_clear(&result);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_prediction_is_the_mean_of_all),
      cmocka_unit_test(the_mean_is_cut_to_the_scale_not_its_parts),
      cmocka_unit_test(streams_are_keyed_by_seed_and_member),
      TEST(the_first_is_the_model_alone_and_the_others_differ),
      TEST(a_member_is_the_model_of_its_seed),
      TEST(the_score_is_that_of_the_mean_prediction),
      TEST(a_training_that_is_cut_is_the_first_member),
      TEST(a_member_that_diverges_is_named),
  };
  return cmocka_run_group_tests_name("ensemble", tests, NULL, NULL);
}
