#include "experiments/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "experiments/plan.h"
#include "experiments/recording.h"
#include "experiments/run_data.h"
#include "experiments/run_folder.h"
#include "experiments/saving.h"
#include "experiments/trial_record.h"
#include "experiments/workers.h"
#include "records/architectures.h"
#include "records/index.h"
#include "serving/saved_model.h"

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

static double wall_seconds(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* --- in a worker --- */

/* A trial whose model is to be written when it is trained. */
struct saved_trial {
  const struct sweep_run *run;
  size_t index;
  const struct split *split;
  const struct train_result *result;
  uint32_t rung; /* epochs at which the sweep ends it for now; 0: none */
};

/* What a rung ends is no model yet. */
static bool save_model(void *context, const struct wide_deep *model,
                       const struct encoding *encoding, struct error *error) {
  const struct saved_trial *saved = context;
  const struct trial_list *list = &saved->run->data.list;
  const struct trial *trial = &list->trial[saved->index];
  const struct architecture *architecture = &list->architecture[trial->architecture];
  if (saved->rung > 0 && saved->result->epochs == saved->rung) return true;
  char *path = saving_path(saved->run->options->folder, trial->key, error);
  const struct saved_about about = {.config = &architecture->config,
                                    .label = architecture->label,
                                    .trial = trial,
                                    .dataset = &saved->run->data.dataset,
                                    .split = saved->split,
                                    .result = saved->result};
  const bool done = path != NULL && saved_model_write(path, &about, model, encoding, error);
  free(path);
  return done;
}

static enum model_saving saving_of(const struct sweep_run *run) {
  return run->options->config->base.train.save;
}

static void run_trial(void *context, size_t index, worker_stop *stop, void *stop_context,
                      struct trial_outcome *outcome) {
  const struct sweep_run *run = context;
  struct split split;
  struct train_request request;
  if (!run_data_request(&run->data, index, run->options->kernels, &split, &request,
                        &outcome->error)) {
    return;
  }
  uint32_t epochs = plan_epochs(&run->plan);
  bool all = epochs == 0 || epochs >= request.train->epochs;
  request.epochs = all ? 0 : epochs;
  request.stop = stop;
  request.stop_context = stop_context;
  struct saved_trial saved = {.run = run,
                              .index = index,
                              .split = &split,
                              .result = &outcome->result,
                              .rung = all ? 0 : epochs};
  request.trained = saving_of(run) != SAVE_NONE ? save_model : NULL;
  request.trained_context = &saved;
  outcome->train_rows = split.train;
  outcome->validation_rows = split.validation;
  outcome->test_rows = split.test;
  outcome->done = train(&request, &outcome->result, &outcome->error);
  /* One that early stopping ended before the rung would not go on either. */
  outcome->stopped = outcome->done && !all && outcome->result.epochs == epochs;
  split_clear(&split);
}

/* --- progress --- */

static void find_best(struct sweep_run *run) {
  struct run_progress *progress = &run->progress;
  size_t architecture;
  const bool found = plan_best(&run->plan, &architecture, &progress->best_validation);
  progress->best_label = found ? run->data.list.architecture[architecture].label : NULL;
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

static void report(struct sweep_run *run, const struct record *record) {
  struct run_progress *progress = &run->progress;
  progress->seconds = wall_seconds() - run->started;
  progress->left_seconds = left_seconds(run);
  progress->failed = plan_count(&run->plan, PLANNED_FAILED);
  find_best(run);
  if (run->options->progress != NULL) {
    run->options->progress(run->options->progress_context, progress, record);
  }
}

/* --- in the parent, as trials end --- */

static bool failed_fast(const struct record *record, struct error *error) {
  const char *fold = record->fold[0] != '\0' ? ", fold " : "";
  return error_set(error, ERROR_TRIAL, "%s, seed %llu%s%s failed: %s", record->label,
                   (unsigned long long)record->seed, fold, record->fold, record->error);
}

static void count_ended(struct sweep_run *run, size_t index, const struct record *record) {
  double estimated = plan_trial_seconds(&run->plan, index);
  run->left_estimated -= estimated;
  run->progress.ended++;
  plan_trial_ended(&run->plan, index, record);
  if (record->status == TRIAL_FAILED) return;
  run->trained++;
  run->ended_estimated += estimated;
  run->ended_seconds += record->train_seconds;
}

static bool trial_ended(void *context, size_t index, struct trial_outcome *outcome,
                        struct error *error) {
  struct sweep_run *run = context;
  if (!outcome->done && outcome->error.kind == ERROR_INTERRUPTED) {
    *error = outcome->error;
    return false;
  }
  const struct trial *trial = &run->data.list.trial[index];
  struct record record;
  if (!trial_record(&run->frame, &run->data.list.architecture[trial->architecture], trial, outcome,
                    &record, error)) {
    return false;
  }
  bool go_on = recording_write(run->folder.path, &record, error);
  if (go_on) {
    count_ended(run, index, &record);
    report(run, &record);
    if (run->options->fail_fast && record.status == TRIAL_FAILED) {
      go_on = failed_fast(&record, error);
    }
  }
  record_clear(&record);
  return go_on;
}

/* --- the run folder --- */

static bool add_architecture(const struct sweep_run *run, size_t index,
                             struct architecture_list *list, struct error *error) {
  struct architecture_entry *entry = &list->architecture[list->count++];
  const struct trial_list *trials = &run->data.list;
  entry->label = trials->architecture[index].label;
  entry->swept = trials->architecture[index].swept;
  entry->key = memory_array(trials->trials / trials->architectures, sizeof *entry->key, error);
  if (entry->key == NULL) return false;
  for (size_t i = 0; i < trials->trials; i++) {
    if (trials->trial[i].architecture != index) continue;
    memcpy(entry->key[entry->keys++], trials->trial[i].key, DIGEST_TEXT);
  }
  return true;
}

static bool write_architectures(const struct sweep_run *run, struct error *error) {
  const struct config *config = run->options->config;
  struct architecture_list list = {.name = (char *)config->name,
                                   .description = config->description,
                                   .baseline = config->baseline};
  list.architecture = memory_array(run->data.list.architectures, sizeof *list.architecture, error);
  bool done = list.architecture != NULL;
  for (size_t a = 0; done && a < run->data.list.architectures; a++) {
    if (!run->plan.left_out[a]) done = add_architecture(run, a, &list, error);
  }
  done = done && architectures_write(run->folder.path, &list, error);
  for (size_t a = 0; a < list.count; a++) free(list.architecture[a].key);
  free(list.architecture);
  return done;
}

static bool rebuild_index(const struct sweep_run *run, struct error *error) {
  struct record_list records = {0};
  bool done = records_read(run->folder.path, &records, error) &&
              index_build(run->folder.path, &records, error);
  record_list_clear(&records);
  return done;
}

/* Freed before workers are forked: they need no records. */
static bool read_records(struct sweep_run *run, struct error *error) {
  if (run->options->rerun) return true;
  struct record_list records = {0};
  if (!records_read(run->folder.path, &records, error)) return false;
  plan_add_records(&run->plan, &records);
  record_list_clear(&records);
  return true;
}

/* --- stages --- */

size_t run_jobs(const struct run_options *options) {
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  return options->jobs > 0 ? options->jobs : (cores > 0 ? (size_t)cores : 1);
}

/* Clocks and estimates of what is pending. */
static void begin_stage_of_pending(struct sweep_run *run) {
  const struct plan *plan = &run->plan;
  size_t jobs = run_jobs(run->options);
  run->jobs = jobs < plan->pending_count ? jobs : plan->pending_count;
  run->stage_started = wall_seconds();
  run->stage_base = run->ended_seconds;
  run->left_estimated = 0;
  for (size_t i = 0; i < plan->pending_count; i++) {
    run->left_estimated += plan_trial_seconds(plan, plan->pending[i]);
  }
}

static void begin_stage(struct sweep_run *run) {
  const struct plan *plan = &run->plan;
  struct run_rung *rung = &run->progress.rung;
  rung->count = plan->halving.rungs > 0 ? plan->halving.rungs + 1 : 0;
  rung->number = plan->stage + 1;
  rung->epochs = plan_epochs(plan);
  rung->architectures = plan_architectures_in(plan);
  rung->trials = plan_trials_in(plan);
  rung->recorded = rung->trials - plan->pending_count;
  run->progress.skipped += rung->recorded;
  begin_stage_of_pending(run);
}

static bool train_pending(struct sweep_run *run, struct error *error) {
  if (run->plan.pending_count == 0) return run_goes_on(run->options->interrupted, error);
  run->frame.jobs = (uint32_t)run->jobs;
  struct worker_task task = {
      .jobs = run->jobs,
      .trials = run->plan.pending,
      .count = run->plan.pending_count,
      .run = run_trial,
      .ended = trial_ended,
      .context = run,
      .interrupted = run->options->interrupted,
  };
  return workers_run(&task, error);
}

static bool train_stage(struct sweep_run *run, struct error *error) {
  begin_stage(run);
  report(run, NULL);
  return train_pending(run, error);
}

/* Trials that were recorded without their models are trained once more. */
static bool complete_models(struct sweep_run *run, struct error *error) {
  const enum model_saving saving = saving_of(run);
  struct plan *plan = &run->plan;
  if (saving == SAVE_NONE) return true;
  if (!saving_missing(plan, run->folder.path, saving, error)) return false;
  if (plan->pending_count > 0) {
    run->progress.total += plan->pending_count;
    begin_stage_of_pending(run);
    if (!train_pending(run, error)) return false;
  }
  return saving != SAVE_BEST || saving_prune(plan, run->folder.path, error);
}

static bool train_stages(struct sweep_run *run, struct error *error) {
  run->started = wall_seconds();
  run->progress.total = plan_trainings(&run->plan);
  run->progress.validated = run->plan.validated;
  run->progress.left_out = run->plan.architectures_left_out;
  if (!record_frame_init(&run->frame, &run->data.dataset, run->options->kernels->isa, 0, error) ||
      !plan_begin(&run->plan, error)) {
    return false;
  }
  for (bool more = true; more;) {
    if (!train_stage(run, error) || !plan_next(&run->plan, &more, error)) return false;
  }
  return complete_models(run, error);
}

/* Nothing is written before the data, the config and the folds are sound. */
static bool run_all(struct sweep_run *run, struct error *error) {
  const struct run_options *options = run->options;
  const struct config *config = options->config;
  if (!run_data_load(&run->data, config, options->data, options->interrupted, error) ||
      !plan_init(&run->plan, &run->data, config, options->kernels, false, ESTIMATE_DENSE,
                 options->retry_failed, options->interrupted, error) ||
      !run_folder_open(&run->folder, options->folder, error) || !read_records(run, error) ||
      !run_folder_keep_config(&run->folder, config->text, config->text_size, error) ||
      !write_architectures(run, error)) {
    return false;
  }
  bool done = train_stages(run, error);
  struct error index_error = {0};
  bool indexed = rebuild_index(run, &index_error);
  if (done && !indexed) *error = index_error;
  return done && indexed;
}

static size_t count_skipped(const struct plan *plan) {
  size_t count = 0;
  for (size_t i = 0; i < plan->trials; i++) {
    const struct planned_trial *trial = &plan->trial[i];
    bool left_out = plan->left_out[plan->data->list.trial[i].architecture];
    count += !left_out && trial->state != PLANNED_NEW && !trial->trained;
  }
  return count;
}

static void summarise(const struct sweep_run *run, struct run_summary *summary) {
  const struct plan *plan = &run->plan;
  *summary = (struct run_summary){.trained = run->trained};
  if (plan->left_out == NULL) return;
  summary->trials = plan->trials;
  summary->skipped = count_skipped(plan);
  summary->failed = plan_count(plan, PLANNED_FAILED);
  summary->stopped = plan_count(plan, PLANNED_STOPPED);
  summary->left_out = plan->architectures_left_out;
}

static void clear(struct sweep_run *run) {
  record_frame_clear(&run->frame);
  plan_clear(&run->plan);
  run_folder_close(&run->folder);
  run_data_clear(&run->data);
}

bool run_sweep(const struct run_options *options, struct run_summary *summary,
               struct error *error) {
  struct sweep_run run = {.options = options, .folder = {.lock = -1}};
  bool done = run_all(&run, error);
  summarise(&run, summary);
  clear(&run);
  return done;
}
