/* The report of `crosslane data check`. */
#ifndef CROSSLANE_DATA_READERS_MOVIELENS_CHECK_H
#define CROSSLANE_DATA_READERS_MOVIELENS_CHECK_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

/* Sound data: a summary in `report` (counts, mean and variance of the ratings,
 * digest, genres, years, folds). Otherwise false: `report` lists the faults of
 * all files, up to ERROR_SHOWN of each, and `error` counts them. A missing
 * folder or file is an error with help, and the report stays empty. */
bool movielens_check(const char *folder, struct text *report, struct error *error);

#endif
