/* The checkpoints of trials that are not done, in a run folder: which are there, and which are
 * removed.
 *
 * Written by workers (train.checkpoint; model/train.h says what is in them). One is kept until
 * its trial's record says that it cannot go on: that it is done, that its training failed, or,
 * after a rung, that its architecture is stopped. All may be deleted at any time: what they
 * spare is then trained again. */
#ifndef CROSSLANE_EXPERIMENTS_RUN_CHECKPOINTS_H
#define CROSSLANE_EXPERIMENTS_RUN_CHECKPOINTS_H

#include <stdbool.h>

#include "base/error.h"
#include "experiments/plan.h"

/* Makes the folder, and removes what a killed worker left half written. */
bool run_checkpoints_open(const char *run, struct error *error);

/* <run>/checkpoints/<key>.safetensors; free it. */
char *run_checkpoints_file(const char *run, const char *key, struct error *error);

bool run_checkpoints_remove(const char *run, const char *key, struct error *error);

/* How many of the pending trials have one. */
bool run_checkpoints_count(const struct plan *plan, const char *run, size_t *count,
                           struct error *error);

/* Removes those of the plan's trials that do not go on; `all`: of all its trials. Those of
 * trials of other configs stay. */
bool run_checkpoints_prune(const struct plan *plan, const char *run, bool all, struct error *error);

#endif
