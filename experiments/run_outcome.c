/* In the parent, as trials end: each is recorded before anything else is said of it. */
#include "experiments/run_checkpoints.h"
#include "experiments/run_parts.h"
#include "records/record_store.h"

/* --- in the parent, as trials end --- */

static bool failed_fast(const struct record *record, struct error *error) {
  const char *fold = record->fold[0] != '\0' ? ", fold " : "";
  return error_set(error, ERROR_TRIAL, "%s, seed %llu%s%s failed: %s", record->label,
                   (unsigned long long)record->seed, fold, record->fold, record->error);
}

/* A rung's goes on, and so does one whose worker was killed when it is retried. */
static bool remove_checkpoint(const struct sweep_run *run, const struct trial *trial,
                              const struct trial_outcome *outcome, struct error *error) {
  return !run->plan.goes_on || outcome->stopped || outcome->killed ||
         run_checkpoints_remove(run->folder.path, trial->key, error);
}

bool run_trial_ended(void *context, size_t index, struct trial_outcome *outcome,
                     struct error *error) {
  struct sweep_run *run = context;
  if (!outcome->done && outcome->error.kind == ERROR_INTERRUPTED) {
    *error = outcome->error;
    return false;
  }
  const struct trial *trial = &run->data.list.trial[index];
  struct record record;
  if (!outcome_to_record(&run->frame, &run->data.list.architecture[trial->architecture], trial,
                         outcome, &record, error)) {
    return false;
  }
  bool go_on = record_store(run->folder.path, &record, error) &&
               remove_checkpoint(run, trial, outcome, error);
  if (go_on) {
    run_progress_ended(run, index, &record);
    run_progress_report(run, &record);
    if (run->options->fail_fast && record.status == TRIAL_FAILED) {
      go_on = failed_fast(&record, error);
    }
  }
  record_clear(&record);
  return go_on;
}
