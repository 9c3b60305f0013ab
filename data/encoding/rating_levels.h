/* The different ratings of the training rows, for models that tell them apart. */
#ifndef CROSSLANE_DATA_ENCODING_RATING_LEVELS_H
#define CROSSLANE_DATA_ENCODING_RATING_LEVELS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "data/dataset.h"

enum { RATING_LEVELS_MAX = 64 };

/* Ascending. How many rows have each is known of what was fitted alone, not of what was
 * stored. count 0: nobody asked for them. */
struct rating_levels {
  size_t count;
  float value[RATING_LEVELS_MAX];
  size_t rows[RATING_LEVELS_MAX];
};

/* Fewer than 2 or more than RATING_LEVELS_MAX are ERROR_CONFIG: no model with levels can be
 * trained on them. */
bool rating_levels_fit(struct rating_levels *levels, const struct dataset *dataset,
                       struct dataset_rows rows, struct error *error);

/* [1, 2, 3, 4, 5]; NULL when memory ran out. */
json_t *rating_levels_json(const struct rating_levels *levels);
/* False: no such list. */
bool rating_levels_from_json(struct rating_levels *levels, const json_t *json);

#endif
