/* Rows ready for a model. */
#include <math.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/memory.h"
#include "data/encoding/encoding_parts.h"

/* The rows to encode. */
struct request {
  const struct encoding *encoding;
  const struct dataset *dataset;
  const uint32_t *rows;
  enum encoded_part part;
};

static void apply_table(const struct dictionary *dictionary, const uint32_t *rows,
                        struct encoded_rows *encoded) {
  const uint32_t *codes = dictionary->list->rows, *row_of_code = dictionary->row_of_code;
  uint32_t *out = encoded->codes + dictionary->slot;
  size_t slots = dictionary->slots;
  if (slots == 1) {
    for (size_t r = 0; r < encoded->rows; r++) {
      out[r * encoded->slots] = row_of_code[codes[rows[r]]];
    }
    return;
  }
  for (size_t r = 0; r < encoded->rows; r++) {
    const uint32_t *row = codes + rows[r] * slots;
    for (size_t s = 0; s < slots; s++) out[r * encoded->slots + s] = row_of_code[row[s]];
  }
}

/* The row's own entry is the next one of its owner, as the lists are in the
 * order of the training rows. */
static bool skip_own(const struct bag_lists *lists, struct encoded_bag *bag, size_t rows,
                     struct error *error) {
  uint32_t *next = memory_array(lists->owners, sizeof *next, error);
  if (next == NULL) return false;
  for (size_t r = 0; r < rows; r++) bag->skip[r] = next[bag->owner[r]]++;
  free(next);
  return true;
}

static bool apply_bag(const struct request *request, const struct dictionary *dictionary,
                      struct encoded_rows *encoded, struct error *error) {
  struct encoded_bag *bag = &encoded->bag[dictionary->bag];
  bag->lists = &request->encoding->bag[dictionary->bag];
  bag->owner = memory_array(encoded->rows, sizeof *bag->owner, error);
  bag->skip = memory_array(encoded->rows, sizeof *bag->skip, error);
  if (bag->owner == NULL || bag->skip == NULL) return false;
  for (size_t r = 0; r < encoded->rows; r++) {
    bag->owner[r] = column_owner(request->dataset, bag->lists->side, request->rows[r]);
    bag->skip[r] = BAG_SKIP_NONE;
  }
  bool history = dictionary->list == NULL;
  if (!history || request->part != ENCODED_TRAINING) return true;
  return skip_own(bag->lists, bag, encoded->rows, error);
}

static bool apply_tables(const struct request *request, struct encoded_rows *encoded,
                         struct error *error) {
  for (size_t t = 0; t < request->encoding->tables; t++) {
    const struct dictionary *dictionary = &request->encoding->table[t];
    if (dictionary->slots > 0) {
      apply_table(dictionary, request->rows, encoded);
    } else if (!apply_bag(request, dictionary, encoded, error)) {
      return false;
    }
  }
  return true;
}

static void apply_number(const struct scaling *scaling, const uint32_t *rows,
                         struct encoded_rows *encoded) {
  float *out = encoded->values + scaling->at;
  for (size_t r = 0; r < encoded->rows; r++) {
    double value = scaling->list->rows[rows[r]];
    out[r * encoded->numbers] = (float)scaling_apply(scaling, value);
    if (scaling->width == 2) out[r * encoded->numbers + 1] = isnan(value) ? 1.0f : 0.0f;
  }
}

static void apply_statistic(const struct request *request, const struct scaling *scaling,
                            struct encoded_rows *encoded) {
  const struct column *column = column_find(scaling->column);
  const struct statistics *statistics = request->encoding->statistics;
  bool training = request->part == ENCODED_TRAINING;
  float *out = encoded->values + scaling->at;
  for (size_t r = 0; r < encoded->rows; r++) {
    unsigned without = training ? statistics->training_fold[r] : OUT_OF_FOLD;
    double value =
        statistics_value(statistics, column, request->dataset, request->rows[r], without);
    out[r * encoded->numbers] = (float)scaling_apply(scaling, value);
  }
}

static void apply_numbers(const struct request *request, struct encoded_rows *encoded) {
  const struct encoding *encoding = request->encoding;
  for (size_t i = 0; i < encoding->scalings; i++) {
    const struct scaling *scaling = &encoding->scaling[i];
    if (scaling->list != NULL)
      apply_number(scaling, request->rows, encoded);
    else
      apply_statistic(request, scaling, encoded);
  }
}

static bool check_training(const struct request *request, size_t count, struct error *error) {
  const struct encoding *encoding = request->encoding;
  if (request->part != ENCODED_TRAINING || !encoding->has_training) return true;
  if (count == encoding->training_rows &&
      digest_bytes(request->rows, count * sizeof *request->rows) == encoding->training_digest) {
    return true;
  }
  return error_set(error, ERROR_SYSTEM, "these %zu rows are not the %zu training rows", count,
                   encoding->training_rows);
}

static bool allocate(struct encoded_rows *encoded, struct error *error) {
  size_t codes, values;
  if (__builtin_mul_overflow(encoded->rows, encoded->slots, &codes) ||
      __builtin_mul_overflow(encoded->rows, encoded->numbers, &values)) {
    return error_set(error, ERROR_SYSTEM, "out of memory: %zu encoded rows", encoded->rows);
  }
  encoded->codes = memory_array(codes, sizeof *encoded->codes, error);
  encoded->bag = memory_array(encoded->bags, sizeof *encoded->bag, error);
  encoded->values = memory_array(values, sizeof *encoded->values, error);
  encoded->target = memory_array(encoded->rows, sizeof *encoded->target, error);
  return encoded->codes != NULL && encoded->bag != NULL && encoded->values != NULL &&
         encoded->target != NULL;
}

bool encoding_apply(const struct encoding *encoding, const struct dataset *dataset,
                    const uint32_t *rows, size_t count, enum encoded_part part,
                    struct encoded_rows *encoded, struct error *error) {
  const struct request request = {encoding, dataset, rows, part};
  *encoded = (struct encoded_rows){0};
  if (!check_training(&request, count, error)) return false;
  *encoded = (struct encoded_rows){.rows = count,
                                   .slots = encoding->slots,
                                   .bags = encoding->bags,
                                   .numbers = encoding->numbers};
  if (!allocate(encoded, error) || !apply_tables(&request, encoded, error)) {
    encoded_rows_clear(encoded);
    return false;
  }
  apply_numbers(&request, encoded);
  for (size_t r = 0; r < count; r++) encoded->target[r] = dataset->row_rating[rows[r]];
  return true;
}

void encoded_rows_clear(struct encoded_rows *encoded) {
  for (size_t b = 0; encoded->bag != NULL && b < encoded->bags; b++) {
    free(encoded->bag[b].owner);
    free(encoded->bag[b].skip);
  }
  free(encoded->codes);
  free(encoded->bag);
  free(encoded->values);
  free(encoded->target);
  *encoded = (struct encoded_rows){0};
}
