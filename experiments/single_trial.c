#include "experiments/single_trial.h"

#include "experiments/memory_estimate.h"
#include "experiments/run_parts.h"
#include "kernels/self_check.h"

struct single {
  struct sweep_run run; /* the first: its address is the context of run_trial */
  struct record *record;
  bool recorded;
};

/* --- one, and not more --- */

static void help_with_models(struct error *error) {
  error_help(error,
             "one model: a file without sweep, or --set sweep.run_cap=1 for the first of them");
}

static void help_with_folds(const struct split_spec *split, struct error *error) {
  if (split->method == SPLIT_KFOLD) {
    error_help(error, "one split: another data.split.method than kfold");
  } else {
    error_help(error, "one fold: --set 'data.split.folds=[%s]'", split->fold[0]);
  }
}

static bool check_single(const struct run_options *options, const struct trial_list *list,
                         struct error *error) {
  const struct config *config = options->config;
  const struct split_spec *split = &config->base.data.split;
  const size_t models = list->architectures + sweep_rounds(config->sweep).left;
  const size_t folds = split_has_folds(split) ? split->folds : 1;
  const size_t trials = models * folds * config->seeds;
  if (trials == 1) return true;
  error_set(error, ERROR_CONFIG,
            "%s asks for %zu trials (models: %zu, folds: %zu, seeds: %zu), and trial trains one",
            config->name, trials, models, folds, config->seeds);
  if (models > 1) help_with_models(error);
  if (folds > 1) help_with_folds(split, error);
  if (config->seeds > 1) {
    error_help(error, "one seed: --set 'seeds=[%llu]'", (unsigned long long)config->seed[0]);
  }
  return false;
}

/* --- training --- */

static bool keep_record(void *context, size_t index, struct trial_outcome *outcome,
                        struct error *error) {
  struct single *single = context;
  const struct trial_list *list = &single->run.data.list;
  if (!outcome->done && outcome->error.kind == ERROR_INTERRUPTED) {
    *error = outcome->error;
    return false;
  }
  single->recorded = outcome_to_record(&single->run.frame, &list->architecture[0],
                                       &list->trial[index], outcome, single->record, error);
  return single->recorded;
}

static bool check_memory(const struct sweep_run *run, struct error *error) {
  struct memory_limit limit;
  if (run->options->allow_swap) return true;
  if (!memory_limit_read("", &limit, error)) return false;
  const struct memory_estimate estimate = memory_estimate_of(&run->plan, 1);
  return memory_estimate_check(&estimate, &limit, error);
}

static bool plan_it(struct sweep_run *run, struct error *error) {
  const struct run_options *options = run->options;
  if (!plan_init(&run->plan, &run->data, options->config, options->kernels, false, ESTIMATE_DENSE,
                 false, options->interrupted, error)) {
    return false;
  }
  run->plan.goes_on = false; /* there is no folder for a checkpoint */
  plan_share(&run->plan, 1, options->threads > 0 ? options->threads : 1);
  return check_memory(run, error) && plan_begin(&run->plan, error);
}

static bool train(struct single *single, struct error *error) {
  struct sweep_run *run = &single->run;
  const struct run_options *options = run->options;
  if (!kernels_self_check(options->kernels, error) ||
      !run_data_load(&run->data, options->config, options->dataset, options->data,
                     options->interrupted, error) ||
      !check_single(options, &run->data.list, error) || !plan_it(run, error) ||
      !record_frame_init(&run->frame, &run->data.dataset, options->kernels->isa, 1,
                         run->plan.share.threads, error)) {
    return false;
  }
  const struct worker_task task = {.jobs = 1,
                                   .trials = run->plan.pending,
                                   .count = run->plan.pending_count,
                                   .bound = run->plan.trials,
                                   .begin = run_trial_worker,
                                   .run = run_trial,
                                   .ended = keep_record,
                                   .context = single,
                                   .interrupted = options->interrupted};
  return workers_run(&task, error);
}

bool single_trial(const struct run_options *options, struct record *record, struct error *error) {
  struct single single = {.run = {.options = options, .folder = {.lock = RUN_LOCK_NONE}},
                          .record = record};
  const bool done = train(&single, error);
  record_frame_clear(&single.run.frame);
  plan_clear(&single.run.plan);
  run_data_clear(&single.run.data);
  if (!done && single.recorded) record_clear(record);
  return done;
}
