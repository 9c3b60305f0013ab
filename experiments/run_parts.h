/* Within experiments/: one start of a sweep, and the steps that share it.
 *
 *   run.c           load, plan, open the folder; then the rounds; then the index
 *   run_memory.c    whether there is memory for the trials
 *   run_rounds.c    the one round of all trials, or those of method: bayes
 *   run_stages.c    the rungs of early_terminate and the last stage
 *   run_trial.c     in a worker: train one trial
 *   run_outcome.c   in the parent: record a trial that has ended
 *   run_progress.c  what is done, what is left, which model is best so far */
#ifndef CROSSLANE_EXPERIMENTS_RUN_PARTS_H
#define CROSSLANE_EXPERIMENTS_RUN_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "experiments/outcome_record.h"
#include "experiments/plan.h"
#include "experiments/run.h"
#include "experiments/run_data.h"
#include "experiments/run_folder.h"
#include "experiments/workers.h"

/* All that a start holds; freed as a whole. */
struct sweep_run {
  const struct run_options *options;
  struct run_data data;
  struct plan plan;
  struct run_folder folder;
  struct record_frame frame;
  struct run_progress progress;
  size_t jobs; /* of the present stage */
  double started;
  /* For the estimate of the time that is left, in seconds of one worker. */
  double left_estimated;                 /* of trials of this stage that have not ended */
  double ended_estimated, ended_seconds; /* of all that have: estimated, taken */
  double stage_started, stage_base;      /* wall clock and ended_seconds when the stage began */
  size_t trained;                        /* in this start, without a failure */
};

/* A worker_task's `begin`, `run`, `ended` and `waiting`; the context is the sweep_run. */
void run_trial_worker(void *context);
void run_trial(void *context, size_t index, const struct worker_link *link,
               struct trial_outcome *outcome);
bool run_trial_ended(void *context, size_t index, struct trial_outcome *outcome,
                     struct error *error);

/* All rounds, and the models that are wanted and not there. */
bool run_rounds(struct sweep_run *run, struct error *error);
/* All stages of a round; `said`: they are reported. */
bool run_stages(struct sweep_run *run, bool said, struct error *error);
/* Trials that were recorded without their models are trained once more. */
bool run_complete_models(struct sweep_run *run, struct error *error);

/* Whether there is memory for the trials of the plan that are to be trained. */
bool run_check_memory(struct sweep_run *run, struct error *error);

/* The clock starts; a stage begins; trials of a stage are about to be trained. */
void run_progress_start(struct sweep_run *run);
void run_progress_stage(struct sweep_run *run);
void run_progress_pending(struct sweep_run *run);
void run_progress_ended(struct sweep_run *run, size_t index, const struct record *record);
/* Tells the caller of run_sweep; `record`: of the trial that has ended, or NULL. */
void run_progress_report(struct sweep_run *run, const struct record *record);
/* Tells it of the trials in flight. */
void run_progress_waiting(void *context, const struct worker_flight *flight, size_t count);

#endif
