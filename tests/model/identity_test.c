/* Same config, same bits: a whole training gives the committed digest of its
 * weights and the committed MSE on every instruction set. The builds of
 * ./check run this with gcc and clang, optimised and not, on x86-64 and on
 * AArch64, so it holds them all to the same numbers. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "data/synthetic/synthetic.h"
#include "model/train.h"
#include "tests/model/model_kinds.h"

/* Bits of the test MSE as a double, and the digest of all weights. */
struct expected {
  const char *name;
  uint64_t weights, mse;
};

struct setting {
  struct expected expected;
  size_t hidden_layers;
  uint32_t hidden[3];
  double dropout;
  uint32_t batch_size;
  bool no_crosses, no_deep;
  enum activation activation; /* ACTIVATION_IDENTITY stands for relu */
  enum interaction interaction;
  enum optimizer_name optimizer;
  bool lazy, wide_ftrl, penalties;
  bool rich; /* histories, genres, statistics; a multi-hot cross and a hashed one */
  enum schedule_name schedule;
  bool clip, ordinal;
  uint32_t patience; /* 0: no early stopping */
  double ema;        /* 0: no averaging */
  bool refit;
  uint32_t members; /* 0: 1 */
};

#define LAYERS .hidden_layers = 2, .hidden = {24, 16}, .dropout = 0.2, .batch_size = 32
static const struct setting settings[] = {
    {{"the report's shape", 0xa5e2047bcdbb93cf, 0x3ff41f86cd89d663},
     .hidden_layers = 3,
     .hidden = {64, 32, 16},
     .dropout = 0.2,
     .batch_size = 32},
    {{"odd widths and a partial batch", 0xd46c2d20841f5b70, 0x4001d0db61e6adb7},
     .hidden_layers = 2,
     .hidden = {37, 5},
     .dropout = 0.35,
     .batch_size = 29},
    {{"wide only", 0x3e7c37631e86c4ac, 0x4018612ef7aba640}, .batch_size = 32, .no_deep = true},
    {{"deep only, no hidden layer", 0x02375241336e3857, 0x3ff3de9a53d0559b},
     .batch_size = 32,
     .no_crosses = true},
    {{"leaky relu", 0xd3ad677a71b6968a, 0x3ff56d2570db1a33},
     LAYERS,
     .activation = ACTIVATION_LEAKY_RELU},
    {{"tanh", 0xa62defeb6a673105, 0x3ff432d653f89733}, LAYERS, .activation = ACTIVATION_TANH},
    {{"sigmoid", 0x8443df52bd01cd68, 0x3ff5561e5f3ca948}, LAYERS, .activation = ACTIVATION_SIGMOID},
    {{"silu", 0x58764d44d198f764, 0x3ff488670ea4f6d4}, LAYERS, .activation = ACTIVATION_SILU},
    {{"gelu", 0xfd8077161ae27da1, 0x3ff5119821c3be5a}, LAYERS, .activation = ACTIVATION_GELU},
    {{"dot interaction", 0x1fbc5c65c6e12870, 0x3ff448178ba6e6b5},
     LAYERS,
     .interaction = INTERACTION_DOT},
    {{"factorisation machine", 0x1a13892e84f6d063, 0x3ff46d3cbc9b65bc},
     LAYERS,
     .interaction = INTERACTION_FM},
    {{"lazy Adam", 0xab9250e64b29f9db, 0x3ff457276cc9bfea}, LAYERS, .lazy = true},
    {{"AdamW", 0x91e7d3cd01a5ab9e, 0x3ff453f817662aef}, LAYERS, .optimizer = OPTIMIZER_ADAMW},
    {{"SGD with momentum", 0xbaea9e8dca67c8ed, 0x3ff43f35dfe02676},
     LAYERS,
     .optimizer = OPTIMIZER_SGD},
    {{"Adagrad", 0xbfc90c48480eb1d2, 0x4005a2ef21490835}, LAYERS, .optimizer = OPTIMIZER_ADAGRAD},
    {{"FTRL on the wide part", 0xbaeee03b711566e7, 0x3ff4220a983f4691}, LAYERS, .wide_ftrl = true},
    {{"penalties", 0x5832a4970feece2b, 0x3ff41f91c8bc9446}, LAYERS, .penalties = true},
    {{"bags and statistics", 0xa8009bf091a5a041, 0x3ff1c291bb91aa03}, LAYERS, .rich = true},
    {{"bags, dot interaction", 0x1bb64843710a05d7, 0x3ff27e89e934c6fd},
     LAYERS,
     .rich = true,
     .interaction = INTERACTION_DOT},
    {{"bags, factorisation machine", 0x7b6412cf04e14d03, 0x3ff28f0fe6bdeaa6},
     LAYERS,
     .rich = true,
     .interaction = INTERACTION_FM},
    {{"bags, lazy Adam", 0x17fe18659cfa471c, 0x3ff1bb2a3985aed4},
     LAYERS,
     .rich = true,
     .lazy = true},
    {{"bags, lazy Adam, penalties", 0xaa4a7231d32e3795, 0x3ff1c9949fbf9829},
     LAYERS,
     .rich = true,
     .lazy = true,
     .penalties = true},
    {{"bags, FTRL on the wide part", 0x8d8888fa24e0fab6, 0x3ff17484e21884b8},
     LAYERS,
     .rich = true,
     .wide_ftrl = true},
    {{"step schedule", 0xe1bc096352d259d7, 0x3ff52824830485c6}, LAYERS, .schedule = SCHEDULE_STEP},
    {{"cosine schedule", 0x944c7c4b171243a2, 0x3ff52b31e350c235},
     LAYERS,
     .schedule = SCHEDULE_COSINE},
    {{"inverse time schedule", 0x7dc10c9cc613d630, 0x3ff52d21cac24702},
     LAYERS,
     .schedule = SCHEDULE_INVERSE_TIME},
    {{"cosine schedule, AdamW", 0x3ebd4eebaf509777, 0x3ff52cd50e60ea6f},
     LAYERS,
     .schedule = SCHEDULE_COSINE,
     .optimizer = OPTIMIZER_ADAMW},
    {{"cosine schedule, FTRL on the wide part", 0xbf88c3d4ea70b725, 0x3ff4bcfc2f3ff596},
     LAYERS,
     .schedule = SCHEDULE_COSINE,
     .wide_ftrl = true},
    {{"clipped scores", 0xa8009bf091a5a041, 0x3ff1c20035dd99d9},
     LAYERS,
     .rich = true,
     .clip = true},
    {{"early stopping", 0xa8009bf091a5a041, 0x3ff1c291bb91aa03},
     LAYERS,
     .rich = true,
     .patience = 1},
    {{"averaged weights", 0xcfb9ebb5f5af6e56, 0x3ff2618960648291},
     LAYERS,
     .rich = true,
     .ema = 0.95},
    {{"averaged weights, lazy Adam", 0x9bbb9be2bf39057a, 0x3ff25fb8e03b0dae},
     LAYERS,
     .rich = true,
     .lazy = true,
     .ema = 0.95},
    {{"ordinal head", 0x0edfd182d1cd4c3e, 0x3ff41e6c77a9f9e6}, LAYERS, .ordinal = true},
    {{"ordinal head, FTRL, cosine schedule, AdamW", 0x5b2526995362d33c, 0x3ff1887c5dbf8105},
     LAYERS,
     .rich = true,
     .optimizer = OPTIMIZER_ADAMW,
     .wide_ftrl = true,
     .schedule = SCHEDULE_COSINE,
     .ordinal = true},
    {{"ordinal head, early stopping", 0xd16cede526e753ce, 0x3ff165e9cc1e1987},
     LAYERS,
     .rich = true,
     .patience = 1,
     .ordinal = true},
    {{"averaged weights, refit, three members", 0xa08b05d3a09405d9, 0x3ff17c939f96ec57},
     LAYERS,
     .rich = true,
     .lazy = true,
     .patience = 1,
     .ema = 0.95,
     .refit = true,
     .members = 3},
};
enum { SETTINGS = sizeof settings / sizeof *settings };

static enum activation activation_of(const struct setting *setting) {
  return setting->activation == ACTIVATION_IDENTITY ? ACTIVATION_RELU : setting->activation;
}

/* Digests of such models belong to one version of SLEEF. */
#define SLEEF_OF_THE_DIGESTS "SLEEF 3.5.1"
static bool needs_sleef(const struct setting *setting) {
  return setting->ordinal || activation_is_transcendental(setting->activation);
}

struct data {
  struct dataset dataset;
  struct split split;
};

static void set_column(char *to, const char *name) {
  (void)snprintf(to, COLUMN_NAME, "%s", name);
}

static void add_cross(struct model_spec *model, const char *first, const char *second) {
  struct cross *cross = &model->cross[model->crosses++];
  cross->arity = 2;
  set_column(cross->column[0], first);
  set_column(cross->column[1], second);
}

/* The second of these crosses has more combinations than buckets. */
static void add_rich(struct model_spec *model) {
  static const struct deep_column columns[] = {
      {.name = "user_history", .pooling = POOLING_RSQRT},
      {.name = "item_history", .pooling = POOLING_MEAN},
      {.name = "genres", .pooling = POOLING_SUM},
      {.name = "user_mean", .scale = SCALE_STANDARD},
      {.name = "item_mean", .scale = SCALE_MINMAX},
      {.name = "item_count", .scale = SCALE_STANDARD},
      {.name = "days_since_first", .scale = SCALE_STANDARD},
      {.name = "release_year", .scale = SCALE_STANDARD},
  };
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
    model->deep[model->deep_columns++] = columns[i];
  }
  add_cross(model, "gender", "genres");
  add_cross(model, "user_id", "genres");
  model->hash_buckets = 64;
}

static struct model_spec model_of(const struct setting *setting) {
  static const char *const columns[] = {"age", "gender", "occupation", "genre"};
  struct model_spec model = {.embedding_dim = 8,
                             .hidden_layers = setting->hidden_layers,
                             .activation = activation_of(setting),
                             .interaction = setting->interaction,
                             .head = setting->ordinal ? HEAD_ORDINAL : HEAD_LINEAR,
                             .slope = setting->ordinal ? 2.0 : 0.0,
                             .clip = setting->clip};
  if (!setting->no_crosses) add_cross(&model, "gender", "genre");
  for (size_t i = 0; !setting->no_deep && i < 4; i++) {
    set_column(model.deep[model.deep_columns++].name, columns[i]);
  }
  if (setting->rich) add_rich(&model);
  for (size_t l = 0; l < setting->hidden_layers; l++) {
    model.hidden[l] = setting->hidden[l];
    model.dropout[l] = setting->dropout;
  }
  return model;
}

static struct train_spec training_of(const struct setting *setting, uint32_t epochs) {
  struct train_spec train = {
      .epochs = epochs,
      .batch_size = setting->batch_size,
      .optimizer = {.name = setting->optimizer, .learning_rate = 0.004},
      .embedding_updates = setting->lazy ? UPDATES_LAZY : UPDATES_DENSE,
      .has_wide_optimizer = setting->wide_ftrl,
      .schedule = {setting->schedule, 2, 0.3, 0.1, 0.5},
      .early_stopping = {setting->patience > 0, setting->patience, 0.0},
      .averaging = {setting->ema > 0, setting->ema},
      .refit = setting->refit,
      .members = setting->members,
      .wide_optimizer = {.name = OPTIMIZER_FTRL, .learning_rate = 0.1, .l1 = 0.001, .l2 = 0.01},
  };
  if (setting->optimizer == OPTIMIZER_ADAMW) train.optimizer.weight_decay = 0.01;
  if (setting->optimizer == OPTIMIZER_SGD) train.optimizer.momentum = 0.9;
  if (setting->penalties) train.l2 = (struct l2_spec){1e-4, 1e-3, 1e-4};
  return train;
}

static bool load(struct data *data) {
  const struct synthetic_spec spec = {.users = 120, .items = 150, .ratings = 3001, .seed = 3};
  const struct split_spec split = {.method = SPLIT_RANDOM, .test = 0.2, .validation = 0.1};
  struct error error = {0};
  return synthetic_make(&spec, &data->dataset, &error) &&
         split_make(&data->dataset, &split, 5, NULL, "", &data->split, &error);
}

static void run(const struct data *data, const struct setting *setting, enum isa isa,
                uint32_t epochs, struct train_result *result) {
  struct error error = {0};
  struct model_spec model = model_of(setting);
  struct train_spec train_spec = training_of(setting, epochs);
  struct features features;
  struct encoding_spec encoding;
  features_init(&features, &data->dataset);
  model_find_kinds(&model, &data->dataset);
  model_encoding_spec(&model, false, 5, &encoding);
  assert_true(features_add(&features, &encoding, &error));
  struct train_request request = {.kernels = kernels_of(isa),
                                  .dataset = &data->dataset,
                                  .features = &features,
                                  .split = &data->split,
                                  .model = &model,
                                  .train = &train_spec,
                                  .seed = 5};
  if (!train_run(&request, result, &error))
    fail_msg("%s: %s", setting->expected.name, error.message);
  features_clear(&features);
}

/* Without fused multiply-add, SLEEF's other functions are used. */
static bool sleef_is_known(void) {
  return isa_has_fma() && strcmp(kernels_math_library(), SLEEF_OF_THE_DIGESTS) == 0;
}

static bool agrees(const struct data *data, const struct setting *setting, enum isa isa) {
  struct train_result result;
  run(data, setting, isa, setting->patience > 0 ? 12 : 3, &result);
  uint64_t mse;
  memcpy(&mse, &result.mse, sizeof mse);
  bool same = result.weights_digest == setting->expected.weights && mse == setting->expected.mse;
  if (!same) {
    print_error("%s, %s: weights 0x%016" PRIx64 ", MSE 0x%016" PRIx64 " (%.17g)\n", isa_name(isa),
                setting->expected.name, result.weights_digest, mse, result.mse);
  }
  train_result_clear(&result);
  return same;
}

static void every_instruction_set_gives_the_committed_bits(void **state) {
  const struct data *data = *state;
  size_t different = 0;
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    if (kernels_of(isa) == NULL) continue;
    for (size_t i = 0; i < SETTINGS; i++) {
      if (needs_sleef(&settings[i]) && !sleef_is_known()) continue;
      if (!agrees(data, &settings[i], isa)) different++;
    }
  }
  if (!sleef_is_known()) {
    print_message("digests that need SLEEF not checked: they are of %s with FMA, here is %s\n",
                  SLEEF_OF_THE_DIGESTS, kernels_math_library());
  }
  assert_int_equal(different, 0);
}

static void every_activation_has_committed_bits(void **state) {
  (void)state;
  for (int a = ACTIVATION_RELU; a < ACTIVATIONS; a++) {
    size_t i = 0;
    while (i < SETTINGS && activation_of(&settings[i]) != (enum activation)a) i++;
    if (i == SETTINGS) fail_msg("activation %d has no row in `settings`", a);
  }
}

static void training_lowers_the_loss_below_the_variance(void **state) {
  const struct data *data = *state;
  struct train_result result;
  run(data, &settings[0], isa_best(), 20, &result);
  assert_true(result.curve[19].train_loss < 0.8 * result.curve[0].train_loss);
  double mean = 0, squares = 0;
  for (size_t i = 0; i < data->dataset.ratings; i++) {
    double rating = (double)data->dataset.row_rating[i];
    mean += rating;
    squares += rating * rating;
  }
  mean /= (double)data->dataset.ratings;
  double variance = squares / (double)data->dataset.ratings - mean * mean;
  assert_true(result.mse < variance);
  assert_true(result.mse > data->dataset.irreducible_mse);
  train_result_clear(&result);
}

static void the_best_epoch_has_the_lowest_validation_mse(void **state) {
  const struct data *data = *state;
  struct train_result result;
  run(data, &settings[0], isa_best(), 30, &result);
  for (uint32_t e = 0; e < result.epochs; e++) {
    double best = result.curve[result.best_epoch - 1].validation_mse;
    assert_true(best <= result.curve[e].validation_mse);
  }
  train_result_clear(&result);
}

static int set_up(void **state) {
  static struct data data;
  *state = &data;
  return load(&data) ? 0 : -1;
}

static int tear_down(void **state) {
  struct data *data = *state;
  split_clear(&data->split);
  dataset_clear(&data->dataset);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_instruction_set_gives_the_committed_bits),
      cmocka_unit_test(every_activation_has_committed_bits),
      cmocka_unit_test(training_lowers_the_loss_below_the_variance),
      cmocka_unit_test(the_best_epoch_has_the_lowest_validation_mse),
  };
  return cmocka_run_group_tests_name("identity", tests, set_up, tear_down);
}
