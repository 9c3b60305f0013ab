#include "serving/serving.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/column_values.h"
#include "kernels/self_check.h"

static void start(struct serving *serving, const struct kernels *kernels) {
  memset(serving, 0, sizeof *serving);
  serving->kernels = kernels;
  for (size_t side = 0; side < 2; side++) serving->unknown[side].last = WORDS_NONE;
}

bool serving_open(struct serving *serving, const char *path, const struct kernels *kernels,
                  struct error *error) {
  start(serving, kernels);
  return saved_model_open(&serving->saved, path, error);
}

bool serving_open_bytes(struct serving *serving, const char *name, const void *bytes, size_t size,
                        const struct kernels *kernels, struct error *error) {
  start(serving, kernels);
  return saved_model_open_bytes(&serving->saved, name, bytes, size, error);
}

void serving_close(struct serving *serving) {
  for (size_t side = 0; side < 2; side++) free(serving->unknown[side].place_of);
  workspace_clear(&serving->workspace);
  ensemble_clear(&serving->models);
  dataset_encoder_clear(&serving->encoder);
  query_clear(&serving->query);
  split_clear(&serving->split);
  dataset_clear(&serving->dataset);
  saved_model_close(&serving->saved);
}

static bool load_weights(struct serving *serving, const struct encoding *encoding,
                         struct error *error) {
  return kernels_self_check(serving->kernels, error) &&
         saved_model_weights(&serving->saved, encoding, &serving->models, error) &&
         workspace_init(&serving->workspace, &serving->models.member[0], PREDICT_BATCH, error);
}

bool serving_values(struct serving *serving, size_t most, struct error *error) {
  return query_init(&serving->query, &serving->saved.encoding, most, error) &&
         load_weights(serving, &serving->query.encoding, error);
}

bool serving_read(struct serving *serving, const char *folder, struct error *error) {
  const struct saved_model *saved = &serving->saved;
  if (!saved_model_data(saved, folder, &serving->dataset, &serving->same, error)) return false;
  return !serving->same ||
         saved_model_split(saved, &serving->dataset, folder, &serving->split, error);
}

bool serving_prepare(struct serving *serving, struct error *error) {
  const struct saved_model *saved = &serving->saved;
  return dataset_encoder_init(&serving->encoder, &saved->encoding, &saved->spec, &serving->dataset,
                              serving->same ? serving->split.rows : NULL, serving->split.train,
                              error) &&
         load_weights(serving, &serving->encoder.encoding, error);
}

bool serving_data(struct serving *serving, const char *folder, struct error *error) {
  return serving_read(serving, folder, error) && serving_prepare(serving, error);
}

static void predict_rows(struct serving *serving, const struct encoded_rows *rows,
                         float *prediction) {
  model_predict(&serving->models, &serving->workspace, rows, serving->saved.config.model.clip,
                serving->kernels, prediction);
}

void serving_predict_values(struct serving *serving, size_t count, float *prediction) {
  query_encode(&serving->query, count);
  predict_rows(serving, &serving->query.rows, prediction);
}

const struct rating_levels *serving_levels(const struct serving *serving) {
  return &serving->saved.encoding.levels;
}

static void probabilities_of(struct serving *serving, const struct encoded_rows *rows,
                             float *probability) {
  model_probabilities(&serving->models, &serving->workspace, rows, serving->kernels, probability);
}

void serving_value_probabilities(struct serving *serving, size_t count, float *probability) {
  struct encoded_rows rows = serving->query.rows;
  rows.rows = count;
  probabilities_of(serving, &rows, probability);
}

/* The data set with the pairs as its ratings. */
struct window {
  struct dataset dataset;
  uint32_t *row;
};

static bool window_open(struct window *window, const struct dataset *dataset,
                        const struct serving_pair *pair, size_t count, struct error *error) {
  struct dataset *own = &window->dataset;
  *own = *dataset;
  own->ratings = count;
  own->row_user = memory_array(count, sizeof *own->row_user, error);
  own->row_item = memory_array(count, sizeof *own->row_item, error);
  own->row_rating = memory_array(count, sizeof *own->row_rating, error);
  own->row_time = memory_array(count, sizeof *own->row_time, error);
  window->row = memory_array(count, sizeof *window->row, error);
  if (own->row_user == NULL || own->row_item == NULL || own->row_rating == NULL ||
      own->row_time == NULL || window->row == NULL) {
    return false;
  }
  for (size_t r = 0; r < count; r++) {
    own->row_user[r] = pair[r].user;
    own->row_item[r] = pair[r].item;
    own->row_time[r] = pair[r].time;
    window->row[r] = (uint32_t)r;
  }
  return true;
}

static void window_close(struct window *window) {
  free(window->dataset.row_user);
  free(window->dataset.row_item);
  free(window->dataset.row_rating);
  free(window->dataset.row_time);
  free(window->row);
}

static void shift_all(const struct serving *serving, size_t count, float *prediction) {
  const struct rating_scale scale = serving->models.member[0].scale;
  for (size_t i = 0; i < count; i++) {
    const float p = prediction[i] + serving->shift;
    const float low = scale.least > p ? scale.least : p;
    const bool clip = serving->saved.config.model.clip;
    prediction[i] = !clip ? p : low > scale.most ? scale.most : low;
  }
}

/* What `compute` makes of the encoded pairs. */
static bool compute_pairs(struct serving *serving, const struct serving_pair *pair, size_t count,
                          void (*compute)(struct serving *, const struct encoded_rows *, float *),
                          float *out, struct error *error) {
  struct window window;
  struct encoded_rows rows = {0};
  bool done = window_open(&window, &serving->dataset, pair, count, error) &&
              dataset_encoder_apply(&serving->encoder, &window.dataset, window.row, count,
                                    ENCODED_OTHERS, &rows, error);
  if (done) compute(serving, &rows, out);
  encoded_rows_clear(&rows);
  window_close(&window);
  return done;
}

bool serving_predict_pairs(struct serving *serving, const struct serving_pair *pair, size_t count,
                           float *prediction, struct error *error) {
  if (!compute_pairs(serving, pair, count, predict_rows, prediction, error)) return false;
  if (serving->shift != 0) shift_all(serving, count, prediction);
  return true;
}

bool serving_pair_probabilities(struct serving *serving, const struct serving_pair *pair,
                                size_t count, float *probability, struct error *error) {
  return compute_pairs(serving, pair, count, probabilities_of, probability, error);
}

static void add_unseen(const struct serving *serving, const struct column *column, uint32_t code,
                       struct text *text) {
  if (dataset_encoder_knows(&serving->encoder, column, code)) return;
  text_add(text, "%s%s ", text->length > 0 ? ", " : "", column->name);
  column_label(column, &serving->dataset, code, text);
}

void serving_unseen(const struct serving *serving, enum column_side side,
                    const struct serving_pair *pair, struct text *text) {
  struct serving_pair one = *pair;
  struct dataset window = serving->dataset;
  window.ratings = 1;
  window.row_user = &one.user;
  window.row_item = &one.item;
  window.row_time = &one.time;
  for (size_t v = 0; v < serving->saved.encoding.vocabularies; v++) {
    const char *name = serving->saved.encoding.vocabulary[v].column.name;
    const struct column *column = dataset_column(&serving->dataset, name);
    if (column->side != side) continue;
    if (column->kind == COLUMN_CATEGORY) {
      add_unseen(serving, column, column_code(column, &window, 0), text);
    } else if (column->kind == COLUMN_MULTI_HOT) {
      const uint32_t *codes;
      const size_t count = column_codes(column, dataset_place(&window, column->table, 0), &codes);
      for (size_t k = 0; k < count; k++) add_unseen(serving, column, codes[k], text);
    }
  }
}
