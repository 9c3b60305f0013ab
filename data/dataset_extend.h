/* One more user or item of a data set that was read, and what a user rated: somebody who was
 * not there when a model was trained. */
#ifndef CROSSLANE_DATA_DATASET_EXTEND_H
#define CROSSLANE_DATA_DATASET_EXTEND_H

#include "data/dataset.h"

/* The user or item comes last and is called `id`, which words_find does not find; all of its
 * columns miss a value, and it has no rating. The digest stays that of the data. */
bool dataset_extend_owner(struct dataset *dataset, enum column_side side, const char *id,
                          struct error *error);

/* A value of the last user, as text: a word, words joined by the separator, a number. A column
 * that users do not have is ERROR_USAGE. */
bool dataset_extend_value(struct dataset *dataset, const char *column, const char *value,
                          struct error *error);

/* A rating of the last user; it becomes the last row. */
bool dataset_extend_rating(struct dataset *dataset, uint32_t item, float rating, int64_t time,
                           struct error *error);

#endif
