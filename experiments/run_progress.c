/* What is done, what is left, and which architecture is best so far. */
#include <math.h>

#include "base/clock.h"
#include "experiments/run_parts.h"

/* At a new rung, with more epochs, the best of the rung before may stay the best. */
static void find_best(struct sweep_run *run) {
  struct run_progress *progress = &run->progress;
  size_t architecture;
  double mse;
  if (!plan_best(&run->plan, &architecture, &mse)) return;
  if (progress->best_label != NULL && !(mse < progress->best_validation)) return;
  progress->best_validation = mse;
  progress->best_label = run->data.list.architecture[architecture].label;
}

/* What ended trials took by their estimate puts that of the others right; what
 * those in flight have done is what the ended ones did not take. */
static double left_seconds(const struct sweep_run *run) {
  if (run->ended_seconds <= 0 || run->ended_estimated <= 0) return NAN;
  double factor = run->ended_seconds / run->ended_estimated;
  double jobs = (double)run->jobs, left = run->left_estimated * factor;
  double stage_seconds = run->started + run->progress.seconds - run->stage_started;
  double in_flight = stage_seconds * jobs - (run->ended_seconds - run->stage_base);
  left -= in_flight < left ? fmax(in_flight, 0) : left;
  return (left + plan_later_seconds(&run->plan) * factor) / jobs;
}

void run_progress_report(struct sweep_run *run, const struct record *record) {
  struct run_progress *progress = &run->progress;
  progress->seconds = clock_wall() - run->started;
  progress->left_seconds = left_seconds(run);
  progress->failed = plan_count(&run->plan, PLANNED_FAILED);
  find_best(run);
  if (run->options->progress != NULL) {
    run->options->progress(run->options->progress_context, progress, record);
  }
}

void run_progress_waiting(void *context, const struct worker_flight *flight, size_t count) {
  struct sweep_run *run = context;
  struct run_progress *progress = &run->progress;
  const struct trial_list *list = &run->data.list;
  const uint32_t rung = plan_epochs(&run->plan);
  progress->seconds = clock_wall() - run->started;
  progress->left_seconds = left_seconds(run);
  progress->flights = count;
  for (size_t i = 0; i < count && i < RUN_FLIGHTS; i++) {
    const size_t architecture = list->trial[flight[i].trial].architecture;
    const uint32_t all = list->architecture[architecture].config.train.epochs;
    progress->flight[i] = (struct run_flight){flight[i].epoch, rung > 0 && rung < all ? rung : all};
  }
  run->options->waiting(run->options->progress_context, progress);
}

void run_progress_ended(struct sweep_run *run, size_t index, const struct record *record) {
  const double estimated = plan_trial_seconds(&run->plan, index);
  const double share = plan_trial_share(&run->plan, index);
  run->left_estimated -= estimated;
  run->progress.ended++;
  plan_trial_ended(&run->plan, index, record);
  if (record->status == TRIAL_FAILED) return;
  run->trained++;
  run->ended_estimated += estimated;
  run->ended_seconds += record->train_seconds * share;
}

void run_progress_start(struct sweep_run *run) {
  run->started = clock_wall();
  run->progress.shard = run->plan.shard;
  run->progress.all_trials = plan_trials_wanted(&run->plan);
  run->progress.validated = run->plan.validated;
}

/* Clocks and estimates of what is pending. */
void run_progress_pending(struct sweep_run *run) {
  const struct plan *plan = &run->plan;
  size_t jobs = plan->share.jobs;
  run->jobs = jobs < plan->pending_count ? jobs : plan->pending_count;
  run->stage_started = clock_wall();
  run->stage_base = run->ended_seconds;
  run->left_estimated = 0;
  for (size_t i = 0; i < plan->pending_count; i++) {
    run->left_estimated += plan_trial_seconds(plan, plan->pending[i]);
  }
}

void run_progress_stage(struct sweep_run *run) {
  const struct plan *plan = &run->plan;
  struct run_rung *rung = &run->progress.rung;
  rung->count = plan->halving.rungs > 0 ? plan->halving.rungs + 1 : 0;
  rung->number = plan->stage + 1;
  rung->epochs = plan_epochs(plan);
  rung->architectures = plan_architectures_in(plan);
  rung->trials = plan_trials_in(plan);
  rung->recorded = rung->trials - plan->pending_count;
  run->progress.total = plan_trainings(plan);
  run->progress.left_out = plan->architectures_left_out;
  run->progress.rounds = plan->rounds;
  run->progress.skipped += rung->recorded;
  run_progress_pending(run);
}
