#include "experiments/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cores.h"
#include "base/memory.h"

/* --- what is recorded --- */

const struct record *plan_record(const struct plan *plan, const struct record_list *records,
                                 size_t trial) {
  const char *key = plan->data->list.trial[trial].key;
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

static const struct train_spec *train_of(const struct plan *plan, size_t trial) {
  const struct trial_list *list = &plan->data->list;
  return &list->architecture[list->trial[trial].architecture].config.train;
}

/* The validation MSE of the weights that a training to `epochs` leaves: of its
 * last epoch; of its best one with early stopping, which restores that. A
 * training that failed later is compared as it was before it did: else a
 * failure would change what was decided at the rungs before it. */
static double mse_at(const struct record *record, size_t epochs, bool early_stopping) {
  const bool failed = record->status == TRIAL_FAILED && record->epochs < epochs;
  if (failed || record->epochs == 0) return INFINITY;
  size_t last = epochs < record->epochs ? epochs : record->epochs;
  double mse = record->curve[last - 1].validation_mse;
  for (size_t e = 0; early_stopping && e < last; e++) {
    if (record->curve[e].validation_mse < mse) mse = record->curve[e].validation_mse;
  }
  return mse;
}

void plan_add_record(struct plan *plan, size_t index, const struct record *record) {
  struct planned_trial *trial = &plan->trial[index];
  switch (record->status) {
    case TRIAL_DONE:
      trial->state = PLANNED_DONE;
      break;
    case TRIAL_STOPPED:
      trial->state = PLANNED_STOPPED;
      break;
    case TRIAL_FAILED:
      trial->state = PLANNED_FAILED;
      break;
  }
  trial->epochs = record->epochs;
  trial->best_epoch = record->best_epoch;
  trial->validation_mse = record->validation_mse;
  bool early_stopping = train_of(plan, index)->early_stopping.on;
  for (size_t r = 0; r < plan->halving.rungs; r++) {
    plan->at_rung[index * plan->halving.rungs + r] =
        mse_at(record, plan->halving.epochs[r], early_stopping);
  }
}

void plan_add_records(struct plan *plan, const struct record_list *records) {
  for (size_t i = 0; i < plan->trials; i++) {
    const struct record *record = plan_record(plan, records, i);
    if (record != NULL) plan_add_record(plan, i, record);
  }
}

void plan_trial_ended(struct plan *plan, size_t trial, const struct record *record) {
  plan_add_record(plan, trial, record);
  plan->trial[trial].trained = true;
}

/* --- stages --- */

static bool is_in(const struct plan *plan, size_t trial) {
  return trial >= plan->first && plan->in[plan->data->list.trial[trial].architecture];
}

/* How many epochs of a trial the stage asks for. */
static uint32_t epochs_at(const struct plan *plan, size_t stage, size_t trial) {
  uint32_t all = train_of(plan, trial)->epochs;
  if (stage == plan->halving.rungs) return all;
  return plan->halving.epochs[stage] < all ? plan->halving.epochs[stage] : all;
}

static bool is_needed(const struct plan *plan, size_t index) {
  const struct planned_trial *trial = &plan->trial[index];
  if (!is_in(plan, index) || plan->elsewhere[index]) return false;
  switch (trial->state) {
    case PLANNED_DONE:
      return false;
    case PLANNED_STOPPED:
      return trial->epochs < epochs_at(plan, plan->stage, index);
    case PLANNED_FAILED:
      /* Training is deterministic: it would fail again at each rung. */
      return plan->retry_failed && !trial->trained;
    case PLANNED_NEW:
      break;
  }
  return true;
}

struct queued {
  size_t trial;
  double seconds;
};

static int longest_first(const void *a, const void *b) {
  const struct queued *one = a, *other = b;
  if (one->seconds != other->seconds) return one->seconds > other->seconds ? -1 : 1;
  return one->trial < other->trial ? -1 : 1;
}

/* The longest first, so that no worker is left alone with one at the end. */
static bool fill_pending(struct plan *plan, struct error *error) {
  struct queued *queue = memory_array(plan->trials, sizeof *queue, error);
  if (queue == NULL) return false;
  plan->pending_count = 0;
  for (size_t i = 0; i < plan->trials; i++) {
    if (!is_needed(plan, i)) continue;
    queue[plan->pending_count++] =
        (struct queued){.trial = i, .seconds = plan_trial_seconds(plan, i)};
  }
  qsort(queue, plan->pending_count, sizeof *queue, longest_first);
  for (size_t i = 0; i < plan->pending_count; i++) plan->pending[i] = queue[i].trial;
  free(queue);
  return true;
}

/* A single architecture has nothing to be compared with. */
static bool enter(struct plan *plan, size_t stage, struct error *error) {
  bool alone = plan_architectures_in(plan) <= 1;
  plan->stage = alone ? plan->halving.rungs : stage;
  return fill_pending(plan, error);
}

bool plan_begin(struct plan *plan, struct error *error) {
  if (plan->listed) return fill_pending(plan, error);
  for (size_t a = 0; a < plan->data->list.architectures; a++) plan->in[a] = !plan->left_out[a];
  return enter(plan, 0, error);
}

/* Means over seeds and folds at the present rung; [architectures]. */
static double *rung_means(const struct plan *plan, struct error *error) {
  const struct trial_list *list = &plan->data->list;
  double *mean = memory_array(list->architectures, sizeof *mean, error);
  if (mean == NULL) return NULL;
  for (size_t i = 0; i < plan->trials; i++) {
    mean[list->trial[i].architecture] += plan->at_rung[i * plan->halving.rungs + plan->stage];
  }
  double each = (double)plan->trials / (double)list->architectures;
  for (size_t a = 0; a < list->architectures; a++) mean[a] /= each;
  return mean;
}

bool plan_next(struct plan *plan, bool *more, struct error *error) {
  *more = !plan->listed && plan->stage < plan->halving.rungs;
  if (!*more) return true;
  double *mean = rung_means(plan, error);
  bool chosen = mean != NULL && halving_choose(mean, plan->data->list.architectures,
                                               plan->halving.eta, plan->in, error);
  free(mean);
  return chosen && enter(plan, plan->stage + 1, error);
}

bool plan_find_stage(struct plan *plan, struct error *error) {
  if (!plan_begin(plan, error)) return false;
  for (bool more = true; more && plan->pending_count == 0;) {
    if (!plan_next(plan, &more, error)) return false;
  }
  return true;
}

/* --- what can be asked --- */

uint32_t plan_epochs(const struct plan *plan) {
  return plan->stage < plan->halving.rungs ? plan->halving.epochs[plan->stage] : 0;
}

uint32_t plan_trial_epochs(const struct plan *plan, size_t trial) {
  return epochs_at(plan, plan->stage, trial);
}

size_t plan_architectures_in(const struct plan *plan) {
  size_t count = 0;
  for (size_t a = 0; a < plan->data->list.architectures; a++) count += plan->in[a];
  return count;
}

/* Each architecture has the same seeds and folds. */
static size_t trials_each(const struct plan *plan) {
  return plan->trials / plan->data->list.architectures;
}

size_t plan_trials_in(const struct plan *plan) {
  size_t count = 0;
  for (size_t i = 0; i < plan->trials; i++) count += is_in(plan, i) && !plan->elsewhere[i];
  return count;
}

size_t plan_trainings(const struct plan *plan) {
  if (plan->listed) return plan_trials_in(plan);
  if (plan->halving.rungs == 0) {
    return plan_trials_own(plan) + plan->rounds.left * trials_each(plan);
  }
  size_t in = plan->data->list.architectures - plan->architectures_left_out, trainings = 0;
  for (size_t stage = 0; stage < plan->halving.rungs && in > 1; stage++) {
    trainings += in;
    in = halving_keep(in, plan->halving.eta);
  }
  return (trainings + in) * trials_each(plan);
}

size_t plan_trials_wanted(const struct plan *plan) {
  const size_t each = plan->trials / plan->data->list.architectures;
  return plan->trials - plan->architectures_left_out * each;
}

bool plan_is_own(const struct plan *plan, size_t trial) {
  return !plan->left_out[plan->data->list.trial[trial].architecture] && !plan->elsewhere[trial];
}

size_t plan_trials_own(const struct plan *plan) {
  size_t count = 0;
  for (size_t i = 0; i < plan->trials; i++) count += plan_is_own(plan, i);
  return count;
}

void plan_share(struct plan *plan, size_t jobs, size_t threads) {
  plan->share = core_share_of(cores_usable(), plan_trials_wanted(plan), jobs, threads);
}

bool plan_may_train(const struct plan *plan, size_t trial) {
  const enum planned_state state = plan->trial[trial].state;
  if (!plan_is_own(plan, trial)) return false;
  return state == PLANNED_FAILED ? plan->retry_failed : state != PLANNED_DONE;
}

size_t plan_count(const struct plan *plan, enum planned_state state) {
  size_t count = 0;
  for (size_t i = 0; i < plan->trials; i++) {
    count += plan_is_own(plan, i) && plan->trial[i].state == state;
  }
  return count;
}

double plan_trial_share(const struct plan *plan, size_t trial) {
  const struct planned_trial *planned = &plan->trial[trial];
  const size_t epochs = epochs_at(plan, plan->stage, trial);
  const bool goes_on = plan->goes_on && planned->state == PLANNED_STOPPED;
  return goes_on && planned->epochs < epochs ? (double)(epochs - planned->epochs) / (double)epochs
                                             : 1.0;
}

double plan_trial_seconds(const struct plan *plan, size_t trial) {
  return plan->trial[trial].epoch_seconds * (double)epochs_at(plan, plan->stage, trial) *
         plan_trial_share(plan, trial);
}

/* What the trials that are in would take at a stage, coming from another. */
static double stage_seconds(const struct plan *plan, size_t stage, size_t from) {
  double seconds = 0;
  for (size_t i = 0; i < plan->trials; i++) {
    if (!is_in(plan, i)) continue;
    const uint32_t before = plan->goes_on ? epochs_at(plan, from, i) : 0;
    seconds += plan->trial[i].epoch_seconds * (double)(epochs_at(plan, stage, i) - before);
  }
  return seconds;
}

/* Later rounds cost what this one does on average. */
static double later_rounds_seconds(const struct plan *plan) {
  const size_t in = plan_trials_in(plan);
  double seconds = 0;
  for (size_t i = 0; i < plan->trials; i++)
    seconds += is_in(plan, i) ? plan_trial_seconds(plan, i) : 0;
  return in == 0 ? 0 : seconds / (double)in * (double)(plan->rounds.left * trials_each(plan));
}

/* Those that go on cost what those that are in do on average. */
double plan_later_seconds(const struct plan *plan) {
  if (plan->listed) return 0;
  const size_t in = plan_architectures_in(plan);
  double seconds = later_rounds_seconds(plan);
  size_t left = in, from = plan->stage;
  for (size_t stage = plan->stage + 1; stage <= plan->halving.rungs; stage++) {
    left = halving_keep(left, plan->halving.eta);
    if (left <= 1) stage = plan->halving.rungs;
    seconds += stage_seconds(plan, stage, from) * (double)left / (double)in;
    from = stage;
  }
  return seconds;
}
