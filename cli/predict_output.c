/* What the ways of `crosslane predict` share. */
#include <stdlib.h>
#include <time.h>

#include "base/json_text.h"
#include "cli/predict_parts.h"
#include "data/readers/csv.h"

double predict_seconds(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void predict_note_data(const struct serving *serving, struct text *notes) {
  if (serving->same) return;
  text_add(notes, "%s: histories and statistics come from all of its ratings\n",
           saved_model_is_first(&serving->saved)
               ? "a model of Crosslane 0.1 does not tell whether it was trained on this data set"
               : "this is not the data set that the model was trained on");
}

json_t *predict_rating(float prediction) {
  char number[CSV_NUMBER + 1];
  number[csv_number(prediction, number)] = '\0';
  return json_real(strtod(number, NULL));
}

void predict_text_levels(const struct rating_levels *levels, struct text *text) {
  for (size_t k = 0; k < levels->count; k++) text_add(text, " %7g", (double)levels->value[k]);
}

void predict_text_shares(const struct rating_levels *levels, const float *share,
                         struct text *text) {
  for (size_t k = 0; k < levels->count; k++) text_add(text, " %7.4f", (double)share[k]);
}

void predict_csv_levels(const struct rating_levels *levels, struct text *text) {
  for (size_t k = 0; k < levels->count; k++) {
    text_add(text, ",probability_%g", (double)levels->value[k]);
  }
}

void predict_csv_shares(const struct rating_levels *levels, const float *share, struct text *text) {
  for (size_t k = 0; k < levels->count; k++) {
    char number[CSV_NUMBER];
    text_add(text, ",");
    text_add_bytes(text, number, csv_number(share[k], number));
  }
}

json_t *predict_json_levels(const struct rating_levels *levels) {
  json_t *json = json_array();
  for (size_t k = 0; k < levels->count; k++) {
    (void)json_array_append_new(json, predict_rating(levels->value[k]));
  }
  return json;
}

json_t *predict_json_shares(const struct rating_levels *levels, const float *share) {
  json_t *json = json_array();
  for (size_t k = 0; k < levels->count; k++) {
    (void)json_array_append_new(json, predict_rating(share[k]));
  }
  return json;
}

bool predict_json(json_t *json, struct text *text, struct error *error) {
  if (json == NULL) return error_set(error, ERROR_SYSTEM, "out of memory");
  json_text_add(text, json);
  text_add(text, "\n");
  json_decref(json);
  return true;
}
