/* One more user of a data set that was read, and what they rated: someone who was not there
 * when a model was trained. */
#ifndef CROSSLANE_DATA_DATASET_EXTEND_H
#define CROSSLANE_DATA_DATASET_EXTEND_H

#include "data/dataset.h"

/* The user comes last and is called `id`; all of their columns miss a value. The digest stays
 * that of the data. */
bool dataset_extend_user(struct dataset *dataset, const char *id, struct error *error);

/* A value of the last user, as text: a word, words joined by the separator, a number. A column
 * that users do not have is ERROR_USAGE. */
bool dataset_extend_value(struct dataset *dataset, const char *column, const char *value,
                          struct error *error);

/* A rating of the last user; it becomes the last row. */
bool dataset_extend_rating(struct dataset *dataset, uint32_t item, float rating, int64_t time,
                           struct error *error);

#endif
