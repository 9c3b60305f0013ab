/* Which trials are in at a rung of early_terminate, as a file, for sweeps of parts of the plan:
 * RUN/launch/rung-1.json and so on. Made of merged records; a part alone cannot know it.
 *
 *   {"rung": 2, "numerics_version": 3, "data": DIGEST, "plan": DIGEST, "trials": [KEY, ...]}
 *
 * The digest of the plan is that of its trials and of the epochs of its rungs. */
#ifndef CROSSLANE_EXPERIMENTS_RUNG_LIST_H
#define CROSSLANE_EXPERIMENTS_RUNG_LIST_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "experiments/plan.h"

/* Of the stage that the plan is in. */
void rung_list_text(const struct plan *plan, struct text *text);

/* Puts the plan, which plan_init has made, into the stage that the file names, where it stays;
 * NULL: leaves it. A list of another plan, of other data or of another numerics version is
 * ERROR_DATA, and so is one that names what the plan has not, or some seeds and folds of a model
 * alone. A plan without rungs is ERROR_CONFIG. */
bool rung_list_take(struct plan *plan, const char *path, struct error *error);

#endif
