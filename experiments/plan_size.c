/* Sizes, estimates and the constraint: what is known before any training. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiments/plan.h"

static bool size_trial(struct plan *plan, size_t index, struct error *error) {
  struct planned_trial *trial = &plan->trial[index];
  struct split split;
  struct train_request request;
  bool sized = run_data_request(plan->data, index, plan->sizing.kernels, &split, &request, error) &&
               train_size(&request, &trial->size, error);
  if (sized) {
    trial->sized = true;
    trial->training_rows = split.train;
    plan->validated = plan->validated && split.validation > 0;
    trial->work =
        epoch_work_of(&plan->data->dataset, &split, request.model, request.train, &trial->size);
    trial->epoch_seconds = estimate_epoch_seconds(&trial->work, plan->sizing.dense);
  }
  split_clear(&split);
  return sized;
}

/* Those from `from` on, which begins an architecture. Trials are in the order of these. */
static bool size_trials(struct plan *plan, size_t from, struct error *error) {
  const struct trial_list *list = &plan->data->list;
  for (size_t i = from; i < plan->trials; i++) {
    bool first = i == 0 || list->trial[i].architecture != list->trial[i - 1].architecture;
    if (!plan->sizing.every && !first) {
      plan->trial[i] = plan->trial[i - 1];
      plan->trial[i].sized = false;
    } else if (!run_goes_on(plan->sizing.interrupted, error) || !size_trial(plan, i, error)) {
      return false;
    }
    plan->trial[i].state = PLANNED_NEW;
  }
  return true;
}

/* An architecture is as large as the largest of its trials. */
static void leave_out_from(struct plan *plan, size_t from, uint64_t most) {
  for (size_t i = from; most > 0 && i < plan->trials; i++) {
    bool *left_out = &plan->left_out[plan->data->list.trial[i].architecture];
    if (plan->trial[i].size.parameters <= most || *left_out) continue;
    *left_out = true;
    plan->architectures_left_out++;
  }
}

static bool baseline_is_left_out(const struct plan *plan, const struct config *config) {
  const struct trial_list *list = &plan->data->list;
  for (size_t a = 0; config->baseline != NULL && a < list->architectures; a++) {
    if (strcmp(list->architecture[a].label, config->baseline) == 0) return plan->left_out[a];
  }
  return false;
}

static bool leave_out(struct plan *plan, const struct config *config, struct error *error) {
  const unsigned long long most = config->max_parameters;
  leave_out_from(plan, 0, config->max_parameters);
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
  if ((plan->halving.rungs == 0 && plan->rounds.count == 0) || plan->validated) return true;
  error_set(error, ERROR_CONFIG, "%s compares validation rows, and there are none",
            plan->halving.rungs > 0 ? "sweep.early_terminate" : "method: bayes");
  return error_help(error, "set data.split.validation, for example to 0.1");
}

static uint32_t longest_training(const struct run_data *data) {
  uint32_t longest = 0;
  for (size_t a = 0; a < data->list.architectures; a++) {
    const uint32_t epochs = data->list.architecture[a].config.train.epochs;
    if (epochs > longest) longest = epochs;
  }
  return longest;
}

/* `block` to `count` elements, of which those from `old` on are zero. */
static bool grow_block(void *block, size_t old, size_t count, size_t size, struct error *error) {
  void **place = block;
  char *grown = memory_grow(*place, count, size, error);
  if (grown == NULL) return false;
  *place = grown;
  memset(grown + old * size, 0, (count - old) * size);
  return true;
}

/* For the trials and architectures that the data have now. */
static bool grow(struct plan *plan, size_t architectures, struct error *error) {
  const size_t trials = plan->trials, a = plan->data->list.architectures;
  plan->trials = plan->data->list.trials;
  /* at_rung: at most SWEEP_TRIALS_MAX * HALVING_RUNGS_MAX. */
  return grow_block(&plan->trial, trials, plan->trials, sizeof *plan->trial, error) &&
         grow_block(&plan->elsewhere, trials, plan->trials, sizeof *plan->elsewhere, error) &&
         grow_block(&plan->pending, trials, plan->trials, sizeof *plan->pending, error) &&
         grow_block(&plan->left_out, architectures, a, sizeof *plan->left_out, error) &&
         grow_block(&plan->in, architectures, a, sizeof *plan->in, error) &&
         grow_block(&plan->at_rung, trials * plan->halving.rungs,
                    plan->trials * plan->halving.rungs, sizeof *plan->at_rung, error);
}

bool plan_init(struct plan *plan, const struct run_data *data, const struct config *config,
               const struct kernels *kernels, bool every, double dense, bool retry_failed,
               const volatile sig_atomic_t *interrupted, struct error *error) {
  *plan = (struct plan){.data = data,
                        .retry_failed = retry_failed,
                        .goes_on = config->base.train.checkpoint.on,
                        .validated = true,
                        .rounds = sweep_rounds(config->sweep),
                        .sizing = {.kernels = kernels,
                                   .every = every || config->max_parameters > 0,
                                   .dense = dense,
                                   .interrupted = interrupted},
                        .share = {.jobs = 1, .threads = 1}};
  halving_init(&plan->halving, &config->early_terminate, longest_training(data));
  return grow(plan, 0, error) && size_trials(plan, 0, error) && leave_out(plan, config, error) &&
         check_validation(plan, error);
}

bool plan_grow(struct plan *plan, const struct config *config, size_t architectures,
               struct error *error) {
  plan->first = plan->trials;
  plan->rounds = sweep_rounds(config->sweep);
  if (!grow(plan, architectures, error) || !size_trials(plan, plan->first, error)) return false;
  leave_out_from(plan, plan->first, config->max_parameters);
  return check_validation(plan, error);
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
