#include "data/dataset_extend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "data/column_values.h"
#include "data/times.h"

static bool code_of(struct words *words, const char *text, size_t length, uint32_t *code,
                    struct error *error) {
  for (*code = 0; *code < words->count; (*code)++) {
    if (words_length(words, *code) == length &&
        memcmp(words_text(words, *code), text, length) == 0) {
      return true;
    }
  }
  return words_append(words, text, length, error);
}

static void *grow(void *array, size_t count, size_t size, struct error *error) {
  return memory_grow(array, count, size, error);
}

/* The word "" is the first one, or was appended here and is the last one. */
static bool missing_code(struct words *words, uint32_t *code, struct error *error) {
  *code = words->count - 1;
  if (words->count > 0 && words_length(words, *code) == 0) return true;
  return code_of(words, "", 0, code, error);
}

/* One more place without a value. */
static bool add_place(struct column_values *values, struct error *error) {
  const size_t places = values->places + 1;
  void *grown;
  if (values->code != NULL) {
    uint32_t none;
    if (!missing_code(&values->words, &none, error)) return false;
    if ((grown = grow(values->code, places, sizeof *values->code, error)) == NULL) return false;
    values->code = grown;
    values->code[places - 1] = none;
  } else if (values->offset != NULL) {
    grown = grow(values->offset, places + 1, sizeof *values->offset, error);
    if (grown == NULL) return false;
    values->offset = grown;
    values->offset[places] = values->offset[places - 1];
    if ((grown = grow(values->first, places, sizeof *values->first, error)) == NULL) return false;
    values->first = grown;
    values->first[places - 1] = WORDS_NONE;
  } else {
    if ((grown = grow(values->number, places, sizeof *values->number, error)) == NULL) return false;
    values->number = grown;
    values->number[places - 1] = (double)NAN;
  }
  values->places = places;
  return true;
}

bool dataset_extend_owner(struct dataset *dataset, enum column_side side, const char *id,
                          struct error *error) {
  const bool user = side == SIDE_USER;
  struct words *ids = user ? &dataset->user_ids : &dataset->item_ids;
  if (!words_append(ids, id, strlen(id), error)) return false;
  (*(user ? &dataset->users : &dataset->items))++;
  for (size_t i = 0; i < dataset->schema.columns; i++) {
    const struct column *column = &dataset->schema.column[i];
    if (column->table != (user ? TABLE_USERS : TABLE_ITEMS) || column->values == NULL) continue;
    if (!add_place(column->values, error)) return false;
  }
  return true;
}

/* --- values --- */

static int ascending(const void *a, const void *b) {
  const uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
  return (left > right) - (left < right);
}

static bool add_entry(struct column_values *values, const char *text, size_t length,
                      struct error *error) {
  uint32_t code;
  if (length == 0) return true;
  if (!code_of(&values->words, text, length, &code, error)) return false;
  uint32_t *end = &values->offset[values->places];
  for (uint32_t k = values->offset[values->places - 1]; k < *end; k++) {
    if (values->entry[k] == code) return true;
  }
  uint32_t *grown = grow(values->entry, (size_t)*end + 1, sizeof *grown, error);
  if (grown == NULL) return false;
  values->entry = grown;
  grown[(*end)++] = code;
  return true;
}

static bool set_words(struct column_values *values, const char *separator, const char *value,
                      struct error *error) {
  const char *at = value;
  for (const char *stop; (stop = strstr(at, separator)) != NULL; at = stop + strlen(separator)) {
    if (!add_entry(values, at, (size_t)(stop - at), error)) return false;
  }
  if (!add_entry(values, at, strlen(at), error)) return false;
  const uint32_t begin = values->offset[values->places - 1];
  const uint32_t count = values->offset[values->places] - begin;
  if (count > 0) qsort(values->entry + begin, count, sizeof *values->entry, ascending);
  return true;
}

static bool set_number(const struct column *column, const char *value, struct error *error) {
  double *number = &column->values->number[column->values->places - 1];
  const size_t length = strlen(value);
  const bool good = column->days ? times_parse_days(value, length, number)
                                 : text_double(value, value + length, number);
  return good || error_set(error, ERROR_USAGE, "%s: expected %s, found '%.40s'", column->name,
                           column->days ? "a date" : "a number", value);
}

static bool of_users(const struct column *column) {
  return column->table == TABLE_USERS && column->values != NULL;
}

bool dataset_extend_value(struct dataset *dataset, const char *name, const char *value,
                          struct error *error) {
  const struct column *column = dataset_column(dataset, name);
  if (column == NULL || !of_users(column)) {
    error_set(error, ERROR_USAGE, "'%s' is no column of the users", name);
    return schema_suggest(&dataset->schema, name, of_users, "columns of the users", error);
  }
  struct column_values *values = column->values;
  if (column->kind == COLUMN_NUMBER) return set_number(column, value, error);
  if (column->kind == COLUMN_MULTI_HOT) return set_words(values, column->separator, value, error);
  return code_of(&values->words, value, strlen(value), &values->code[values->places - 1], error);
}

bool dataset_extend_rating(struct dataset *dataset, uint32_t item, float rating, int64_t time,
                           struct error *error) {
  const size_t rows = dataset->ratings + 1;
  void *grown;
  if ((grown = grow(dataset->row_user, rows, sizeof(uint32_t), error)) == NULL) return false;
  dataset->row_user = grown;
  if ((grown = grow(dataset->row_item, rows, sizeof(uint32_t), error)) == NULL) return false;
  dataset->row_item = grown;
  if ((grown = grow(dataset->row_rating, rows, sizeof(float), error)) == NULL) return false;
  dataset->row_rating = grown;
  if (dataset->row_time != NULL) {
    if ((grown = grow(dataset->row_time, rows, sizeof(int64_t), error)) == NULL) return false;
    dataset->row_time = grown;
    dataset->row_time[rows - 1] = time;
  }
  dataset->row_user[rows - 1] = (uint32_t)dataset->users - 1;
  dataset->row_item[rows - 1] = item;
  dataset->row_rating[rows - 1] = rating;
  dataset->ratings = rows;
  return true;
}
