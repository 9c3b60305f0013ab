/* Training against numbers that were computed without it: trajectory.py does
 * the same steps in another language, from the formulas alone, and without
 * derivatives. Digests hold the bits; this holds what they must mean. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "data/readers/movielens_schema.h"
#include "model/ensemble.h"
#include "model/train.h"
#include "model/wide_deep.h"
#include "tests/model/model_fixture.h"
#include "tests/model/model_kinds.h"

enum { EPOCHS = 3, TENSORS = 10, USERS = 4, FILMS = 5, ROWS = 15, SEED = 7 };

/* --- the data of trajectory.py --- */

/* "unknown" is no genre here: genres A, B and C. */
static const char *const users[USERS][2] = {{"24", "M"}, {"53", "F"}, {"23", "M"}, {"33", "F"}};
static const char *const films[FILMS][2] = {{"A", "1995-01-01"},
                                            {"B|A", "1990-01-01"},
                                            {"B|C", ""},
                                            {"C", "1980-01-01"},
                                            {"A|B|C", "1997-01-01"}};
static const uint32_t row_user[ROWS] = {0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 2};
static const uint32_t row_film[ROWS] = {0, 1, 2, 0, 2, 3, 4, 1, 3, 4, 0, 1, 2, 4, 0};
static const float row_rating[ROWS] = {4, 3, 5, 2, 4, 1, 5, 2, 3, 4, 5, 4, 2, 3, 1};
static struct dataset dataset;

static void add_owner(struct dataset_builder *builder, enum column_side side, unsigned id,
                      const char *const *cells, size_t count, struct error *error) {
  char text[12];
  uint32_t place;
  (void)snprintf(text, sizeof text, "%u", id);
  assert_true(words_builder_add(&builder->ids[side], text, strlen(text), &place, error));
  for (size_t c = 0; c < count; c++) {
    const enum table table = side == SIDE_USER ? TABLE_USERS : TABLE_ITEMS;
    assert_true(movielens_add_cell(builder, table, c, cells[c], strlen(cells[c]), 0, error));
  }
}

static int make_data(void **state) {
  (void)state;
  struct error error = {0};
  struct dataset_builder builder = {.times = true};
  assert_true(movielens_add_columns(&builder, &error));
  for (unsigned u = 0; u < USERS; u++) {
    const char *const cells[] = {users[u][0], users[u][1], "", ""};
    add_owner(&builder, SIDE_USER, u + 1, cells, MOVIELENS_USER_COLUMNS, &error);
  }
  for (unsigned f = 0; f < FILMS; f++) {
    const char *const cells[] = {"", films[f][1], films[f][0]};
    add_owner(&builder, SIDE_ITEM, f + 1, cells, MOVIELENS_ITEM_COLUMNS, &error);
  }
  for (size_t r = 0; r < ROWS; r++) {
    assert_true(
        dataset_builder_add_rating(&builder, row_user[r], row_film[r], row_rating[r], 0, &error));
  }
  if (!movielens_finish(&builder, &dataset, &error)) fail_msg("%s", error.message);
  dataset_builder_clear(&builder);
  return 0;
}

static int clear_data(void **state) {
  (void)state;
  dataset_clear(&dataset);
  return 0;
}

static uint32_t split_rows[ROWS] = {0, 1, 3, 4, 5, 7, 8, 10, 12, 13, 2, 9, 6, 11, 14};
static const struct split split = {split_rows, 10, 2, 3};

/* --- the expected numbers --- */

struct expected {
  const char *name;
  double curve[EPOCHS][3]; /* training loss, validation MSE, test MSE */
  double train_mse, mae;   /* of the trained model */
  size_t tensors;
  double sum[TENSORS][2]; /* of the weights; of (k + 1) times weight k */
};

static const struct expected expected[] = {
#include "tests/model/trajectory_numbers.inc"
};

/* --- the cases, as trajectory.py has them --- */

/* Genres without a dim of their own get 4. */
static struct model_spec base_model(uint32_t gender, uint32_t genre, uint32_t genres) {
  struct model_spec model = {
      .crosses = 1,
      .cross = {{.arity = 2, .column = {"gender", "genre"}}},
      .deep_columns = 5,
      .deep = {{.name = "gender", .dim = gender},
               {.name = "genre", .dim = genre},
               {.name = "genres", .dim = genres, .pooling = POOLING_MEAN},
               {.name = "age"},
               {.name = "release_year", .scale = SCALE_STANDARD}},
      .embedding_dim = 4,
      .hidden_layers = 2,
      .hidden = {5, 3},
      .dropout = {0.25},
      .activation = ACTIVATION_RELU,
  };
  return model;
}

static struct train_spec base_train(enum optimizer_name name, double rate) {
  return (struct train_spec){
      .epochs = EPOCHS, .batch_size = 4, .optimizer = {.name = name, .learning_rate = rate}};
}

/* The model that was trained against the sums of each tensor. */
static bool check_weights(void *context, const struct ensemble *models,
                          const struct encoding *encoding, struct error *error) {
  const struct wide_deep *model = &models->member[0];
  const struct expected *right = context;
  (void)encoding;
  if (model->tensors != right->tensors) return error_set(error, ERROR_TRIAL, "other tensors");
  for (size_t t = 0; t < model->tensors; t++) {
    const struct tensor *tensor = &model->tensor[t];
    double sum[2] = {0}, size = 0;
    for (size_t k = 0; k < tensor->rows * tensor->columns; k++) {
      const size_t row = k / tensor->columns, column = k % tensor->columns;
      const double w = (double)model->weights[tensor->offset + row * tensor->ld + column];
      sum[0] += w;
      sum[1] += (double)(k + 1) * w;
      size += (double)(k + 1);
    }
    for (int s = 0; s < 2; s++) {
      if (fabs(sum[s] - right->sum[t][s]) <= 2e-6 * size) continue;
      return error_set(error, ERROR_TRIAL, "%s: sum %d of %s is %.9g, expected %.9g", right->name,
                       s, tensor->name, sum[s], right->sum[t][s]);
    }
  }
  return true;
}

static void assert_near(const struct expected *right, const char *what, double found,
                        double wanted) {
  if (fabs(found - wanted) <= 1e-5 * wanted) return;
  fail_msg("%s: %s is %.9g, expected %.9g", right->name, what, found, wanted);
}

static void check(size_t number, const struct model_spec *model, const struct train_spec *train) {
  const struct expected *right = &expected[number];
  struct error error = {0};
  struct features features;
  struct encoding_spec encoding;
  struct train_result result;
  struct expected context = *right;
  features_init(&features, &dataset);
  struct model_spec own = *model;
  model_find_kinds(&own, &dataset);
  model = &own;
  model_encoding_spec(model, false, SEED, &encoding);
  assert_true(features_add(&features, &encoding, &error));
  const struct train_request request = {.kernels = kernels_of(isa_best()),
                                        .dataset = &dataset,
                                        .features = &features,
                                        .split = &split,
                                        .model = model,
                                        .train = train,
                                        .seed = SEED,
                                        .trained = check_weights,
                                        .trained_context = &context};
  if (!train_run(&request, &result, &error)) fail_msg("%s", error.message);
  for (size_t e = 0; e < EPOCHS; e++) {
    const struct epoch_result *epoch = &result.curve[e];
    assert_near(right, "training loss", epoch->train_loss, right->curve[e][0]);
    assert_near(right, "validation MSE", epoch->validation_mse, right->curve[e][1]);
    assert_near(right, "test MSE", epoch->test_mse, right->curve[e][2]);
  }
  assert_near(right, "training MSE", result.train_mse, right->train_mse);
  assert_near(right, "mean absolute error", result.mae, right->mae);
  assert_near(right, "MSE", result.mse, right->curve[EPOCHS - 1][2]);
  assert_near(right, "RMSE", result.rmse, sqrt(right->curve[EPOCHS - 1][2]));
  assert_near(right, "last validation MSE", result.validation_mse, right->curve[EPOCHS - 1][1]);
  assert_near(right, "rows", result.rows_per_second * result.train_seconds, 10 * EPOCHS);
  train_result_clear(&result);
  features_clear(&features);
}

static void adam_with_a_step_schedule_and_penalties(void **unused) {
  (void)unused;
  const struct model_spec model = base_model(3, 2, 0);
  struct train_spec train = base_train(OPTIMIZER_ADAM, 0.02);
  train.schedule = (struct schedule_spec){.name = SCHEDULE_STEP, .step_epochs = 1, .factor = 0.5};
  train.l2 = (struct l2_spec){.wide = 0.02, .embeddings = 0.03, .deep = 0.01};
  check(0, &model, &train);
}

static void adamw_with_a_cosine_and_ftrl_on_the_wide_part(void **unused) {
  (void)unused;
  struct model_spec model = base_model(3, 2, 0);
  struct train_spec train = base_train(OPTIMIZER_ADAMW, 0.02);
  model.activation = ACTIVATION_TANH;
  model.deep[2].pooling = POOLING_RSQRT;
  train.optimizer.weight_decay = 0.5;
  train.schedule = (struct schedule_spec){.name = SCHEDULE_COSINE, .minimum = 0.1};
  train.has_wide_optimizer = true;
  train.wide_optimizer =
      (struct optimizer_spec){.name = OPTIMIZER_FTRL, .learning_rate = 0.1, .l1 = 0.01, .l2 = 0.3};
  check(1, &model, &train);
}

static void sgd_with_momentum_and_a_dot_product(void **unused) {
  (void)unused;
  struct model_spec model = base_model(3, 3, 3);
  struct train_spec train = base_train(OPTIMIZER_SGD, 0.02);
  model.activation = ACTIVATION_SIGMOID;
  model.interaction = INTERACTION_DOT;
  model.deep[2].pooling = POOLING_SUM;
  model.dropout[0] = 0;
  model.dropout[1] = 0.4;
  train.optimizer.momentum = 0.9;
  train.schedule = (struct schedule_spec){.name = SCHEDULE_INVERSE_TIME, .decay = 0.5};
  check(2, &model, &train);
}

static void adagrad_with_a_factorisation_machine_and_clipping(void **unused) {
  (void)unused;
  struct model_spec model = base_model(3, 3, 3);
  const struct train_spec train = base_train(OPTIMIZER_ADAGRAD, 0.1);
  model.activation = ACTIVATION_SILU;
  model.interaction = INTERACTION_FM;
  model.hidden_layers = 1;
  model.hidden[0] = 18;
  model.dropout[0] = 0.1;
  model.clip = true;
  check(3, &model, &train);
}

static void lazy_adam(void **unused) {
  (void)unused;
  struct model_spec model = base_model(3, 2, 0);
  struct train_spec train = base_train(OPTIMIZER_ADAM, 0.02);
  model.activation = ACTIVATION_GELU;
  model.dropout[0] = 0;
  train.embedding_updates = UPDATES_LAZY;
  train.l2.embeddings = 0.05;
  train.batch_size = 3;
  check(4, &model, &train);
}

/* --- where weights begin --- */

static const struct tensor *tensor_named(const struct wide_deep *model, const char *name) {
  for (size_t t = 0; t < model->tensors; t++) {
    if (strcmp(model->tensor[t].name, name) == 0) return &model->tensor[t];
  }
  fail_msg("no tensor %s", name);
  return NULL;
}

/* Uniform in +-limit: of 100 draws and more the largest is near it, and the
 * mean near 0. */
static void check_limit(const struct wide_deep *model, const char *name, double limit) {
  const struct tensor *tensor = tensor_named(model, name);
  double most = 0, sum = 0, count = 0;
  for (size_t row = 0; row < tensor->rows; row++) {
    for (size_t c = 0; c < tensor->columns; c++, count++) {
      const double w = (double)model->weights[tensor->offset + row * tensor->ld + c];
      most = fmax(most, fabs(w));
      sum += w;
    }
  }
  if (most > limit * (1 + 1e-6) || most < limit * (1 - 5 / count)) {
    fail_msg("%s: the largest weight is %g, the limit %g", name, most, limit);
  }
  /* The deviation of a uniform number is limit / sqrt(3). */
  assert_true(fabs(sum / count) < 4 * limit / sqrt(3 * count));
}

/* Glorot, Bengio: AISTATS 2010, equation 16. x of the fixture: 3 + 5 and two
 * numbers; layers of 19 and 7; the 6 + 40 wide weights are part of the head. */
static void weights_begin_within_glorots_limit(void **unused) {
  (void)unused;
  struct error error = {0};
  struct fixture fixture;
  struct wide_deep model;
  fixture_init(&fixture, 3, &(struct fixture_options){0});
  assert_true(wide_deep_init(&model, &fixture.spec, &fixture.encoding, 1, &error));
  check_limit(&model, "dense.0.weight", sqrt(6.0 / (10 + 19)));
  check_limit(&model, "dense.1.weight", sqrt(6.0 / (19 + 7)));
  check_limit(&model, "head.weight", sqrt(6.0 / (7 + 46 + 1)));
  check_limit(&model, "wide.b", sqrt(6.0 / (7 + 46 + 1)));
  check_limit(&model, "embedding.genre", 0.05);
  const struct tensor *bias = tensor_named(&model, "dense.0.bias");
  for (size_t i = 0; i < bias->columns; i++) assert_true(model.weights[bias->offset + i] == 0.0f);
  /* 3 x 3 + 21 x 5 + 6 + 40 + 10 x 19 + 19 + 19 x 7 + 7 + 7 + 1 */
  assert_int_equal(wide_deep_parameters(&model), 517);
  assert_int_equal(wide_deep_flops_per_row(&model), 2 * (10 * 19 + 19 * 7 + 7));
  wide_deep_clear(&model);
  fixture_clear(&fixture);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(adam_with_a_step_schedule_and_penalties),
      cmocka_unit_test(adamw_with_a_cosine_and_ftrl_on_the_wide_part),
      cmocka_unit_test(sgd_with_momentum_and_a_dot_product),
      cmocka_unit_test(adagrad_with_a_factorisation_machine_and_clipping),
      cmocka_unit_test(lazy_adam),
      cmocka_unit_test(weights_begin_within_glorots_limit),
  };
  return cmocka_run_group_tests_name("trajectory", tests, make_data, clear_data);
}
