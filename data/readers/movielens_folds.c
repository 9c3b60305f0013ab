/* Folds, read from GroupLens' files. */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "data/readers/movielens.h"
#include "data/readers/movielens_files.h"

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

bool movielens_folds(const struct dataset *dataset, const char *folder,
                     const struct split_spec *spec, struct folds *folds, struct error *error) {
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
