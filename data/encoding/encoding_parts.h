/* The parts of an encoding, one a file: how each is fitted on the rows of a
 * split, and what it gives for a row. For the encoding's own files only. */
#ifndef CROSSLANE_DATA_ENCODING_ENCODING_PARTS_H
#define CROSSLANE_DATA_ENCODING_ENCODING_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/dataset.h"
#include "data/encoding/encoding.h"
#include "data/rating_statistics.h"

/* dictionary.c. `buckets`: of hashing, 0 for none. Slots and bags are the
 * caller's to number. On failure there is nothing to free. */
bool dictionary_fit(const struct code_list *list, const struct dataset *dataset,
                    struct dataset_rows fit, uint32_t buckets, struct dictionary *dictionary,
                    struct error *error);
bool dictionary_fit_history(const struct dataset *dataset, const struct column *column,
                            struct dataset_rows training, struct dictionary *dictionary,
                            struct error *error);
/* The table row of a combination that is hashed. */
uint32_t dictionary_bucket(uint64_t combination, uint32_t buckets);

/* bags.c: the lists of all owners. On failure `lists` are still to be cleared. */
bool bags_of_codes(const struct dataset *dataset, const struct column *column,
                   const struct dictionary *dictionary, struct bag_lists *lists,
                   struct error *error);
bool bags_of_history(const struct dataset *dataset, const struct column *column,
                     const struct dictionary *dictionary, struct dataset_rows training,
                     struct bag_lists *lists, struct error *error);
void bags_clear(struct bag_lists *lists);

/* scaling.c: fitted on `values`, of which NaN is missing. */
void scaling_fit(struct scaling *scaling, const double *values, size_t count);
/* One value, which may be missing, scaled. */
double scaling_apply(const struct scaling *scaling, double value);

/* encoding_apply.c: room for so many rows, to be cleared by encoded_rows_clear; its
 * bags point to the lists of `encoding`. On failure `encoded` is empty. */
bool encoded_rows_init(struct encoded_rows *encoded, const struct encoding *encoding, size_t rows,
                       struct error *error);

/* Without a data set: encodes rows 0 to count - 1 of the encoding's code lists and
 * number lists into `encoded`, which has room for them. Row r owns list r of each
 * bag; there are no statistics, no ratings. */
void encoding_apply_lists(const struct encoding *encoding, size_t count,
                          struct encoded_rows *encoded);

#endif
