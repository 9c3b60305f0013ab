#include "data/dataset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "data/column_values.h"

/* --- the digest --- */

static uint64_t extend_count(uint64_t digest, size_t count) {
  uint64_t wide = count;
  return digest_extend(digest, &wide, sizeof wide);
}

static uint64_t extend_array(uint64_t digest, const void *bytes, size_t count, size_t size) {
  digest = extend_count(digest, bytes != NULL ? count : SIZE_MAX);
  return bytes != NULL ? digest_extend(digest, bytes, count * size) : digest;
}

static uint64_t extend_words(uint64_t digest, const struct words *words) {
  digest = extend_count(digest, words->count);
  return words->count > 0 ? digest_extend(digest, words->bytes, words->at[words->count]) : digest;
}

static uint64_t extend_ratings(uint64_t digest, const struct dataset *dataset) {
  size_t n = dataset->ratings;
  digest = extend_array(digest, dataset->row_user, n, sizeof *dataset->row_user);
  digest = extend_array(digest, dataset->row_item, n, sizeof *dataset->row_item);
  digest = digest_floats(extend_count(digest, n), dataset->row_rating, n);
  digest = extend_array(digest, dataset->row_time, n, sizeof *dataset->row_time);
  const float scale[] = {dataset->scale_low, dataset->scale_high};
  return digest_floats(digest, scale, 2);
}

/* All NaN alike. */
static uint64_t extend_numbers(uint64_t digest, const double *numbers, size_t count) {
  enum { CHUNK = 512 };
  uint64_t bits[CHUNK];
  for (size_t from = 0; from < count; from += CHUNK) {
    const size_t size = count - from < CHUNK ? count - from : CHUNK;
    memcpy(bits, numbers + from, size * sizeof *bits);
    for (size_t i = 0; i < size; i++) {
      if (isnan(numbers[from + i])) bits[i] = UINT64_C(0x7ff8000000000000);
    }
    digest = digest_extend(digest, bits, size * sizeof *bits);
  }
  return digest;
}

static uint64_t extend_column(uint64_t digest, const struct column *column) {
  const struct column_values *values = column->values;
  if (values == NULL || values->part != TIME_NONE) return digest;
  digest = digest_extend(digest, column->name, strlen(column->name) + 1);
  const uint32_t about[] = {column->kind, column->side, column->table, column->may_miss,
                            column->days};
  digest = extend_words(digest_extend(digest, about, sizeof about), &values->words);
  digest = extend_array(digest, values->code, values->places, sizeof *values->code);
  if (values->offset != NULL) {
    digest = extend_array(digest, values->offset, values->places + 1, sizeof *values->offset);
    digest =
        extend_array(digest, values->entry, values->offset[values->places], sizeof *values->entry);
    digest = extend_array(digest, values->first, values->places, sizeof *values->first);
  }
  return values->number != NULL ? extend_numbers(digest, values->number, values->places) : digest;
}

uint64_t dataset_digest(const struct dataset *dataset) {
  uint64_t digest = extend_ratings(0, dataset);
  digest = extend_words(extend_words(digest, &dataset->user_ids), &dataset->item_ids);
  for (size_t i = 0; i < dataset->schema.columns; i++) {
    digest = extend_column(digest, &dataset->schema.column[i]);
  }
  return digest;
}

/* --- memory --- */

static size_t ids_bytes(const struct words *ids) {
  return ids->count == 0 ? 0 : ids->at[ids->count] + ((size_t)ids->count + 1) * sizeof *ids->at;
}

size_t dataset_bytes(const struct dataset *dataset) {
  size_t row = 2 * sizeof(uint32_t) + sizeof(float);
  if (dataset->row_time != NULL) row += sizeof(int64_t);
  size_t bytes =
      dataset->ratings * row + ids_bytes(&dataset->user_ids) + ids_bytes(&dataset->item_ids);
  for (size_t i = 0; i < dataset->schema.columns; i++) {
    bytes += sizeof(struct column) + column_values_bytes(dataset->schema.column[i].values);
  }
  return bytes;
}

void dataset_clear(struct dataset *dataset) {
  free(dataset->row_user);
  free(dataset->row_item);
  free(dataset->row_rating);
  free(dataset->row_time);
  words_clear(&dataset->user_ids);
  words_clear(&dataset->item_ids);
  schema_clear(&dataset->schema);
  *dataset = (struct dataset){0};
}
