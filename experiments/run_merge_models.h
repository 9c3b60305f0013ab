/* The models of merged runs: which are kept. */
#ifndef CROSSLANE_EXPERIMENTS_RUN_MERGE_MODELS_H
#define CROSSLANE_EXPERIMENTS_RUN_MERGE_MODELS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "records/architectures.h"
#include "records/record_union.h"

/* Copies to <to>/models/ those of the chosen records that are done, from the folder of
 * the record or of an equal one. Where the list says "best" and all of its trials are
 * recorded, only the models of one of its architectures: the one that has the lowest
 * mean validation MSE of those without a failed trial, the first of equals
 * (experiments/run_models.h), and others that <to> has are removed; until then all are kept. Those
 * of trials of other configs stay. Returns how many in *models. */
bool run_merge_models(const struct record_union *all, const struct architecture_list *list,
                      const char *to, size_t *models, struct error *error);

#endif
