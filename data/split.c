#include "data/split.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/philox.h"

enum part { PART_TRAIN, PART_VALIDATION, PART_TEST };

static size_t share_of(double share, size_t count) {
  return (size_t)(share * (double)count + 0.5);
}

static bool check_shares(const struct split_spec *spec, struct error *error) {
  bool random = spec->method == SPLIT_RANDOM;
  if (random && !(spec->test > 0.0 && spec->test < 1.0)) {
    return error_set(error, ERROR_CONFIG, "the share of test rows is %g, not between 0 and 1",
                     spec->test);
  }
  if (!(spec->validation >= 0.0 && spec->validation < 1.0)) {
    return error_set(error, ERROR_CONFIG, "the share of validation rows is %g, not in [0, 1)",
                     spec->validation);
  }
  return true;
}

/* Marks the first `count` of `rows`. */
static void mark(uint8_t *part_of, const uint32_t *rows, size_t count, enum part part) {
  for (size_t i = 0; i < count; i++) part_of[rows[i]] = (uint8_t)part;
}

/* Decides the part of each row. `rows` is room for all of them. */
static void draw_parts(size_t count, const struct split_spec *spec, uint64_t seed,
                       const struct fold *fold, uint8_t *part_of, uint32_t *rows) {
  size_t test = 0, rest = 0;
  if (fold != NULL) mark(part_of, fold->rows, fold->count, PART_TEST);
  for (size_t row = 0; row < count; row++) {
    if (part_of[row] != PART_TEST) rows[rest++] = (uint32_t)row;
  }
  struct random random;
  random_init(&random, seed, STREAM_SPLIT, 0, 0);
  random_shuffle(&random, rows, (uint32_t)rest);
  if (fold == NULL) {
    test = share_of(spec->test, count);
    mark(part_of, rows, test, PART_TEST);
  }
  mark(part_of, rows + test, share_of(spec->validation, rest - test), PART_VALIDATION);
}

/* Each part ascending: the rows of a part are read in the order of memory. */
static void gather(size_t count, const uint8_t *part_of, struct split *split) {
  size_t length[3] = {0};
  for (size_t row = 0; row < count; row++) length[part_of[row]]++;
  size_t at[3] = {0, length[PART_TRAIN], length[PART_TRAIN] + length[PART_VALIDATION]};
  for (size_t row = 0; row < count; row++) split->rows[at[part_of[row]]++] = (uint32_t)row;
  split->train = length[PART_TRAIN];
  split->validation = length[PART_VALIDATION];
  split->test = length[PART_TEST];
}

/* A share is asked for, but rounds to no row. */
static bool share_vanishes(double share, size_t part) {
  return share > 0.0 && part == 0;
}

static bool check_parts(const struct split_spec *spec, const struct split *split,
                        struct error *error) {
  size_t rest = split->train + split->validation;
  if (spec->method == SPLIT_RANDOM && share_vanishes(spec->test, split->test)) {
    return error_set(error, ERROR_CONFIG,
                     "the share of test rows is %g of %zu rows, which leaves no row to test on",
                     spec->test, rest);
  }
  if (share_vanishes(spec->validation, split->validation)) {
    return error_set(error, ERROR_CONFIG,
                     "the share of validation rows is %g of the %zu rows that do not test, which "
                     "leaves no row to validate on",
                     spec->validation, rest);
  }
  if (split->train > 0 && split->test > 0) return true;
  return error_set(
      error, ERROR_CONFIG, "the split leaves no row to %s: %zu training, %zu validation, %zu test",
      split->train == 0 ? "train on" : "test on", split->train, split->validation, split->test);
}

bool split_make(const struct dataset *dataset, const struct split_spec *spec, uint64_t seed,
                const struct fold *fold, struct split *split, struct error *error) {
  *split = (struct split){0};
  size_t count = dataset->ratings;
  if (!check_shares(spec, error)) return false;
  if (count > UINT32_MAX) return error_set(error, ERROR_DATA, "%zu rows are too many", count);
  split->rows = memory_array(count, sizeof *split->rows, error);
  uint8_t *part_of = memory_array(count, sizeof *part_of, error);
  bool done = split->rows != NULL && part_of != NULL;
  if (done) {
    draw_parts(count, spec, seed, fold, part_of, split->rows);
    gather(count, part_of, split);
    done = check_parts(spec, split, error);
  }
  free(part_of);
  if (!done) split_clear(split);
  return done;
}

void split_clear(struct split *split) {
  free(split->rows);
  *split = (struct split){0};
}
