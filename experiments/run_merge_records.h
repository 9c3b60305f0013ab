/* The records of merged runs, into the folder that has them all. */
#ifndef CROSSLANE_EXPERIMENTS_RUN_MERGE_RECORDS_H
#define CROSSLANE_EXPERIMENTS_RUN_MERGE_RECORDS_H

#include <signal.h>
#include <stdbool.h>

#include "base/error.h"
#include "records/record_union.h"

/* Copies the chosen records to <to>/trials/, byte for byte; but, with `add`, those of the first
 * folder, which is `to`. All are on the disk before the first has its name. */
bool run_merge_records(const struct record_union *all, const char *to, bool add,
                       const volatile sig_atomic_t *interrupted, struct error *error);

#endif
