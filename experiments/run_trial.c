/* In a worker: one trial is trained, and its model written when that is asked for. */
#include <stdlib.h>

#include "experiments/run_checkpoints.h"
#include "experiments/run_models.h"
#include "experiments/run_parts.h"
#include "serving/saved_model.h"

/* A trial whose model is to be written when it is trained. */
struct saved_trial {
  const struct sweep_run *run;
  size_t index;
  const struct split *split;
  const struct train_result *result;
};

/* What a rung ends is no model yet. */
static bool save_model(void *context, const struct ensemble *models,
                       const struct encoding *encoding, struct error *error) {
  const struct saved_trial *saved = context;
  const struct trial_list *list = &saved->run->data.list;
  const struct trial *trial = &list->trial[saved->index];
  const struct architecture *architecture = &list->architecture[trial->architecture];
  if (saved->result->cut) return true;
  char *path = run_models_path(saved->run->options->folder, trial->key, error);
  const struct saved_about about = {.config = &architecture->config,
                                    .label = architecture->label,
                                    .trial = trial,
                                    .dataset = &saved->run->data.dataset,
                                    .split = saved->split,
                                    .result = saved->result};
  const bool done = path != NULL && saved_model_write(path, &about, models, encoding, error);
  free(path);
  return done;
}

/* --- in a worker --- */

void run_trial_worker(void *context) {
  const struct sweep_run *run = context;
  run_lock_close(&run->folder.lock);
}

/* NULL: memory ran out, or none is asked for. */
static char *checkpoint_path(const struct sweep_run *run, size_t index, struct error *error) {
  if (!run->plan.goes_on) return NULL;
  return run_checkpoints_file(run->options->folder, run->data.list.trial[index].key, error);
}

void run_trial(void *context, size_t index, const struct worker_link *link,
               struct trial_outcome *outcome) {
  const struct sweep_run *run = context;
  struct split split;
  struct train_request request;
  if (!run_data_request(&run->data, index, run->options->kernels, &split, &request,
                        &outcome->error)) {
    return;
  }
  request.epochs = plan_epochs(&run->plan);
  request.threads = run->plan.share.threads;
  request.stop = link->stop;
  request.note = link->note;
  request.stop_context = link->context;
  char *path = checkpoint_path(run, index, &outcome->error);
  const struct train_checkpoint checkpoint = {
      .path = path,
      .key = run->data.list.trial[index].key,
      .seconds = 60.0 * run->options->config->base.train.checkpoint.minutes,
      .warn = link->warn,
      .warn_context = link->context};
  request.checkpoint = path != NULL ? &checkpoint : NULL;
  struct saved_trial saved = {
      .run = run, .index = index, .split = &split, .result = &outcome->result};
  const bool saved_to = run->options->folder != NULL;
  request.trained =
      saved_to && run->options->config->base.train.save != SAVE_NONE ? save_model : NULL;
  request.trained_context = &saved;
  outcome->train_rows = split.train;
  outcome->validation_rows = split.validation;
  outcome->test_rows = split.test;
  outcome->done = train_run(&request, &outcome->result, &outcome->error);
  /* One that early stopping ended before the rung would not go on either. */
  outcome->stopped = outcome->done && outcome->result.cut;
  free(path);
  split_clear(&split);
}
