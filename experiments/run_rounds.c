/* Rounds: the one of all trials, or with method: bayes one after the other. */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "experiments/run_checkpoints.h"
#include "experiments/run_parts.h"

static bool data_is_given(const struct run_options *options) {
  return options->data != NULL && options->config->base.data.source != SOURCE_SYNTHETIC;
}

static bool keep_architectures(const struct sweep_run *run, struct error *error) {
  return run_folder_keep_architectures(&run->folder, run->options->config, &run->data.list,
                                       run->plan.left_out, data_is_given(run->options), error);
}

/* A record that is damaged has been said to be, and counts as not there. */
static bool add_recorded(struct sweep_run *run, size_t index, struct error *error) {
  char name[DIGEST_TEXT + 16];
  struct record record;
  struct error ignored = {0};
  (void)snprintf(name, sizeof name, "trials/%s.json", run->data.list.trial[index].key);
  char *path = file_join(run->folder.path, name, error);
  if (path == NULL) return false;
  if (file_exists(path) && record_read(path, &record, &ignored)) {
    plan_add_record(&run->plan, index, &record);
    record_clear(&record);
  }
  free(path);
  return true;
}

static bool next_round(struct sweep_run *run, bool *more, struct error *error) {
  struct plan *plan = &run->plan;
  if (!plan_next_round(plan, &run->data, run->options->config, more, error)) return false;
  if (!*more) return true;
  for (size_t i = plan->first; i < plan->trials; i++) {
    const bool added =
        run->options->rerun
            ? run_checkpoints_remove(run->folder.path, run->data.list.trial[i].key, error)
            : add_recorded(run, i, error);
    if (!added) return false;
  }
  return run_check_memory(run, error) && plan_begin(plan, error);
}

/* A round that is recorded whole is passed in silence, unless it is the last. */
static bool train_round(struct sweep_run *run, bool *kept, struct error *error) {
  *kept = run->plan.pending_count > 0 || run->plan.rounds.left == 0;
  return (!*kept || keep_architectures(run, error)) && run_stages(run, *kept, error);
}

bool run_rounds(struct sweep_run *run, struct error *error) {
  bool kept = false;
  run_progress_start(run);
  if (!record_frame_init(&run->frame, &run->data.dataset, run->options->kernels->isa, 0,
                         run->plan.share.threads, error) ||
      !plan_begin(&run->plan, error)) {
    return false;
  }
  for (bool more = true; more;) {
    if (!train_round(run, &kept, error) || !next_round(run, &more, error)) return false;
  }
  return (kept || keep_architectures(run, error)) && run_complete_models(run, error) &&
         run_checkpoints_prune(&run->plan, run->folder.path, false, error);
}
