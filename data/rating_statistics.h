/* Statistics of the training ratings: what a user's or a film's ratings are like. */
#ifndef CROSSLANE_DATA_RATING_STATISTICS_H
#define CROSSLANE_DATA_RATING_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/dataset.h"

/* Statistics are out-of-fold on training rows: each of these is in one of
 * OUT_OF_FOLD folds, drawn by the seed, its user and its film, and counts only
 * the ratings of the other folds; all other rows count all training rows.
 *   mean   (sum + 5 mu) / (n + 5); mu: the mean of all those ratings
 *   count  n; on training rows n * 5/4, as a fold is left out
 *   days_since_first  uses no ratings: from the user's earliest training row to
 *          the row's own time; 0 when that is earlier, or there is none
 * The constants of a statistic's scaling are fitted on the training rows'
 * out-of-fold values. */
enum { OUT_OF_FOLD = 5 };

/* Sums over the training rows. */
struct fold_sum {
  double ratings; /* in the order of the rows */
  uint32_t count;
};
struct owner_sums {
  struct fold_sum *fold; /* [owners * OUT_OF_FOLD] */
  int64_t *first;        /* [owners] the earliest time; INT64_MAX without rows */
};
struct statistics {
  uint8_t *training_fold;            /* [training rows] each one's fold */
  struct fold_sum fold[OUT_OF_FOLD]; /* over all owners */
  struct owner_sums of[2];           /* by enum column_side */
};

/* NULL and `error` when memory ran out. */
struct statistics *statistics_new(const struct dataset *dataset, struct dataset_rows training,
                                  uint64_t seed, struct error *error);
void statistics_free(struct statistics *statistics);
/* What statistics_new allocates. */
size_t statistics_bytes(const struct dataset *dataset, size_t training);

/* The fold of a training row, in [0, OUT_OF_FOLD). It is that of its user and
 * film alone, so no other row moves it. */
unsigned statistics_fold(const struct dataset *dataset, size_t row, uint64_t seed);

/* A row's value without the ratings of fold `without`; OUT_OF_FOLD: with all. */
double statistics_value(const struct statistics *statistics, const struct column *column,
                        const struct dataset *dataset, size_t row, unsigned without);

#endif
