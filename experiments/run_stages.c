/* The rungs of early_terminate, and the last stage. */
#include "experiments/run_checkpoints.h"
#include "experiments/run_models.h"
#include "experiments/run_parts.h"

/* So long may trials in flight take to write their checkpoints when the sweep is to end: the
 * rest of a batch or of an evaluation, and the writing. */
#define CHECKPOINT_PATIENCE 60.0

static void warn(void *context, const char *message) {
  const struct sweep_run *run = context;
  struct text text = {0};
  text_add(&text, "%s\n", message);
  run->options->warn(&text);
}

static bool train_pending(struct sweep_run *run, struct error *error) {
  if (run->plan.pending_count == 0) return run_goes_on(run->options->interrupted, error);
  run->frame.jobs = (uint32_t)run->jobs;
  struct worker_task task = {
      .jobs = run->jobs,
      .trials = run->plan.pending,
      .count = run->plan.pending_count,
      .bound = run->plan.trials,
      .begin = run_trial_worker,
      .run = run_trial,
      .ended = run_trial_ended,
      .warn = warn,
      .patience = run->plan.goes_on ? CHECKPOINT_PATIENCE : 0.0,
      .waiting = run->options->waiting != NULL ? run_progress_waiting : NULL,
      .context = run,
      .interrupted = run->options->interrupted,
  };
  if (workers_run(&task, error)) return true;
  if (error->kind != ERROR_INTERRUPTED || !run->plan.goes_on) return false;
  return error_help(error, "the same command goes on from the checkpoints of the trials in flight");
}

static bool train_stage(struct sweep_run *run, bool said, struct error *error) {
  const char *folder = run->folder.path;
  if (!run_checkpoints_prune(&run->plan, folder, false, error)) return false;
  run_progress_stage(run);
  if (!run_checkpoints_count(&run->plan, folder, &run->progress.rung.going_on, error)) return false;
  if (said) run_progress_report(run, NULL);
  return train_pending(run, error);
}

/* Which model is the best is known when the shards are merged: until then all are kept. */
static enum model_saving saving_of(const struct sweep_run *run) {
  const enum model_saving saving = run->options->config->base.train.save;
  return saving == SAVE_BEST && run->plan.shard.count > 0 ? SAVE_ALL : saving;
}

bool run_complete_models(struct sweep_run *run, struct error *error) {
  const enum model_saving saving = saving_of(run);
  struct plan *plan = &run->plan;
  if (saving == SAVE_NONE) return true;
  struct text damaged = {0};
  const bool known = run_models_missing(plan, run->folder.path, saving, &damaged, error);
  run->options->warn(&damaged);
  if (!known) return false;
  if (plan->pending_count > 0) {
    run->progress.total += plan->pending_count;
    run_progress_pending(run);
    if (!train_pending(run, error)) return false;
  }
  return saving != SAVE_BEST || run_models_prune(plan, run->folder.path, error);
}

bool run_stages(struct sweep_run *run, bool said, struct error *error) {
  for (bool more = true; more;) {
    if (!train_stage(run, said, error) || !plan_next(&run->plan, &more, error)) return false;
  }
  return true;
}
