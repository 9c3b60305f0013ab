#include "experiments/run_models.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "serving/saved_model.h"

enum { NAME = DIGEST_TEXT + 32 };

#define NO_BEST SIZE_MAX

char *run_models_file(const char *run, const char *key, struct error *error) {
  char name[NAME];
  (void)snprintf(name, sizeof name, "models/%s.safetensors", key);
  return file_join(run, name, error);
}

char *run_models_path(const char *run, const char *key, struct error *error) {
  char *folder = file_join(run, "models", error);
  const bool there = folder != NULL && (file_is_folder(folder) || file_make_folders(folder, error));
  free(folder);
  return there ? run_models_file(run, key, error) : NULL;
}

/* The last stage is over: plan_best's is the best of all. */
static size_t best_architecture(const struct plan *plan) {
  size_t best;
  double mse;
  return plan_best(plan, &best, &mse) ? best : NO_BEST;
}

/* Whether the file is the model of that trial, as it was written. */
static bool is_sound(const char *path, const char *key, bool *sound, struct text *damaged,
                     struct error *error) {
  struct error fault = {0};
  struct saved_model *saved = memory_array(1, sizeof *saved, error);
  if (saved == NULL) return false;
  *sound = saved_model_open(saved, path, &fault);
  if (*sound && strcmp(saved->key, key) != 0) {
    *sound = error_set(&fault, ERROR_DATA, "%s: the model of trial %s", path, saved->key);
  }
  saved_model_close(saved);
  free(saved);
  if (*sound) return true;
  if (fault.kind != ERROR_DATA) {
    *error = fault;
    return false;
  }
  text_add(damaged, "%s; the trial is trained again\n", fault.message);
  return true;
}

bool run_models_missing(struct plan *plan, const char *run, enum model_saving saving,
                        struct text *damaged, struct error *error) {
  const size_t best = best_architecture(plan);
  plan->pending_count = 0;
  for (size_t i = 0; i < plan->trials; i++) {
    const struct trial *trial = &plan->data->list.trial[i];
    if (!plan_is_own(plan, i) || plan->trial[i].state != PLANNED_DONE) continue;
    if (saving == SAVE_BEST && trial->architecture != best) continue;
    char *path = run_models_path(run, trial->key, error);
    if (path == NULL) return false;
    bool sound = false;
    const bool known = !file_exists(path) || is_sound(path, trial->key, &sound, damaged, error);
    free(path);
    if (!known) return false;
    if (!sound) plan->pending[plan->pending_count++] = i;
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
