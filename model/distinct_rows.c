#include "model/distinct_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"

/* Of a hash table, at most half of them taken; each has a kind's number, from 1. */
enum { PLACES = 2 * DISTINCT_MOST };

size_t distinct_rows_most(size_t rows) {
  const size_t worth = rows / 4 * 3;
  return worth < DISTINCT_MOST ? worth : DISTINCT_MOST;
}

/* --- what a model reads of a row --- */

static uint64_t digest_of(const struct encoded_rows *rows, size_t row) {
  const size_t slots = rows->slots, numbers = rows->numbers;
  uint64_t digest = digest_bytes(rows->codes + row * slots, slots * sizeof *rows->codes);
  if (numbers > 0) {
    digest = digest_extend(digest, rows->values + row * numbers, numbers * sizeof *rows->values);
  }
  for (size_t b = 0; b < rows->bags; b++) {
    const uint32_t list[] = {rows->bag[b].owner[row], rows->bag[b].skip[row]};
    digest = digest_extend(digest, list, sizeof list);
  }
  return digest;
}

static bool same(const struct encoded_rows *rows, size_t one, size_t other) {
  const size_t slots = rows->slots, numbers = rows->numbers;
  const uint32_t *code = rows->codes + one * slots, *other_code = rows->codes + other * slots;
  const float *value = rows->values + one * numbers, *other_value = rows->values + other * numbers;
  if (memcmp(code, other_code, slots * sizeof *code) != 0) return false;
  if (numbers > 0 && memcmp(value, other_value, numbers * sizeof *value) != 0) return false;
  for (size_t b = 0; b < rows->bags; b++) {
    const struct encoded_bag *bag = &rows->bag[b];
    if (bag->owner[one] != bag->owner[other] || bag->skip[one] != bag->skip[other]) return false;
  }
  return true;
}

/* --- kinds --- */

/* The number of the row's kind, a new one where there is no other of its kind. */
static uint32_t kind_of(struct distinct_rows *distinct, const struct encoded_rows *rows,
                        uint32_t *place, size_t row) {
  size_t at = digest_of(rows, row) % PLACES;
  while (place[at] != 0 && !same(rows, distinct->first[place[at] - 1], row)) at = (at + 1) % PLACES;
  if (place[at] == 0) {
    distinct->first[distinct->count++] = (uint32_t)row;
    place[at] = (uint32_t)distinct->count;
  }
  return place[at] - 1;
}

/* False: more than are kept. */
static bool find_kinds(struct distinct_rows *distinct, const struct encoded_rows *rows,
                       uint32_t *place) {
  const size_t most = distinct_rows_most(rows->rows);
  for (size_t row = 0; row < rows->rows; row++) {
    if (distinct->count == most) return false;
    distinct->kind[row] = kind_of(distinct, rows, place, row);
  }
  return true;
}

bool distinct_rows_init(struct distinct_rows *distinct, const struct encoded_rows *rows,
                        struct error *error) {
  const size_t most = distinct_rows_most(rows->rows);
  *distinct = (struct distinct_rows){0};
  distinct->first = memory_array(most + EMBEDDING_AHEAD, sizeof *distinct->first, error);
  distinct->kind = memory_array(rows->rows, sizeof *distinct->kind, error);
  distinct->prediction = memory_array(most, sizeof *distinct->prediction, error);
  uint32_t *place = memory_array(PLACES, sizeof *place, error);
  const bool made = distinct->first != NULL && distinct->kind != NULL &&
                    distinct->prediction != NULL && place != NULL;
  if (made && !find_kinds(distinct, rows, place)) distinct->count = 0; /* each its own */
  free(place);
  if (!made) distinct_rows_clear(distinct);
  return made;
}

void distinct_rows_clear(struct distinct_rows *distinct) {
  free(distinct->first);
  free(distinct->kind);
  free(distinct->prediction);
  *distinct = (struct distinct_rows){0};
}
