/* Which rows train, validate and test. */
#ifndef CROSSLANE_DATA_SPLIT_H
#define CROSSLANE_DATA_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/dataset.h"

enum { SPLIT_FOLDS_MAX = 64, SPLIT_FOLD_NAME = 32 };

enum split_method { SPLIT_RANDOM, SPLIT_GIVEN_FOLDS, SPLIT_KFOLD, SPLIT_TIME };

struct split_spec {
  enum split_method method;
  double test;       /* random, time: share of all rows */
  double validation; /* share of the rows that are not test rows; may be 0 */
  /* Given folds, and kfold, whose folds are "1" to "k": how many, and their names. */
  size_t folds;
  char fold[SPLIT_FOLDS_MAX][SPLIT_FOLD_NAME];
  char column[COLUMN_NAME]; /* given folds: the category of the ratings whose words they are; "":
                               those of the data set (u1 to u5, ua, ub) */
  bool has_seed;            /* one split for every trial, by this seed */
  uint64_t seed;
};

/* `rows` holds the training rows, then the validation rows, then the test
 * rows: indices into the dataset, each part ascending. */
struct split {
  uint32_t *rows;
  size_t train, validation, test;
};

/* The test rows of the fold files of a data set, read once, before any trial,
 * so that workers need no files. */
struct folds {
  size_t count;
  struct fold {
    char name[SPLIT_FOLD_NAME];
    uint32_t *rows; /* ascending */
    size_t count;
  } fold[SPLIT_FOLDS_MAX];
};

void folds_clear(struct folds *folds);

/* The column, a category of the ratings; NULL: it is none, an error of the config. */
const struct column *folds_column(const struct schema *schema, const char *name,
                                  struct error *error);
/* Folds of a column: fold F tests on the rows that have the word F. */
bool folds_from_column(const struct dataset *dataset, const struct split_spec *spec,
                       struct folds *folds, struct error *error);

/* A fold of the rows that `taken` [ratings] marks. On failure `fold` is empty. */
bool fold_from_flags(const struct dataset *dataset, const char *name, const bool *taken,
                     struct fold *fold, struct error *error);

/* Whether fold_make knows it; else an error of the config. */
bool fold_name_known(const char *name, struct error *error);

/* The folds as GroupLens' mku.sh makes them from the order of the rows: u1 to
 * u5 test on consecutive fifths; ua tests on the first ten ratings of each
 * user, ub on the next ten. Unknown names are an error. */
bool fold_make(const struct dataset *dataset, const char *name, struct fold *fold,
               struct error *error);
extern const char *const fold_names[7];

/* Whether trials have a fold: given folds and kfold. */
static inline bool split_has_folds(const struct split_spec *spec) {
  return spec->method == SPLIT_GIVEN_FOLDS || spec->method == SPLIT_KFOLD;
}

/* Random: the seed's permutation (STREAM_SPLIT); the first round(test * n)
 * rows test, the next round(validation * rest) validate. Given folds: the
 * validation rows come from the seed in the same way. Kfold: fold f of k tests on
 * part f of the seed's permutation. Time: the latest round(test * n) rows test, the
 * latest of the rest validate; rows of one time stay in their order. `fold`: the
 * test rows of given folds, else NULL; `name` is the fold's, or "". An empty training
 * or test part is an error of the config, and so is a share above 0 that rounds to no
 * row, and a split by time of ratings without times. */
bool split_make(const struct dataset *dataset, const struct split_spec *spec, uint64_t seed,
                const struct fold *fold, const char *name, struct split *split,
                struct error *error);
void split_clear(struct split *split);

/* The same split with its validation rows among the training rows, ascending. */
bool split_join_validation(const struct split *split, struct split *joined, struct error *error);

#endif
