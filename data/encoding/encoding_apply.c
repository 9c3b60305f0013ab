/* Rows ready for a model. */
#include <math.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/memory.h"
#include "data/encoding/encoding_parts.h"

bool encoded_rows_init(struct encoded_rows *encoded, const struct encoding *encoding, size_t rows,
                       struct error *error) {
  *encoded = (struct encoded_rows){
      .rows = rows, .slots = encoding->slots, .bags = encoding->bags, .numbers = encoding->numbers};
  size_t codes, values;
  if (__builtin_mul_overflow(rows, encoded->slots, &codes) ||
      __builtin_mul_overflow(rows, encoded->numbers, &values)) {
    return error_set(error, ERROR_SYSTEM, "out of memory: %zu encoded rows", rows);
  }
  encoded->codes = memory_array(codes, sizeof *encoded->codes, error);
  encoded->bag = memory_array(encoded->bags, sizeof *encoded->bag, error);
  encoded->values = memory_array(values, sizeof *encoded->values, error);
  encoded->target = memory_array(rows, sizeof *encoded->target, error);
  bool done = encoded->codes != NULL && encoded->bag != NULL && encoded->values != NULL &&
              encoded->target != NULL;
  for (size_t b = 0; done && b < encoded->bags; b++) {
    struct encoded_bag *bag = &encoded->bag[b];
    bag->lists = &encoding->bag[b];
    bag->owner = memory_array(rows, sizeof *bag->owner, error);
    bag->skip = memory_array(rows, sizeof *bag->skip, error);
    done = bag->owner != NULL && bag->skip != NULL;
  }
  if (!done) encoded_rows_clear(encoded);
  return done;
}

void encoded_rows_clear(struct encoded_rows *encoded) {
  for (size_t b = 0; encoded->bag != NULL && b < encoded->bags; b++) {
    free(encoded->bag[b].owner);
    free(encoded->bag[b].skip);
  }
  free(encoded->merged);
  free(encoded->codes);
  free(encoded->bag);
  free(encoded->values);
  free(encoded->target);
  *encoded = (struct encoded_rows){0};
}

/* The rows to encode. */
struct request {
  const struct encoding *encoding;
  const struct dataset *dataset; /* NULL: the rows are those of the lists */
  struct dataset_rows rows;
  enum encoded_part part;
};

/* The entry of a row in a list that has one for each row of a table. */
static size_t place_of(const struct request *request, enum table table, size_t r) {
  const size_t row = dataset_row(request->rows, r);
  return request->dataset != NULL ? dataset_place(request->dataset, table, row) : row;
}

static void fill_table(const struct request *request, const struct dictionary *dictionary,
                       struct encoded_rows *encoded) {
  const uint32_t *codes = dictionary->list->rows, *row_of_code = dictionary->row_of_code;
  const size_t slots = dictionary->slots, stride = encoded->slots;
  const size_t count = request->rows.count;
  uint32_t *out = encoded->codes + dictionary->slot;
  if (request->dataset == NULL && row_of_code == NULL && slots == 1) {
    for (size_t r = 0; r < count; r++) out[r * stride] = codes[r];
    return;
  }
  for (size_t r = 0; r < count; r++, out += stride) {
    const uint32_t *code = codes + place_of(request, dictionary->list->table, r) * slots;
    for (size_t s = 0; s < slots; s++) {
      out[s] = row_of_code != NULL ? row_of_code[code[s]] : code[s];
    }
  }
}

static void fill_bag(const struct request *request, struct encoded_bag *bag) {
  for (size_t r = 0; r < request->rows.count; r++) {
    bag->owner[r] = (uint32_t)place_of(request, bag->lists->table, r);
    bag->skip[r] = BAG_SKIP_NONE;
  }
}

static void fill_number(const struct request *request, const struct scaling *scaling,
                        struct encoded_rows *encoded) {
  float *out = encoded->values + scaling->at;
  for (size_t r = 0; r < request->rows.count; r++, out += encoded->numbers) {
    const double value = scaling->list->rows[place_of(request, scaling->list->table, r)];
    out[0] = (float)scaling_apply(scaling, value);
    if (scaling->width == 2) out[1] = isnan(value) ? 1.0f : 0.0f;
  }
}

static void fill_statistic(const struct request *request, const struct scaling *scaling,
                           struct encoded_rows *encoded) {
  const struct column *column = dataset_column(request->dataset, scaling->column);
  const struct statistics *statistics = request->encoding->statistics;
  const bool training = request->part == ENCODED_TRAINING;
  float *out = encoded->values + scaling->at;
  for (size_t r = 0; r < request->rows.count; r++, out += encoded->numbers) {
    const unsigned without = training ? statistics->training_fold[r] : OUT_OF_FOLD;
    const double value = statistics_value(statistics, column, request->dataset,
                                          dataset_row(request->rows, r), without);
    out[0] = (float)scaling_apply(scaling, value);
  }
}

static void fill(const struct request *request, struct encoded_rows *encoded) {
  const struct encoding *encoding = request->encoding;
  for (size_t t = 0; t < encoding->tables; t++) {
    if (encoding->table[t].slots > 0) fill_table(request, &encoding->table[t], encoded);
  }
  for (size_t b = 0; b < encoded->bags; b++) fill_bag(request, &encoded->bag[b]);
  for (size_t i = 0; i < encoding->scalings; i++) {
    const struct scaling *scaling = &encoding->scaling[i];
    if (scaling->list != NULL)
      fill_number(request, scaling, encoded);
    else
      fill_statistic(request, scaling, encoded);
  }
}

void encoding_apply_lists(const struct encoding *encoding, size_t count,
                          struct encoded_rows *encoded) {
  const struct request request = {
      .encoding = encoding, .rows = {NULL, count}, .part = ENCODED_OTHERS};
  encoded->rows = count;
  fill(&request, encoded);
}

static bool check_training(const struct request *request, struct error *error) {
  const struct encoding *encoding = request->encoding;
  const struct dataset_rows *rows = &request->rows;
  if (request->part != ENCODED_TRAINING || !encoding->has_training) return true;
  if (rows->count == encoding->training_rows &&
      digest_bytes(rows->rows, rows->count * sizeof *rows->rows) == encoding->training_digest) {
    return true;
  }
  return error_set(error, ERROR_SYSTEM, "these %zu rows are not the %zu training rows", rows->count,
                   encoding->training_rows);
}

/* In the histories of training rows: a row's own entry is the next one of its
 * owner, as the lists are in the order of the training rows. */
static bool skip_own(const struct request *request, struct encoded_rows *encoded,
                     struct error *error) {
  for (size_t t = 0; t < request->encoding->fields; t++) {
    const struct dictionary *dictionary = &request->encoding->table[t];
    if (dictionary->slots > 0 || dictionary->list != NULL) continue;
    struct encoded_bag *bag = &encoded->bag[dictionary->bag];
    uint32_t *next = memory_array(bag->lists->owners, sizeof *next, error);
    if (next == NULL) return false;
    for (size_t r = 0; r < encoded->rows; r++) bag->skip[r] = next[bag->owner[r]]++;
    free(next);
  }
  return true;
}

bool encoding_apply(const struct encoding *encoding, const struct dataset *dataset,
                    const uint32_t *rows, size_t count, enum encoded_part part,
                    struct encoded_rows *encoded, struct error *error) {
  const struct request request = {encoding, dataset, {rows, count}, part};
  *encoded = (struct encoded_rows){0};
  if (!check_training(&request, error) || !encoded_rows_init(encoded, encoding, count, error)) {
    return false;
  }
  fill(&request, encoded);
  for (size_t r = 0; r < count; r++) encoded->target[r] = dataset->row_rating[rows[r]];
  if (part != ENCODED_TRAINING || skip_own(&request, encoded, error)) return true;
  encoded_rows_clear(encoded);
  return false;
}
