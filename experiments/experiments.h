/* The room experiments/: plan a sweep, train its trials in worker processes,
 * record them. The experiments that ship are here too, as *.yaml. */
#ifndef CROSSLANE_EXPERIMENTS_EXPERIMENTS_H
#define CROSSLANE_EXPERIMENTS_EXPERIMENTS_H

#include "experiments/dry_run.h"          /* what a sweep would do */
#include "experiments/estimate.h"         /* the speed of a kernel here */
#include "experiments/first_experiment.h" /* an experiment file for unknown data */
#include "experiments/launch_status.h"    /* how far it is on a cluster; ending it */
#include "experiments/launch_submit.h"    /* a sweep as job arrays of Slurm */
#include "experiments/outcome_record.h"   /* from a trained trial to its record */
#include "experiments/run.h"              /* a whole sweep */
#include "experiments/run_data.h"         /* what its trials read */
#include "experiments/run_merge.h"        /* run folders of one experiment as one */
#include "experiments/shard.h"            /* a part of one, for one machine of several */
#include "experiments/single_trial.h"     /* one trial by itself */

#endif
