/* When a rating is taken to be given that has no time of its own. */
#ifndef CROSSLANE_SERVING_LAST_TIMES_H
#define CROSSLANE_SERVING_LAST_TIMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "data/dataset.h"

/* (*time)[users]: of each user's last rating; of users without one that of the last of all;
 * zeros where the data have no times. To be freed, after a failure too. */
bool last_times_find(const struct dataset *dataset, int64_t **time, struct error *error);

#endif
