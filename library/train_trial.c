/* The trials of an experiment file, trained in the caller's process. */
#include <stdlib.h>
#include <time.h>

#include "base/json_copy.h"
#include "base/memory.h"
#include "base/process.h"
#include "config/config.h"
#include "data/data_load.h"
#include "experiments/outcome_record.h"
#include "experiments/run_data.h"
#include "kernels/self_check.h"
#include "library/record_parts.h"
#include "serving/saved_model.h"

struct crosslane_experiment {
  const struct kernels *kernels;
  struct config config;
  struct source_spec source; /* of the config's data */
  struct run_data data;
};

/* --- opening --- */

static const volatile sig_atomic_t never;

static bool read_experiment(crosslane_experiment *experiment, const char *path,
                            const char *const *settings, size_t count, const char *folder,
                            struct error *error) {
  struct data_spec spec;
  struct dataset dataset = {0};
  const bool read = config_read_data(path, settings, count, &spec, &experiment->source, error) &&
                    data_load(&spec, folder, &dataset, error) &&
                    config_read(path, settings, count, &dataset.schema, &experiment->config, error);
  if (read && sweep_rounds(experiment->config.sweep).left > 0) {
    error_set(error, ERROR_CONFIG,
              "method: bayes draws each round from the results of the last one");
    error_help(error, "'crosslane sweep' trains it");
  } else if (read) {
    return run_data_load(&experiment->data, &experiment->config, &dataset, folder, &never, error);
  }
  dataset_clear(&dataset);
  return false;
}

crosslane_experiment *crosslane_experiment_open(const char *path, const char *const *settings,
                                                size_t count, const char *data,
                                                crosslane_error *error) {
  struct library_call call;
  library_begin(&call, error);
  crosslane_experiment *experiment = memory_array(1, sizeof *experiment, call.error);
  bool done = experiment != NULL;
  if (done) {
    experiment->kernels = kernels_of(isa_best());
    done = kernels_self_check(experiment->kernels, call.error) &&
           read_experiment(experiment, path, settings, count, data, call.error);
  }
  (void)library_end(&call, done);
  if (done) return experiment;
  library_name_file(error, path);
  crosslane_experiment_free(experiment);
  return NULL;
}

void crosslane_experiment_free(crosslane_experiment *experiment) {
  if (experiment == NULL) return;
  run_data_clear(&experiment->data);
  config_clear(&experiment->config);
  free(experiment);
}

size_t crosslane_experiment_trials(const crosslane_experiment *experiment) {
  return experiment->data.list.trials;
}

static const struct trial *trial_of(const crosslane_experiment *experiment, size_t i) {
  return i < experiment->data.list.trials ? &experiment->data.list.trial[i] : NULL;
}

static const struct architecture *architecture_of(const crosslane_experiment *experiment,
                                                  const struct trial *trial) {
  return &experiment->data.list.architecture[trial->architecture];
}

const char *crosslane_experiment_label(const crosslane_experiment *experiment, size_t i) {
  const struct trial *trial = trial_of(experiment, i);
  return trial != NULL ? architecture_of(experiment, trial)->label : NULL;
}

const char *crosslane_experiment_key(const crosslane_experiment *experiment, size_t i) {
  const struct trial *trial = trial_of(experiment, i);
  return trial != NULL ? trial->key : NULL;
}

uint64_t crosslane_experiment_seed(const crosslane_experiment *experiment, size_t i) {
  const struct trial *trial = trial_of(experiment, i);
  return trial != NULL ? trial->seed : 0;
}

/* --- training --- */

struct training {
  const crosslane_experiment *experiment;
  const struct trial *trial;
  const struct architecture *architecture;
  const char *save;
  crosslane_progress *progress;
  void *context;
  const volatile int *stop;
  struct split split;
  struct trial_outcome outcome;
};

static bool is_stopped(void *context) {
  const struct training *training = context;
  return training->stop != NULL && __atomic_load_n(training->stop, __ATOMIC_RELAXED) != 0;
}

static void note_epoch(void *context, uint32_t epoch) {
  const struct training *training = context;
  if (training->progress == NULL) return;
  training->progress(training->context, epoch, training->architecture->config.train.epochs);
}

static bool save_model(void *context, const struct ensemble *models,
                       const struct encoding *encoding, struct error *error) {
  const struct training *training = context;
  const struct saved_about about = {.config = &training->architecture->config,
                                    .label = training->architecture->label,
                                    .trial = training->trial,
                                    .dataset = &training->experiment->data.dataset,
                                    .split = &training->split,
                                    .result = &training->outcome.result};
  return saved_model_write(training->save, &about, models, encoding, error);
}

static bool run(struct training *training, size_t i, size_t threads, struct error *error) {
  struct trial_outcome *outcome = &training->outcome;
  struct train_request request;
  if (!run_data_request(&training->experiment->data, i, training->experiment->kernels,
                        &training->split, &request, error)) {
    return false;
  }
  request.threads = threads;
  request.stop = is_stopped;
  request.note = note_epoch;
  request.stop_context = training;
  request.trained = training->save != NULL ? save_model : NULL;
  request.trained_context = training;
  outcome->started = (int64_t)time(NULL);
  outcome->train_rows = training->split.train;
  outcome->validation_rows = training->split.validation;
  outcome->test_rows = training->split.test;
  outcome->done = train_run(&request, &outcome->result, error);
  outcome->peak_rss_kib = process_peak_rss_kib();
  return outcome->done;
}

/* Of what the record refers to it has a copy: references are counted, and the experiment may be
 * shared by threads. */
static bool make_record(const struct training *training, size_t threads, crosslane_record *record,
                        struct error *error) {
  const crosslane_experiment *experiment = training->experiment;
  struct architecture own = *training->architecture;
  struct record_frame frame;
  if (!record_frame_init(&frame, &experiment->data.dataset, experiment->kernels->isa, 1,
                         threads > 0 ? threads : 1, error)) {
    return false;
  }
  own.swept = json_copy_deep(training->architecture->swept);
  const bool made =
      (own.swept != NULL || error_set(error, ERROR_SYSTEM, "out of memory for a record")) &&
      outcome_to_record(&frame, &own, training->trial, &training->outcome, &record->record, error);
  json_decref(own.swept);
  record_frame_clear(&frame);
  return made && record_write_json(record, error);
}

static bool train(struct training *training, size_t i, size_t threads, crosslane_record *record,
                  struct error *error) {
  training->trial = trial_of(training->experiment, i);
  if (training->trial == NULL) {
    return error_set(error, ERROR_USAGE, "no trial %zu: the experiment has %zu", i,
                     crosslane_experiment_trials(training->experiment));
  }
  training->architecture = architecture_of(training->experiment, training->trial);
  const bool done =
      run(training, i, threads, error) && make_record(training, threads, record, error);
  train_result_clear(&training->outcome.result);
  split_clear(&training->split);
  return done;
}

crosslane_record *crosslane_train(const crosslane_experiment *experiment, size_t i, size_t threads,
                                  const char *save, crosslane_progress *progress, void *context,
                                  const volatile int *stop, crosslane_error *error) {
  struct library_call call;
  library_begin(&call, error);
  crosslane_record *record = memory_array(1, sizeof *record, call.error);
  struct training *training = memory_array(1, sizeof *training, call.error);
  bool done = record != NULL && training != NULL;
  if (done) {
    training->experiment = experiment;
    training->save = save;
    training->progress = progress;
    training->context = context;
    training->stop = stop;
    done = train(training, i, threads, record, call.error);
  }
  free(training);
  (void)library_end(&call, done);
  if (done) return record;
  crosslane_record_free(record);
  return NULL;
}
