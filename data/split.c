#include "data/split.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/philox.h"
#include "base/text.h"

enum part { PART_TRAIN, PART_VALIDATION, PART_TEST };

static size_t share_of(double share, size_t count) {
  return (size_t)(share * (double)count + 0.5);
}

static bool check_shares(const struct split_spec *spec, struct error *error) {
  bool random = spec->method == SPLIT_RANDOM || spec->method == SPLIT_TIME;
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

/* --- which rows --- */

struct drawing {
  const struct dataset *dataset;
  const struct split_spec *spec;
  const struct fold *fold;
  const char *name;
  uint64_t seed;
  uint8_t *part_of; /* [ratings] */
  uint32_t *rows;   /* [ratings] room for all of them */
};

/* The rows that are not test rows yet, shuffled; returns how many. */
static size_t shuffle_rest(const struct drawing *d) {
  size_t rest = 0;
  for (size_t row = 0; row < d->dataset->ratings; row++) {
    if (d->part_of[row] != PART_TEST) d->rows[rest++] = (uint32_t)row;
  }
  struct random random;
  random_init(&random, d->seed, STREAM_SPLIT, 0, 0);
  random_shuffle(&random, d->rows, (uint32_t)rest);
  return rest;
}

static void draw_parts(const struct drawing *d) {
  const struct split_spec *spec = d->spec;
  size_t test = 0;
  if (d->fold != NULL) mark(d->part_of, d->fold->rows, d->fold->count, PART_TEST);
  const size_t rest = shuffle_rest(d);
  if (spec->method == SPLIT_RANDOM) {
    test = share_of(spec->test, rest);
    mark(d->part_of, d->rows, test, PART_TEST);
  }
  mark(d->part_of, d->rows + test, share_of(spec->validation, rest - test), PART_VALIDATION);
}

/* Fold f has the rows f * n / k to (f + 1) * n / k of the permutation. */
static bool draw_kfold(const struct drawing *d, struct error *error) {
  uint64_t number = 0;
  const size_t count = d->dataset->ratings, folds = d->spec->folds;
  if (!text_u64(d->name, d->name + strlen(d->name), &number) || number < 1 || number > folds) {
    return error_set(error, ERROR_CONFIG, "there is no fold '%s' of %zu", d->name, folds);
  }
  (void)shuffle_rest(d);
  const size_t begin = count * (size_t)(number - 1) / folds, end = count * (size_t)number / folds;
  mark(d->part_of, d->rows + begin, end - begin, PART_TEST);
  memmove(d->rows + begin, d->rows + end, (count - end) * sizeof *d->rows);
  const size_t rest = count - (end - begin);
  mark(d->part_of, d->rows, share_of(d->spec->validation, rest), PART_VALIDATION);
  return true;
}

/* --- by time --- */

/* Merges two sorted runs; equal times stay in the order of the rows. */
static void merge_times(const int64_t *time, uint32_t *rows, uint32_t *spare, size_t count) {
  if (count < 2) return;
  const size_t half = count / 2;
  merge_times(time, rows, spare, half);
  merge_times(time, rows + half, spare, count - half);
  memcpy(spare, rows, half * sizeof *rows);
  size_t i = 0, j = half, k = 0;
  while (i < half && j < count) {
    rows[k++] = time[spare[i]] <= time[rows[j]] ? spare[i++] : rows[j++];
  }
  while (i < half) rows[k++] = spare[i++];
}

static bool draw_times(const struct drawing *d, struct error *error) {
  const size_t count = d->dataset->ratings;
  if (d->dataset->row_time == NULL) {
    error_set(error, ERROR_CONFIG, "data.split.method: time, but the ratings have no times");
    return error_help(error, "name their column in data.ratings.time");
  }
  uint32_t *spare = memory_array(count, sizeof *spare, error);
  if (spare == NULL) return false;
  for (size_t row = 0; row < count; row++) d->rows[row] = (uint32_t)row;
  merge_times(d->dataset->row_time, d->rows, spare, count);
  free(spare);
  const size_t test = share_of(d->spec->test, count);
  const size_t validation = share_of(d->spec->validation, count - test);
  mark(d->part_of, d->rows + (count - test), test, PART_TEST);
  mark(d->part_of, d->rows + (count - test - validation), validation, PART_VALIDATION);
  return true;
}

static bool draw(const struct drawing *d, struct error *error) {
  if (d->spec->method == SPLIT_KFOLD) return draw_kfold(d, error);
  if (d->spec->method == SPLIT_TIME) return draw_times(d, error);
  draw_parts(d);
  return true;
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
  const bool share = spec->method == SPLIT_RANDOM || spec->method == SPLIT_TIME;
  if (share && share_vanishes(spec->test, split->test)) {
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
                const struct fold *fold, const char *name, struct split *split,
                struct error *error) {
  *split = (struct split){0};
  size_t count = dataset->ratings;
  if (!check_shares(spec, error)) return false;
  if (count > UINT32_MAX) return error_set(error, ERROR_DATA, "%zu rows are too many", count);
  split->rows = memory_array(count, sizeof *split->rows, error);
  uint8_t *part_of = memory_array(count, sizeof *part_of, error);
  const struct drawing drawing = {.dataset = dataset,
                                  .spec = spec,
                                  .fold = fold,
                                  .name = name,
                                  .seed = spec->has_seed ? spec->seed : seed,
                                  .part_of = part_of,
                                  .rows = split->rows};
  bool done = split->rows != NULL && part_of != NULL && draw(&drawing, error);
  if (done) {
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

bool split_join_validation(const struct split *split, struct split *joined, struct error *error) {
  const size_t train = split->train, both = train + split->validation;
  const size_t rows = both + split->test;
  *joined = (struct split){
      .rows = memory_array(rows, sizeof *joined->rows, error), .train = both, .test = split->test};
  if (joined->rows == NULL) return false;
  for (size_t i = 0, t = 0, v = train; i < both; i++) {
    const bool next_trains = v == both || (t < train && split->rows[t] < split->rows[v]);
    joined->rows[i] = split->rows[next_trains ? t++ : v++];
  }
  memcpy(joined->rows + both, split->rows + both, split->test * sizeof *joined->rows);
  return true;
}
