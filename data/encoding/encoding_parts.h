/* The parts of an encoding, one a file: how each is fitted on the rows of a
 * split, and what it gives for a row. For the encoding's own files only. */
#ifndef CROSSLANE_DATA_ENCODING_ENCODING_PARTS_H
#define CROSSLANE_DATA_ENCODING_ENCODING_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "data/columns.h"
#include "data/dataset.h"
#include "data/features.h"

/* Indices into the dataset: `rows` NULL stands for 0, 1, ... count - 1. */
struct fitting_rows {
  const uint32_t *rows;
  size_t count;
};
static inline size_t fitting_row(struct fitting_rows fit, size_t i) {
  return fit.rows != NULL ? fit.rows[i] : i;
}

/* dictionary.c. `buckets`: of hashing, 0 for none. Slots and bags are the
 * caller's to number. On failure there is nothing to free. */
bool dictionary_fit(const struct code_list *list, struct fitting_rows fit, uint32_t buckets,
                    struct dictionary *dictionary, struct error *error);
bool dictionary_fit_history(const struct dataset *dataset, const struct column *column,
                            struct fitting_rows training, struct dictionary *dictionary,
                            struct error *error);
/* The table row of a combination that is hashed. */
uint32_t dictionary_bucket(uint64_t combination, uint32_t buckets);

/* bags.c: the lists of all owners. On failure `lists` are still to be cleared. */
bool bags_of_codes(const struct dataset *dataset, const struct column *column,
                   const struct dictionary *dictionary, struct bag_lists *lists,
                   struct error *error);
bool bags_of_history(const struct dataset *dataset, const struct column *column,
                     const struct dictionary *dictionary, struct fitting_rows training,
                     struct bag_lists *lists, struct error *error);
void bags_clear(struct bag_lists *lists);

/* statistics.c: sums over the training rows. */
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
struct statistics *statistics_new(const struct dataset *dataset, struct fitting_rows training,
                                  uint64_t seed, struct error *error);
void statistics_free(struct statistics *statistics);

/* The fold of a training row, in [0, OUT_OF_FOLD). It is that of its user and
 * film alone, so no other row moves it. */
unsigned statistics_fold(const struct dataset *dataset, size_t row, uint64_t seed);

/* A row's value without the ratings of fold `without`; OUT_OF_FOLD: with all. */
double statistics_value(const struct statistics *statistics, const struct column *column,
                        const struct dataset *dataset, size_t row, unsigned without);

/* scaling.c: fitted on `values`, of which NaN is missing. */
void scaling_fit(struct scaling *scaling, const double *values, size_t count);
/* One value, which may be missing, scaled. */
double scaling_apply(const struct scaling *scaling, double value);

#endif
