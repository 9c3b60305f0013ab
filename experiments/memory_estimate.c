#include "experiments/memory_estimate.h"

#include <stdio.h>
#include <string.h>

/* Measured on Debian 12 and 13, x86-64 and AArch64: docs/experiments.md. */
static const uint64_t PROGRAM = 3 << 20, THREAD = 1536 << 10;

/* --- what is shared --- */

static uint64_t features_bytes(const struct features *features) {
  uint64_t bytes = 0;
  for (size_t i = 0; i < features->number_lists; i++) {
    bytes += dataset_places(features->dataset, features->number_list[i].table) * sizeof(double);
  }
  for (size_t i = 0; i < features->code_lists; i++) {
    const struct code_list *list = &features->code_list[i];
    bytes += dataset_places(features->dataset, list->table) * list->slots * sizeof *list->rows +
             list->codes * sizeof *list->combination;
  }
  return bytes;
}

static uint64_t trials_bytes(const struct trial_list *list) {
  return list->architectures * sizeof *list->architecture +
         list->trials * (sizeof *list->trial + sizeof(struct planned_trial));
}

uint64_t memory_estimate_shared(const struct run_data *data) {
  uint64_t bytes = PROGRAM + dataset_bytes(&data->dataset) + features_bytes(&data->features) +
                   trials_bytes(&data->list);
  for (size_t i = 0; i < data->folds.count; i++) {
    bytes += data->folds.fold[i].count * sizeof *data->folds.fold[i].rows;
  }
  return bytes;
}

/* --- trials --- */

static uint64_t own_bytes(const struct plan *plan, size_t trial) {
  return plan->share.threads * THREAD + plan->trial[trial].size.memory;
}

uint64_t memory_estimate_trial(const struct plan *plan, size_t trial) {
  return memory_estimate_shared(plan->data) + own_bytes(plan, trial);
}

struct memory_estimate memory_estimate_of(const struct plan *plan, size_t jobs) {
  struct memory_estimate estimate = {.shared = memory_estimate_shared(plan->data)};
  for (size_t i = 0; i < plan->trials; i++) {
    if (!plan_may_train(plan, i)) continue;
    const size_t architecture = plan->data->list.trial[i].architecture;
    estimate.trials++;
    if (own_bytes(plan, i) <= estimate.own) continue;
    estimate.own = own_bytes(plan, i);
    estimate.label = plan->data->list.architecture[architecture].label;
  }
  estimate.jobs = jobs < estimate.trials ? jobs : estimate.trials;
  return estimate;
}

uint64_t memory_estimate_needed(const struct memory_estimate *estimate) {
  return estimate->shared + estimate->jobs * estimate->own;
}

/* --- in words --- */

enum { AMOUNT = 32 };

static const char *amount(uint64_t bytes, char text[AMOUNT]) {
  const double mib = (double)bytes / (1 << 20);
  if (mib < 10000) {
    (void)snprintf(text, AMOUNT, "%.0f MiB", mib);
  } else {
    (void)snprintf(text, AMOUNT, "%.1f GiB", mib / 1024);
  }
  return text;
}

void memory_estimate_say(const struct memory_estimate *estimate, const struct memory_limit *limit,
                         struct text *text) {
  char one[AMOUNT], all[AMOUNT], there[AMOUNT];
  text_add(text, "about %s for the largest trial", amount(estimate->shared + estimate->own, one));
  if (estimate->jobs > 1) {
    text_add(text, ", %s for %zu at a time", amount(memory_estimate_needed(estimate), all),
             estimate->jobs);
  }
  if (limit->bytes == UINT64_MAX) return;
  text_add(text, "; %s has %s free", limit->source, amount(limit->bytes, there));
}

/* How many of the largest fit at a time. */
static size_t jobs_that_fit(const struct memory_estimate *estimate,
                            const struct memory_limit *limit) {
  return limit->bytes > estimate->shared
             ? (size_t)((limit->bytes - estimate->shared) / estimate->own)
             : 0;
}

bool memory_estimate_check(const struct memory_estimate *estimate, const struct memory_limit *limit,
                           struct error *error) {
  if (estimate->trials == 0 || memory_estimate_needed(estimate) <= limit->bytes) return true;
  struct text said = {0};
  memory_estimate_say(estimate, limit, &said);
  error_set(error, ERROR_CONFIG, "not enough memory: %s", said.failed ? "" : said.text);
  text_clear(&said);
  const size_t fit = jobs_that_fit(estimate, limit);
  if (fit > 0) {
    error_help(error, "--jobs %zu needs less", fit);
  } else {
    error_help(error, "the largest is '%s'; smaller layers, embeddings or batches need less",
               estimate->label);
  }
  return error_help(error,
                    "--allow-swap starts all the same; a trial may then take very long, or "
                    "be killed by the system");
}
