#include "data/encoding/rating_levels.h"

#include <math.h>
#include <string.h>

/* The first level that is not less. */
static size_t place_of(const struct rating_levels *levels, float rating) {
  size_t low = 0, high = levels->count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (levels->value[middle] < rating) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

static void insert(struct rating_levels *levels, size_t at, float rating) {
  const size_t behind = levels->count++ - at;
  memmove(levels->value + at + 1, levels->value + at, behind * sizeof *levels->value);
  memmove(levels->rows + at + 1, levels->rows + at, behind * sizeof *levels->rows);
  levels->value[at] = rating;
  levels->rows[at] = 0;
}

static bool refuse(struct error *error) {
  return error_help(error, "set model.head: linear, which needs no levels");
}

bool rating_levels_fit(struct rating_levels *levels, const struct dataset *dataset,
                       struct dataset_rows rows, struct error *error) {
  *levels = (struct rating_levels){0};
  for (size_t i = 0; i < rows.count; i++) {
    const float rating = dataset->row_rating[dataset_row(rows, i)];
    const size_t at = place_of(levels, rating);
    if (at == levels->count || levels->value[at] != rating) {
      if (levels->count == RATING_LEVELS_MAX) {
        error_set(error, ERROR_CONFIG,
                  "model.head: ordinal tells at most %d rating levels apart; the training rows "
                  "have more, such as %g, %g and %g",
                  RATING_LEVELS_MAX, (double)levels->value[0], (double)levels->value[1],
                  (double)rating);
        return refuse(error);
      }
      insert(levels, at, rating);
    }
    levels->rows[at]++;
  }
  if (levels->count >= 2) return true;
  error_set(error, ERROR_CONFIG,
            "model.head: ordinal needs two rating levels; the training rows have %s",
            levels->count == 1 ? "one alone" : "none");
  return refuse(error);
}

json_t *rating_levels_json(const struct rating_levels *levels) {
  json_t *json = json_array();
  for (size_t k = 0; json != NULL && k < levels->count; k++) {
    if (json_array_append_new(json, json_real((double)levels->value[k])) == 0) continue;
    json_decref(json);
    json = NULL;
  }
  return json;
}

bool rating_levels_from_json(struct rating_levels *levels, const json_t *json) {
  *levels = (struct rating_levels){0};
  const size_t count = json_array_size(json);
  if (count < 2 || count > RATING_LEVELS_MAX) return false;
  for (size_t k = 0; k < count; k++) {
    const json_t *level = json_array_get(json, k);
    const float value = (float)json_number_value(level);
    if (!json_is_number(level) || !isfinite(value)) return false;
    if (k > 0 && !(value > levels->value[k - 1])) return false;
    levels->value[k] = value;
  }
  levels->count = count;
  return true;
}
