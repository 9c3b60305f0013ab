#include "experiments/run_models.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"

enum { NAME = DIGEST_TEXT + 16 };

#define NO_BEST SIZE_MAX

char *run_models_path(const char *run, const char *key, struct error *error) {
  char name[NAME];
  (void)snprintf(name, sizeof name, "%s.safetensors", key);
  char *folder = file_join(run, "models", error);
  const bool there = folder != NULL && (file_is_folder(folder) || file_make_folders(folder, error));
  char *path = there ? file_join(folder, name, error) : NULL;
  free(folder);
  return path;
}

/* The last stage is over: plan_best's is the best of all. */
static size_t best_architecture(const struct plan *plan) {
  size_t best;
  double mse;
  return plan_best(plan, &best, &mse) ? best : NO_BEST;
}

bool run_models_missing(struct plan *plan, const char *run, enum model_saving saving,
                        struct error *error) {
  const size_t best = best_architecture(plan);
  plan->pending_count = 0;
  for (size_t i = 0; i < plan->trials; i++) {
    const struct trial *trial = &plan->data->list.trial[i];
    if (plan->left_out[trial->architecture] || plan->trial[i].state != PLANNED_DONE) continue;
    if (saving == SAVE_BEST && trial->architecture != best) continue;
    char *path = run_models_path(run, trial->key, error);
    if (path == NULL) return false;
    if (!file_exists(path)) plan->pending[plan->pending_count++] = i;
    free(path);
  }
  return true;
}

bool run_models_prune(const struct plan *plan, const char *run, struct error *error) {
  const size_t best = best_architecture(plan);
  for (size_t i = 0; i < plan->trials; i++) {
    const struct trial *trial = &plan->data->list.trial[i];
    if (trial->architecture == best) continue;
    char *path = run_models_path(run, trial->key, error);
    if (path == NULL) return false;
    (void)unlink(path);
    free(path);
  }
  return true;
}
