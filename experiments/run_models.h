/* The models of a run folder: which are kept.
 *
 * A worker writes its model whole and synced before the parent records the
 * trial: a kill leaves at most a model whose trial is trained again. */
#ifndef CROSSLANE_EXPERIMENTS_RUN_MODELS_H
#define CROSSLANE_EXPERIMENTS_RUN_MODELS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "experiments/plan.h"
#include "model/model_spec.h"

/* <run>/models/<key>.safetensors; free it. run_models_path makes its folder. */
char *run_models_file(const char *run, const char *key, struct error *error);
char *run_models_path(const char *run, const char *key, struct error *error);

/* When all is trained: the trials whose models are wanted and not there, into
 * plan->pending. SAVE_ALL wants those of all trials that are done; SAVE_BEST
 * those of one architecture, which has the lowest mean validation MSE of those
 * without a failed trial, the first of equals. A model that is cut off or
 * damaged, or is another trial's, counts as not there, and `damaged` says why. */
bool run_models_missing(struct plan *plan, const char *run, enum model_saving saving,
                        struct text *damaged, struct error *error);

/* SAVE_BEST: removes the models of the plan's other architectures; those of
 * trials of other configs stay. */
bool run_models_prune(const struct plan *plan, const char *run, struct error *error);

#endif
