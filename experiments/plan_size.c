/* Sizes, estimates and the constraint: what is known before any training. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiments/plan.h"

static const struct trial_config *config_of(const struct plan *plan, size_t trial) {
  return &plan->data->list.architecture[plan->data->list.trial[trial].architecture].config;
}

static bool size_trial(struct plan *plan, size_t index, const struct kernels *kernels, double dense,
                       struct error *error) {
  struct planned_trial *trial = &plan->trial[index];
  struct split split;
  struct train_request request;
  bool sized = run_data_request(plan->data, index, kernels, &split, &request, error) &&
               train_size(&request, &trial->size, error);
  if (sized) {
    trial->sized = true;
    trial->training_rows = split.train;
    plan->validated = plan->validated && split.validation > 0;
    trial->work =
        epoch_work_of(&plan->data->dataset, &split, request.model, request.train, &trial->size);
    trial->epoch_seconds = estimate_epoch_seconds(&trial->work, dense);
  }
  split_clear(&split);
  return sized;
}

/* Trials are in the order of their architectures. */
static bool size_trials(struct plan *plan, const struct kernels *kernels, bool every, double dense,
                        const volatile sig_atomic_t *interrupted, struct error *error) {
  const struct trial_list *list = &plan->data->list;
  for (size_t i = 0; i < plan->trials; i++) {
    bool first = i == 0 || list->trial[i].architecture != list->trial[i - 1].architecture;
    if (!every && !first) {
      plan->trial[i] = plan->trial[i - 1];
      plan->trial[i].sized = false;
    } else if (!run_goes_on(interrupted, error) || !size_trial(plan, i, kernels, dense, error)) {
      return false;
    }
    plan->trial[i].state = PLANNED_NEW;
  }
  return true;
}

static bool baseline_is_left_out(const struct plan *plan, const struct config *config) {
  const struct trial_list *list = &plan->data->list;
  for (size_t a = 0; config->baseline != NULL && a < list->architectures; a++) {
    if (strcmp(list->architecture[a].label, config->baseline) == 0) return plan->left_out[a];
  }
  return false;
}

/* An architecture is as large as the largest of its trials. */
static bool leave_out(struct plan *plan, const struct config *config, struct error *error) {
  const unsigned long long most = config->max_parameters;
  for (size_t i = 0; most > 0 && i < plan->trials; i++) {
    bool *left_out = &plan->left_out[plan->data->list.trial[i].architecture];
    if (plan->trial[i].size.parameters <= most || *left_out) continue;
    *left_out = true;
    plan->architectures_left_out++;
  }
  if (plan->architectures_left_out == plan->data->list.architectures) {
    error_set(error, ERROR_CONFIG,
              "sweep.constraint.max_parameters %llu leaves out all %zu architectures", most,
              plan->architectures_left_out);
    return error_help(error, "'--dry-run' with a larger one shows how many parameters they have");
  }
  if (!baseline_is_left_out(plan, config)) return true;
  error_set(error, ERROR_CONFIG,
            "sweep.constraint.max_parameters %llu leaves out the baseline '%s'", most,
            config->baseline);
  return error_help(error, "the others could not be compared with it");
}

static bool check_validation(const struct plan *plan, struct error *error) {
  if (plan->halving.rungs == 0 || plan->validated) return true;
  error_set(error, ERROR_CONFIG,
            "sweep.early_terminate compares validation rows, and there are none");
  return error_help(error, "set data.split.validation, for example to 0.1");
}

static uint32_t longest_training(const struct plan *plan) {
  uint32_t longest = 0;
  for (size_t i = 0; i < plan->trials; i++) {
    uint32_t epochs = config_of(plan, i)->train.epochs;
    if (epochs > longest) longest = epochs;
  }
  return longest;
}

static bool allocate(struct plan *plan, struct error *error) {
  size_t architectures = plan->data->list.architectures;
  plan->trial = memory_array(plan->trials, sizeof *plan->trial, error);
  plan->left_out = memory_array(architectures, sizeof *plan->left_out, error);
  plan->elsewhere = memory_array(plan->trials, sizeof *plan->elsewhere, error);
  plan->in = memory_array(architectures, sizeof *plan->in, error);
  plan->pending = memory_array(plan->trials, sizeof *plan->pending, error);
  /* At most SWEEP_TRIALS_MAX * HALVING_RUNGS_MAX. */
  plan->at_rung = memory_array(plan->trials * plan->halving.rungs, sizeof *plan->at_rung, error);
  return plan->trial != NULL && plan->left_out != NULL && plan->elsewhere != NULL &&
         plan->in != NULL && plan->pending != NULL && plan->at_rung != NULL;
}

bool plan_init(struct plan *plan, const struct run_data *data, const struct config *config,
               const struct kernels *kernels, bool every, double dense, bool retry_failed,
               const volatile sig_atomic_t *interrupted, struct error *error) {
  *plan = (struct plan){.data = data,
                        .retry_failed = retry_failed,
                        .goes_on = config->base.train.checkpoint.on,
                        .validated = true,
                        .trials = data->list.trials,
                        .share = {.jobs = 1, .threads = 1}};
  halving_init(&plan->halving, &config->early_terminate, longest_training(plan));
  every = every || config->max_parameters > 0;
  return allocate(plan, error) && size_trials(plan, kernels, every, dense, interrupted, error) &&
         leave_out(plan, config, error) && check_validation(plan, error);
}

void plan_clear(struct plan *plan) {
  free(plan->trial);
  free(plan->left_out);
  free(plan->elsewhere);
  free(plan->in);
  free(plan->at_rung);
  free(plan->pending);
  *plan = (struct plan){0};
}

size_t plan_calibrate(struct plan *plan, const struct record_list *records, const char *isa,
                      const char *cpu) {
  double recorded = 0, estimated = 0;
  size_t used = 0;
  for (size_t i = 0; i < plan->trials; i++) {
    const struct record *record = plan_record(plan, records, i);
    if (record == NULL || record->status == TRIAL_FAILED || strcmp(record->isa, isa) != 0) continue;
    const char *other = json_string_value(json_object_get(record->host, "cpu"));
    if (other == NULL || strcmp(other, cpu) != 0) continue;
    recorded += record->train_cpu_seconds;
    estimated += plan->trial[i].epoch_seconds * (double)record->epochs;
    used++;
  }
  if (recorded <= 0 || estimated <= 0) return 0;
  for (size_t i = 0; i < plan->trials; i++) plan->trial[i].epoch_seconds *= recorded / estimated;
  return used;
}
