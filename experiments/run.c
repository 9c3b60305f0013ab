#include "experiments/run.h"

#include "base/thread_pool.h"
#include "experiments/run_checkpoints.h"
#include "experiments/run_parts.h"
#include "experiments/rung_list.h"
#include "kernels/self_check.h"
#include "records/index.h"

/* Freed before workers are forked: they need no records. */
static bool read_records(struct sweep_run *run, struct error *error) {
  struct record_list records = {0};
  struct text left_out = {0};
  const bool read = record_list_read(run->folder.path, &records, &left_out, error);
  run->options->warn(&left_out);
  if (!read) return false;
  const bool known = run_folder_check_schema(run->folder.path, &records, error);
  if (known && !run->options->rerun) plan_add_records(&run->plan, &records);
  record_list_clear(&records);
  return known;
}

/* Those of trials that are trained anew from their start are of no use. */
static bool open_checkpoints(const struct sweep_run *run, struct error *error) {
  const char *folder = run->folder.path;
  if (run->options->rerun && !run_checkpoints_prune(&run->plan, folder, true, error)) return false;
  return !run->plan.goes_on || run_checkpoints_open(folder, error);
}

static bool open_folder(struct sweep_run *run, struct error *error) {
  const struct run_options *options = run->options;
  struct text warning = {0};
  const bool open = run_folder_open(&run->folder, options->folder, &warning, error);
  options->warn(&warning);
  return open;
}

/* Said once, before a trial of each worker says it. Workers are forked later, when
 * these threads have ended. */
static bool check_threads(const struct sweep_run *run, struct error *error) {
  struct thread_pool *pool = thread_pool_new(run->plan.share.threads, error);
  if (pool == NULL) return error_help(error, "--threads 1 needs none beside the first");
  thread_pool_free(pool);
  return true;
}

static bool plan_trials(struct sweep_run *run, struct error *error) {
  const struct run_options *options = run->options;
  if (!plan_init(&run->plan, &run->data, options->config, options->kernels, false, ESTIMATE_DENSE,
                 options->retry_failed, options->interrupted, error) ||
      !rung_list_take(&run->plan, options->rung, error) ||
      !plan_take_shard(&run->plan, &options->shard, error)) {
    return false;
  }
  plan_share(&run->plan, options->jobs, options->threads);
  return check_threads(run, error) && run_check_memory(run, error);
}

static void warn_of_rungs(const struct sweep_run *run) {
  struct text warning = {0};
  plan_check_rungs(&run->plan, &warning);
  run->options->warn(&warning);
}

/* Nothing is written before the data, the config and the folds are sound. */
static bool run_all(struct sweep_run *run, struct error *error) {
  const struct run_options *options = run->options;
  const struct config *config = options->config;
  if (!kernels_self_check(options->kernels, error) ||
      !run_data_load(&run->data, config, options->dataset, options->data, options->interrupted,
                     error) ||
      !plan_trials(run, error) || !open_folder(run, error) || !read_records(run, error) ||
      !open_checkpoints(run, error) || !run_folder_keep_config(&run->folder, config, error)) {
    return false;
  }
  bool done = run_rounds(run, error);
  if (done && run->trained > 0 && !run->plan.listed) warn_of_rungs(run);
  struct error index_error = {0};
  bool indexed = index_build(run->folder.path, &index_error);
  if (done && !indexed) *error = index_error;
  return done && indexed;
}

static size_t count_skipped(const struct plan *plan) {
  size_t count = 0;
  for (size_t i = 0; i < plan->trials; i++) {
    const struct planned_trial *trial = &plan->trial[i];
    count += plan_is_own(plan, i) && trial->state != PLANNED_NEW && !trial->trained;
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
  struct sweep_run run = {.options = options, .folder = {.lock = RUN_LOCK_NONE}};
  bool done = run_all(&run, error);
  summarise(&run, summary);
  clear(&run);
  return done;
}
