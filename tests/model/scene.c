#include "tests/model/scene.h"
#include "data/synthetic/synthetic.h"
#include "tests/model/model_kinds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SEED = 1 };

static void set_column(char *to, const char *name) {
  (void)snprintf(to, COLUMN_NAME, "%s", name);
}

static void add_cross(struct model_spec *model, const char *first, const char *second) {
  struct cross *cross = &model->cross[model->crosses++];
  cross->arity = 2;
  set_column(cross->column[0], first);
  set_column(cross->column[1], second);
}

static void make_model(struct model_spec *model) {
  static const struct deep_column columns[] = {
      {.name = "user_id"},
      {.name = "user_history", .pooling = POOLING_RSQRT},
      {.name = "item_history", .pooling = POOLING_MEAN},
      {.name = "genres"},
      {.name = "age", .scale = SCALE_STANDARD},
      {.name = "user_mean"},
      {.name = "item_mean", .scale = SCALE_STANDARD},
      {.name = "days_since_first"},
      {.name = "release_year"},
  };
  *model = (struct model_spec){.embedding_dim = 4,
                               .hash_buckets = 50,
                               .hidden_layers = 1,
                               .hidden = {16},
                               .dropout = {0.1},
                               .activation = ACTIVATION_RELU};
  add_cross(model, "gender", "genres");
  add_cross(model, "user_id", "genre");
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
    model->deep[model->deep_columns++] = columns[i];
  }
}

void scene_features(struct scene *s) {
  struct error error = {0};
  struct encoding_spec encoding;
  features_clear(&s->features);
  features_init(&s->features, &s->dataset);
  model_find_kinds(&s->model, &s->dataset);
  model_encoding_spec(&s->model, false, SEED, &encoding);
  if (!features_add(&s->features, &encoding, &error)) fail_msg("%s", error.message);
}

void scene_init(struct scene *s, double validation) {
  const struct synthetic_spec spec = {.users = 60, .items = 80, .ratings = 1000, .seed = 3};
  const struct split_spec split = {.method = SPLIT_RANDOM, .test = 0.2, .validation = validation};
  struct error error = {0};
  memset(s, 0, sizeof *s);
  make_model(&s->model);
  s->train = (struct train_spec){.epochs = 3, .batch_size = 32, .optimizer.learning_rate = 0.01};
  if (!synthetic_make(&spec, &s->dataset, &error) ||
      !split_make(&s->dataset, &split, SEED, NULL, "", &s->split, &error)) {
    fail_msg("%s", error.message);
  }
  scene_features(s);
  s->request = (struct train_request){.kernels = kernels_of(isa_best()),
                                      .dataset = &s->dataset,
                                      .features = &s->features,
                                      .split = &s->split,
                                      .model = &s->model,
                                      .train = &s->train,
                                      .seed = SEED};
}

void scene_clear(struct scene *s) {
  features_clear(&s->features);
  split_clear(&s->split);
  dataset_clear(&s->dataset);
}

void scene_train(const struct scene *s, struct train_result *result) {
  struct error error = {0};
  if (!train_run(&s->request, result, &error)) fail_msg("%s", error.message);
}

uint64_t scene_digest(const struct scene *s) {
  struct train_result result;
  scene_train(s, &result);
  const uint64_t digest = result.weights_digest;
  train_result_clear(&result);
  return digest;
}
