/* Rows that a model cannot tell from each other, kept once. */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "data/encoding/encoding_parts.h"

/* Rows that are encoded at a time. */
enum { CHUNK = 1 << 12 };

size_t row_kinds_most(size_t rows) {
  const size_t worth = rows / 2;
  return worth < ROW_KINDS_MOST ? worth : ROW_KINDS_MOST;
}

/* The different ratings that were met. */
struct ratings {
  size_t count;
  float *rating;                        /* [ROW_RATINGS_MOST] */
  uint16_t place[2 * ROW_RATINGS_MOST]; /* of a hash table: a code, from 1; 0: free */
};

/* The kinds that were met, and the kind and rating of each row so far. */
struct finder {
  struct encoded_rows kinds; /* with room for `most` rows */
  struct ratings ratings;
  size_t count, most, rows;
  uint32_t *merged; /* [rows of the part] */
  size_t places;    /* of a hash table: at most half of them are taken */
  uint32_t *place;  /* [places] a kind's number, from 1; 0: free */
};

static void finder_clear(struct finder *finder) {
  encoded_rows_clear(&finder->kinds);
  free(finder->ratings.rating);
  free(finder->merged);
  free(finder->place);
}

static bool finder_init(struct finder *finder, const struct encoding *encoding, size_t rows,
                        struct error *error) {
  *finder = (struct finder){.most = row_kinds_most(rows), .places = 2 * row_kinds_most(rows) + 1};
  if (!encoded_rows_init(&finder->kinds, encoding, finder->most, error)) return false;
  struct ratings *ratings = &finder->ratings;
  ratings->rating = memory_array(ROW_RATINGS_MOST, sizeof *ratings->rating, error);
  finder->merged = memory_array(rows, sizeof *finder->merged, error);
  finder->place = memory_array(finder->places, sizeof *finder->place, error);
  if (ratings->rating != NULL && finder->merged != NULL && finder->place != NULL) return true;
  finder_clear(finder);
  return false;
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

static bool same(const struct encoded_rows *rows, size_t row, const struct encoded_rows *kinds,
                 size_t kind) {
  const size_t slots = rows->slots, numbers = rows->numbers;
  if (memcmp(rows->codes + row * slots, kinds->codes + kind * slots, slots * sizeof *rows->codes) !=
      0) {
    return false;
  }
  if (numbers > 0 && memcmp(rows->values + row * numbers, kinds->values + kind * numbers,
                            numbers * sizeof *rows->values) != 0) {
    return false;
  }
  for (size_t b = 0; b < rows->bags; b++) {
    const struct encoded_bag *one = &rows->bag[b], *other = &kinds->bag[b];
    if (one->owner[row] != other->owner[kind] || one->skip[row] != other->skip[kind]) return false;
  }
  return true;
}

static void copy(const struct encoded_rows *rows, size_t row, struct encoded_rows *kinds,
                 size_t kind) {
  const size_t slots = rows->slots, numbers = rows->numbers;
  memcpy(kinds->codes + kind * slots, rows->codes + row * slots, slots * sizeof *rows->codes);
  memcpy(kinds->values + kind * numbers, rows->values + row * numbers,
         numbers * sizeof *rows->values);
  for (size_t b = 0; b < rows->bags; b++) {
    kinds->bag[b].owner[kind] = rows->bag[b].owner[row];
    kinds->bag[b].skip[kind] = rows->bag[b].skip[row];
  }
}

/* --- kinds --- */

/* The code of a rating, a new one where it is the first of its bits; ROW_RATINGS_MOST: no
 * code is left. The factor is 2^32 over the golden ratio (Knuth, TAOCP vol. 3, 6.4). */
static size_t code_of_rating(struct ratings *ratings, float rating) {
  const size_t places = sizeof ratings->place / sizeof *ratings->place;
  uint32_t bits;
  memcpy(&bits, &rating, sizeof bits);
  size_t at = (bits * 0x9E3779B9u) >> 16 & (places - 1);
  while (ratings->place[at] != 0) {
    const size_t code = ratings->place[at] - 1u;
    if (memcmp(&ratings->rating[code], &rating, sizeof rating) == 0) return code;
    at = (at + 1) & (places - 1);
  }
  if (ratings->count == ROW_RATINGS_MOST) return ROW_RATINGS_MOST;
  ratings->rating[ratings->count] = rating;
  ratings->place[at] = (uint16_t)++ratings->count;
  return ratings->count - 1;
}

/* The next row's kind, a new one where there is no other of its kind. False: more
 * kinds or ratings than are kept. */
static bool finder_add(struct finder *finder, const struct encoded_rows *rows, size_t row) {
  const size_t rating = code_of_rating(&finder->ratings, rows->target[row]);
  size_t at = digest_of(rows, row) % finder->places;
  if (rating == ROW_RATINGS_MOST) return false;
  while (finder->place[at] != 0 && !same(rows, row, &finder->kinds, finder->place[at] - 1)) {
    at = (at + 1) % finder->places;
  }
  if (finder->place[at] == 0) {
    if (finder->count == finder->most) return false;
    copy(rows, row, &finder->kinds, finder->count++);
    finder->place[at] = (uint32_t)finder->count;
  }
  const uint32_t kind = finder->place[at] - 1;
  finder->merged[finder->rows++] = kind * ROW_RATINGS_MOST + (uint32_t)rating;
  return true;
}

static bool finder_add_all(struct finder *finder, const struct encoded_rows *rows) {
  for (size_t row = 0; row < rows->rows; row++) {
    if (!finder_add(finder, rows, row)) return false;
  }
  return true;
}

/* The block with room for `count` elements of 4 bytes; where that cannot be, as it is. */
static void *shrunk(void *block, size_t count) {
  struct error unused;
  void *smaller = memory_grow(block, count, sizeof(uint32_t), &unused);
  return smaller != NULL ? smaller : block;
}

/* Gives back what no kind and no rating needs. */
static void shrink(struct encoded_rows *rows, size_t ratings) {
  rows->codes = shrunk(rows->codes, rows->kinds * rows->slots);
  rows->values = shrunk(rows->values, rows->kinds * rows->numbers);
  rows->target = shrunk(rows->target, ratings);
  for (size_t b = 0; b < rows->bags; b++) {
    rows->bag[b].owner = shrunk(rows->bag[b].owner, rows->kinds);
    rows->bag[b].skip = shrunk(rows->bag[b].skip, rows->kinds);
  }
}

/* `rows` becomes what was found. */
static void finder_end(struct finder *finder, struct encoded_rows *rows) {
  struct encoded_rows *kinds = &finder->kinds;
  encoded_rows_clear(rows);
  free(kinds->target);
  *rows = *kinds;
  rows->target = finder->ratings.rating;
  rows->rows = finder->rows;
  rows->kinds = finder->count;
  rows->merged = finder->merged;
  shrink(rows, finder->ratings.count);
  finder->kinds = (struct encoded_rows){0};
  finder->ratings.rating = NULL;
  finder->merged = NULL;
}

bool row_kinds_merge(const struct encoding *encoding, struct encoded_rows *rows,
                     struct error *error) {
  struct finder finder;
  if (!finder_init(&finder, encoding, rows->rows, error)) return false;
  if (finder_add_all(&finder, rows)) finder_end(&finder, rows);
  finder_clear(&finder);
  return true;
}

/* Statistics and histories read a training row's place among the others. */
static bool reads_places(const struct encoding *encoding) {
  bool reads = encoding->statistics != NULL;
  for (size_t t = 0; t < encoding->fields; t++) {
    const struct dictionary *dictionary = &encoding->table[t];
    reads = reads || (dictionary->slots == 0 && dictionary->list == NULL);
  }
  return reads;
}

/* *found: whether they are few enough. */
static bool find_by_chunks(struct finder *finder, const struct encoding *encoding,
                           const struct dataset *dataset, const uint32_t *rows, size_t count,
                           bool *found, struct error *error) {
  *found = true;
  for (size_t first = 0; *found && first < count; first += CHUNK) {
    const size_t left = count - first;
    struct encoded_rows chunk;
    if (!encoding_apply(encoding, dataset, rows + first, left < CHUNK ? left : CHUNK,
                        ENCODED_OTHERS, &chunk, error)) {
      return false;
    }
    *found = finder_add_all(finder, &chunk);
    encoded_rows_clear(&chunk);
  }
  return true;
}

static bool apply_by_chunks(const struct encoding *encoding, const struct dataset *dataset,
                            const uint32_t *rows, size_t count, struct encoded_rows *encoded,
                            struct error *error) {
  struct finder finder;
  bool found;
  if (!finder_init(&finder, encoding, count, error)) return false;
  const bool done = find_by_chunks(&finder, encoding, dataset, rows, count, &found, error);
  if (done && found) finder_end(&finder, encoded);
  finder_clear(&finder);
  return done;
}

bool encoding_apply_merged(const struct encoding *encoding, const struct dataset *dataset,
                           const uint32_t *rows, size_t count, enum encoded_part part,
                           struct encoded_rows *encoded, struct error *error) {
  *encoded = (struct encoded_rows){0};
  if (!reads_places(encoding)) {
    if (!apply_by_chunks(encoding, dataset, rows, count, encoded, error)) return false;
    if (encoded->merged != NULL) return true;
  }
  if (!encoding_apply(encoding, dataset, rows, count, part, encoded, error)) return false;
  if (!reads_places(encoding) || row_kinds_merge(encoding, encoded, error)) return true;
  encoded_rows_clear(encoded);
  return false;
}
