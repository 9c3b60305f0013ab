/* Whether what a launch will train can be merged with what is recorded. */
#ifndef CROSSLANE_EXPERIMENTS_LAUNCH_CHECK_H
#define CROSSLANE_EXPERIMENTS_LAUNCH_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "experiments/launch_tally.h"

/* Refuses what a merge of the run folder and its shards' folders would refuse
 * (records/record_union.h), and records of other data or of another numerics version than the
 * launch will make: before anything is written or submitted. Damaged records count as not there;
 * launch_tally_read has told of them. `data_digest`: of the data of the launch. */
bool launch_check_records(const struct launch_tally *tally, const char *run, uint64_t data_digest,
                          struct error *error);

#endif
