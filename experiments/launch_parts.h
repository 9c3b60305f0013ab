/* Within experiments/: one `crosslane launch slurm`, and the steps that share it.
 *
 *   launch_submit.c  plan, write the files
 *   launch_send.c    what is missing, to sbatch */
#ifndef CROSSLANE_EXPERIMENTS_LAUNCH_PARTS_H
#define CROSSLANE_EXPERIMENTS_LAUNCH_PARTS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "experiments/launch_jobs.h"
#include "experiments/launch_plan.h"
#include "experiments/launch_script.h"
#include "experiments/launch_slurm.h"
#include "experiments/launch_submit.h"
#include "experiments/launch_tally.h"
#include "experiments/plan.h"
#include "experiments/run_data.h"

/* All that a launch holds; freed as a whole. */
struct launch {
  const struct launch_options *options;
  struct run_data data;
  struct plan trials;
  struct launch_plan plan;
  struct slurm_limits limits;
  struct launch_jobs jobs;
  struct slurm_queue queue;
  struct launch_tally tally;
  struct launch_script script;
  char name[CONFIG_NAME];
  char *run, *folder, *program, *data_path; /* absolute; data_path may be NULL */
};

/* Submits what is missing, and the merge. */
bool launch_send(struct launch *launch, struct text *report, struct launch_summary *summary,
                 struct error *error);

#endif
