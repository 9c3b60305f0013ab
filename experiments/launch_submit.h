/* `crosslane launch slurm`: a sweep as job arrays of Slurm, and the merge after them.
 *
 * All of it lies in RUN/launch/: config.yaml, the sweep as its tasks read it; plan.tsv, which
 * task trains which trials; rung-1.json and so on, of early_terminate, which trials are in;
 * array-1.sbatch and so on; merge.sbatch; jobs.tsv; logs/; and
 * shards/, a run folder for each task. Nothing else is shared between tasks. */
#ifndef CROSSLANE_EXPERIMENTS_LAUNCH_SUBMIT_H
#define CROSSLANE_EXPERIMENTS_LAUNCH_SUBMIT_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "config/config.h"
#include "kernels/kernels.h"

struct launch_options {
  const struct config *config; /* with its launcher */
  struct dataset *dataset;     /* the config's data, which the launch takes */
  const char *data;            /* where they were loaded from; NULL: as the config says */
  const char *run;             /* the run folder */
  const struct kernels *kernels;
  bool retry_failed; /* what is recorded as failed is trained again */
  bool dry_run;      /* the scripts are told, and nothing is written or submitted */
  const volatile sig_atomic_t *interrupted;
  void (*warn)(struct text *message); /* what does not stop it; clears it */
};

struct launch_summary {
  size_t trials, recorded, failed;
  size_t rung, rungs; /* of early_terminate, from 1; 0: it has none */
  uint32_t epochs;    /* to which it trains; 0: to the end */
  size_t tasks;       /* all */
  size_t submitted;   /* of them now */
  size_t queued;      /* of them before, waiting or running */
  size_t left;        /* of them not, as the cluster takes no more jobs at a time */
  uint64_t most_jobs; /* that bound; 0: none is known */
  double seconds;     /* of a task, at the speed that the launcher states */
};

/* Submits the tasks that have a trial without a record and are not in the queue, and the
 * merge. `report`: the scripts of a dry run, or a line for each job that was submitted, also
 * after a failure: jobs.tsv has each that Slurm took. What Slurm refuses is ERROR_SYSTEM with
 * its message. method: bayes is ERROR_CONFIG.
 *
 * With early_terminate these are the trials of a rung, the first that is not merged whole; the
 * merge launches again, until the last rung. */
bool launch_submit(const struct launch_options *options, struct text *report,
                   struct launch_summary *summary, struct error *error);

#endif
