/* The rows of `--dry-run`. */
#ifndef CROSSLANE_EXPERIMENTS_DRY_RUN_TABLE_H
#define CROSSLANE_EXPERIMENTS_DRY_RUN_TABLE_H

#include "experiments/dry_run.h"
#include "experiments/plan.h"

/* A plan in the first stage that is not recorded whole. */
bool dry_run_table(const struct plan *plan, const struct dry_run_form *form, struct text *table,
                   struct error *error);

#endif
