#include "experiments/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "experiments/run_folder.h"
#include "experiments/sweep.h"
#include "experiments/trial_record.h"
#include "experiments/workers.h"
#include "results/architectures.h"
#include "results/index.h"

/* All that a start holds; freed as a whole. */
struct sweep_run {
  const struct run_options *options;
  struct dataset dataset;
  struct folds folds;
  struct features features;
  struct trial_list list;
  struct run_folder folder;
  struct record_list records; /* before this start */
  size_t *pending;            /* indices into list.trial */
  size_t pending_count;
  struct record_frame frame;
  struct run_progress progress;
  char *best_label;
  double started;
  size_t trained; /* in this start, without a failure */
};

static double wall_seconds(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* --- what every worker reads --- */

static const char *data_folder(const struct run_options *options) {
  return options->data != NULL ? options->data : options->config->base.data.path;
}

static bool load_data(struct sweep_run *run, struct error *error) {
  const struct data_spec *data = &run->options->config->base.data;
  if (data->source == SOURCE_SYNTHETIC) {
    return dataset_synthesise(&data->synthetic, &run->dataset, error);
  }
  return dataset_read_movielens(data_folder(run->options), &run->dataset, error);
}

static bool has_fold(const struct split_spec *spec, const char *name) {
  for (size_t i = 0; i < spec->folds; i++) {
    if (strcmp(spec->fold[i], name) == 0) return true;
  }
  return false;
}

/* The folds of all architectures together. */
static bool read_folds(struct sweep_run *run, struct error *error) {
  struct split_spec all = {.method = SPLIT_GIVEN_FOLDS};
  for (size_t a = 0; a < run->list.architectures; a++) {
    const struct split_spec *spec = &run->list.architecture[a].config.data.split;
    if (spec->method != SPLIT_GIVEN_FOLDS) continue;
    for (size_t i = 0; i < spec->folds && all.folds < SPLIT_FOLDS_MAX; i++) {
      if (has_fold(&all, spec->fold[i])) continue;
      memcpy(all.fold[all.folds++], spec->fold[i], SPLIT_FOLD_NAME);
    }
  }
  if (all.folds == 0) return true;
  bool synthetic = run->options->config->base.data.source == SOURCE_SYNTHETIC;
  return folds_read(&run->dataset, synthetic ? NULL : data_folder(run->options), &all, &run->folds,
                    error);
}

static bool build_features(struct sweep_run *run, struct error *error) {
  features_init(&run->features, &run->dataset);
  for (size_t a = 0; a < run->list.architectures; a++) {
    const struct trial_config *config = &run->list.architecture[a].config;
    struct encoding_spec spec;
    if (!model_encoding_spec(&config->model, config->data.fit_all, &spec, error) ||
        !features_add(&run->features, &spec, error)) {
      return false;
    }
  }
  return true;
}

static const struct fold *find_fold(const struct folds *folds, const char *name) {
  for (size_t i = 0; i < folds->count; i++) {
    if (strcmp(folds->fold[i].name, name) == 0) return &folds->fold[i];
  }
  return NULL;
}

/* A key covers what determines the numbers: the test rows of a fold too, not
 * its name alone. */
static void bind_keys_to_folds(struct sweep_run *run) {
  for (size_t i = 0; i < run->list.trials; i++) {
    struct trial *trial = &run->list.trial[i];
    const struct fold *fold = find_fold(&run->folds, trial->fold);
    if (fold == NULL) continue;
    uint64_t digest = digest_bytes(trial->key, strlen(trial->key));
    digest = digest_extend(digest, fold->rows, fold->count * sizeof *fold->rows);
    digest_text(digest, trial->key);
  }
}

/* --- in a worker --- */

/* Random streams derive from seed and fold. */
static uint64_t stream_seed(const struct trial *trial) {
  size_t length = strlen(trial->fold);
  return length == 0 ? trial->seed : digest_extend(trial->seed, trial->fold, length);
}

static void run_trial(void *context, size_t index, worker_stop *stop, void *stop_context,
                      struct trial_outcome *outcome) {
  const struct sweep_run *run = context;
  const struct trial *trial = &run->list.trial[index];
  const struct trial_config *config = &run->list.architecture[trial->architecture].config;
  struct split split = {0};
  if (!split_make(&run->dataset, &config->data.split, stream_seed(trial),
                  find_fold(&run->folds, trial->fold), &split, &outcome->error)) {
    return;
  }
  struct train_request request = {
      .kernels = run->options->kernels,
      .dataset = &run->dataset,
      .features = &run->features,
      .split = &split,
      .model = &config->model,
      .train = &config->train,
      .fit_all = config->data.fit_all,
      .seed = stream_seed(trial),
      .stop = stop,
      .stop_context = stop_context,
  };
  outcome->done = train(&request, &outcome->result, &outcome->error);
  split_clear(&split);
}

/* --- which trials are to be run --- */

static const struct record *find_record(const struct record_list *records, const char *key) {
  for (size_t low = 0, high = records->count; low < high;) {
    size_t middle = low + (high - low) / 2;
    int order = strcmp(records->record[middle].key, key);
    if (order == 0) return &records->record[middle];
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return NULL;
}

static void note_best(struct sweep_run *run, const struct record *record) {
  struct run_progress *progress = &run->progress;
  double mse = record->validation_mse;
  if (isnan(mse) || mse >= progress->best_validation) return;
  struct error error = {0};
  char *label = memory_text(record->label, &error);
  if (label == NULL) return;
  free(run->best_label);
  run->best_label = label;
  progress->best_validation = mse;
  progress->best_label = label;
}

static bool find_pending(struct sweep_run *run, struct error *error) {
  run->pending = memory_array(run->list.trials, sizeof *run->pending, error);
  if (run->pending == NULL) return false;
  for (size_t i = 0; i < run->list.trials; i++) {
    const struct record *record = find_record(&run->records, run->list.trial[i].key);
    bool again = record == NULL || (record->status == TRIAL_FAILED && run->options->retry_failed);
    if (again) {
      run->pending[run->pending_count++] = i;
      continue;
    }
    run->progress.skipped++;
    if (record->status == TRIAL_FAILED) run->progress.failed++;
    note_best(run, record);
  }
  run->progress.total = run->list.trials;
  return true;
}

/* --- in the parent, as trials end --- */

static void report(struct sweep_run *run, const struct record *record) {
  struct run_progress *progress = &run->progress;
  progress->seconds = wall_seconds() - run->started;
  progress->left_seconds = NAN;
  if (progress->ended > 0) {
    double each = progress->seconds / (double)progress->ended;
    progress->left_seconds = each * (double)(run->pending_count - progress->ended);
  }
  if (run->options->progress != NULL) {
    run->options->progress(run->options->progress_context, progress, record);
  }
}

static bool trial_ended(void *context, size_t index, struct trial_outcome *outcome,
                        struct error *error) {
  struct sweep_run *run = context;
  if (!outcome->done && outcome->error.kind == ERROR_INTERRUPTED) {
    *error = outcome->error;
    return false;
  }
  const struct trial *trial = &run->list.trial[index];
  struct record record;
  if (!trial_record(&run->frame, &run->list.architecture[trial->architecture], trial, outcome,
                    &record, error)) {
    return false;
  }
  bool written = record_write(run->folder.path, &record, error);
  if (written) {
    run->progress.ended++;
    if (record.status == TRIAL_FAILED) run->progress.failed++;
    if (record.status == TRIAL_DONE) {
      run->trained++;
      note_best(run, &record);
    }
    report(run, &record);
  }
  record_clear(&record);
  return written;
}

/* --- the run folder --- */

static bool write_architectures(const struct sweep_run *run, struct error *error) {
  const struct config *config = run->options->config;
  struct architecture_list list = {.count = run->list.architectures};
  list.architecture = memory_array(list.count, sizeof *list.architecture, error);
  if (list.architecture == NULL) return false;
  list.name = (char *)config->name;
  list.description = config->description;
  list.baseline = config->baseline;
  bool done = true;
  for (size_t a = 0; done && a < list.count; a++) {
    struct architecture_entry *entry = &list.architecture[a];
    entry->label = run->list.architecture[a].label;
    entry->swept = run->list.architecture[a].swept;
    entry->key = memory_array(run->list.trials, sizeof *entry->key, error);
    done = entry->key != NULL;
    for (size_t i = 0; done && i < run->list.trials; i++) {
      if (run->list.trial[i].architecture != a) continue;
      memcpy(entry->key[entry->keys++], run->list.trial[i].key, DIGEST_TEXT);
    }
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

static size_t job_count(const struct sweep_run *run) {
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  size_t jobs = run->options->jobs > 0 ? run->options->jobs : (cores > 0 ? (size_t)cores : 1);
  return jobs < run->pending_count ? jobs : run->pending_count;
}

static bool train_pending(struct sweep_run *run, struct error *error) {
  run->started = wall_seconds();
  report(run, NULL);
  if (run->pending_count == 0) return true;
  size_t jobs = job_count(run);
  if (!record_frame_init(&run->frame, &run->dataset, run->options->kernels->isa, jobs, error)) {
    return false;
  }
  struct worker_task task = {
      .jobs = jobs,
      .trials = run->pending,
      .count = run->pending_count,
      .run = run_trial,
      .ended = trial_ended,
      .context = run,
      .interrupted = run->options->interrupted,
  };
  return workers_run(&task, error);
}

static bool go_on(const struct sweep_run *run, struct error *error) {
  int signal = (int)*run->options->interrupted;
  return signal == 0 || error_set(error, ERROR_INTERRUPTED, "interrupted by signal %d", signal);
}

static bool load(struct sweep_run *run, struct error *error) {
  if (!load_data(run, error) || !go_on(run, error) ||
      !sweep_expand(run->options->config, run->dataset.digest, &run->list, error) ||
      !read_folds(run, error) || !build_features(run, error)) {
    return false;
  }
  bind_keys_to_folds(run);
  return go_on(run, error);
}

/* Nothing is written before the data, the config and the folds are sound. */
static bool run_all(struct sweep_run *run, struct error *error) {
  const struct config *config = run->options->config;
  if (!load(run, error) || !run_folder_open(&run->folder, run->options->folder, error) ||
      !records_read(run->folder.path, &run->records, error) || !find_pending(run, error) ||
      !run_folder_keep_config(&run->folder, config->text, config->text_size, error) ||
      !write_architectures(run, error)) {
    return false;
  }
  bool done = train_pending(run, error);
  struct error index_error = {0};
  bool indexed = rebuild_index(run, &index_error);
  if (done && !indexed) *error = index_error;
  return done && indexed;
}

static void clear(struct sweep_run *run) {
  record_frame_clear(&run->frame);
  record_list_clear(&run->records);
  free(run->pending);
  free(run->best_label);
  run_folder_close(&run->folder);
  features_clear(&run->features);
  folds_clear(&run->folds);
  trial_list_clear(&run->list);
  dataset_clear(&run->dataset);
}

bool run_sweep(const struct run_options *options, struct run_summary *summary,
               struct error *error) {
  struct sweep_run run = {
      .options = options, .folder = {.lock = -1}, .progress = {.best_validation = INFINITY}};
  bool done = run_all(&run, error);
  *summary = (struct run_summary){
      .trials = run.progress.total,
      .trained = run.trained,
      .skipped = run.progress.skipped,
      .failed = run.progress.failed,
  };
  clear(&run);
  return done;
}
