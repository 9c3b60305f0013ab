/* Folds: read from GroupLens' files, or made from the order of the rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/readers/movielens.h"
#include "data/split.h"

enum { FIFTHS = 5, GIVEN_TO_EACH_USER = 10 };

const char *const fold_names[7] = {"u1", "u2", "u3", "u4", "u5", "ua", "ub"};

static bool fold_from_flags(const struct dataset *dataset, const char *name, const bool *taken,
                            struct fold *fold, struct error *error) {
  *fold = (struct fold){0};
  for (size_t row = 0; row < dataset->ratings; row++) fold->count += taken[row];
  fold->rows = memory_array(fold->count, sizeof *fold->rows, error);
  if (fold->rows == NULL) return false;
  (void)snprintf(fold->name, sizeof fold->name, "%s", name);
  size_t at = 0;
  for (size_t row = 0; row < dataset->ratings; row++) {
    if (taken[row]) fold->rows[at++] = (uint32_t)row;
  }
  return true;
}

/* As allbut.pl does: a user's ratings number first + 1 to first + 10. */
static bool take_some_of_each_user(const struct dataset *dataset, uint32_t first, bool *taken,
                                   struct error *error) {
  uint32_t *met = memory_array(dataset->users, sizeof *met, error);
  if (met == NULL) return false;
  for (size_t row = 0; row < dataset->ratings; row++) {
    uint32_t number = met[dataset->row_user[row]]++;
    taken[row] = number >= first && number < first + GIVEN_TO_EACH_USER;
  }
  free(met);
  return true;
}

static bool fold_name_known(const char *name, struct error *error) {
  for (size_t i = 0; i < sizeof fold_names / sizeof *fold_names; i++) {
    if (strcmp(name, fold_names[i]) == 0) return true;
  }
  return error_set(error, ERROR_CONFIG, "there is no fold '%s': u1 to u5, ua and ub are known",
                   name);
}

bool fold_make(const struct dataset *dataset, const char *name, struct fold *fold,
               struct error *error) {
  *fold = (struct fold){0};
  if (!fold_name_known(name, error)) return false;
  bool *taken = memory_array(dataset->ratings, sizeof *taken, error);
  if (taken == NULL) return false;
  bool done = true;
  if (name[1] >= 'a') {
    done = take_some_of_each_user(dataset, name[1] == 'a' ? 0 : GIVEN_TO_EACH_USER, taken, error);
  } else {
    size_t fifth = (size_t)(name[1] - '1');
    size_t end = dataset->ratings * (fifth + 1) / FIFTHS;
    for (size_t row = dataset->ratings * fifth / FIFTHS; row < end; row++) taken[row] = true;
  }
  done = done && fold_from_flags(dataset, name, taken, fold, error);
  free(taken);
  return done;
}

/* The other rows must be the base file's: a fold file that was cut off would
 * otherwise train on its test rows. */
static bool fold_is_whole(const struct dataset *dataset, const struct key_index *index,
                          const char *folder, const char *name, const bool *test,
                          struct error *error) {
  char file[SPLIT_FOLD_NAME + sizeof ".base"];
  (void)snprintf(file, sizeof file, "%s.base", name);
  bool *base = memory_array(dataset->ratings, sizeof *base, error);
  size_t count, both = 0, neither = 0;
  if (base == NULL) return false;
  bool done = movielens_fold_file(dataset, index, folder, file, base, &count, error);
  for (size_t row = 0; done && row < dataset->ratings; row++) {
    both += base[row] && test[row];
    neither += !base[row] && !test[row];
  }
  free(base);
  if (!done || both + neither == 0) return done;
  return error_set(error, ERROR_DATA,
                   "%s: %s.base and %s.test are not two parts of u.data: %zu of its rows are in "
                   "both, %zu in neither",
                   folder, name, name, both, neither);
}

static bool fold_read(const struct dataset *dataset, const struct key_index *index,
                      const char *folder, const char *name, struct fold *fold,
                      struct error *error) {
  char file[SPLIT_FOLD_NAME + sizeof ".test"];
  (void)snprintf(file, sizeof file, "%s.test", name);
  bool *taken = memory_array(dataset->ratings, sizeof *taken, error);
  if (taken == NULL) return false;
  size_t count;
  bool done = movielens_fold_file(dataset, index, folder, file, taken, &count, error) &&
              fold_is_whole(dataset, index, folder, name, taken, error) &&
              fold_from_flags(dataset, name, taken, fold, error);
  free(taken);
  return done;
}

static bool read_all(const struct dataset *dataset, const char *folder,
                     const struct split_spec *spec, struct folds *folds, struct error *error) {
  struct key_index index = {0};
  if (folder != NULL && !movielens_row_index(dataset, &index, error)) return false;
  bool done = true;
  for (size_t i = 0; done && i < spec->folds; i++) {
    struct fold *fold = &folds->fold[folds->count];
    if (folder == NULL) {
      done = fold_make(dataset, spec->fold[i], fold, error);
    } else {
      done = fold_read(dataset, &index, folder, spec->fold[i], fold, error);
    }
    folds->count++;
  }
  key_index_clear(&index);
  return done;
}

bool folds_read(const struct dataset *dataset, const char *folder, const struct split_spec *spec,
                struct folds *folds, struct error *error) {
  *folds = (struct folds){0};
  *error = (struct error){0};
  if (spec->method == SPLIT_RANDOM) return true;
  if (spec->folds == 0 || spec->folds > SPLIT_FOLDS_MAX) {
    return error_set(error, ERROR_CONFIG, "%zu folds are named, expected 1 to %d", spec->folds,
                     SPLIT_FOLDS_MAX);
  }
  for (size_t i = 0; i < spec->folds; i++) {
    if (!fold_name_known(spec->fold[i], error)) return false;
  }
  bool done = read_all(dataset, folder, spec, folds, error);
  if (!done) folds_clear(folds);
  return done;
}

void folds_clear(struct folds *folds) {
  for (size_t i = 0; i < folds->count; i++) free(folds->fold[i].rows);
  *folds = (struct folds){0};
}
