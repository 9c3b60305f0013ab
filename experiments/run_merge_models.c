#include "experiments/run_merge_models.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "experiments/run_models.h"

#define ALL SIZE_MAX

/* Of the trials of an architecture; NaN: one failed or was stopped. */
static double mean_validation(const struct record_union *all,
                              const struct architecture_entry *entry, bool *recorded) {
  double sum = 0;
  for (size_t i = 0; i < entry->keys; i++) {
    const struct record_fact *fact = record_union_find(all, entry->key[i]);
    *recorded = *recorded && fact != NULL;
    sum += fact != NULL && fact->status == TRIAL_DONE ? fact->validation_mse : (double)NAN;
  }
  return sum / (double)entry->keys;
}

/* The architecture whose models alone are kept; ALL: those of all. */
static size_t find_best(const struct record_union *all, const struct architecture_list *list) {
  size_t best = ALL;
  double lowest = INFINITY;
  bool recorded = true;
  if (list->save == NULL || strcmp(list->save, "best") != 0) return ALL;
  for (size_t a = 0; a < list->count; a++) {
    const double mean = mean_validation(all, &list->architecture[a], &recorded);
    if (!(mean < lowest)) continue;
    lowest = mean;
    best = a;
  }
  return recorded ? best : ALL;
}

static bool is_of(const struct architecture_entry *entry, const char *key) {
  for (size_t i = 0; i < entry->keys; i++) {
    if (strcmp(entry->key[i], key) == 0) return true;
  }
  return false;
}

/* A folder that is added to may have kept it while it was not known which is the best. */
static bool remove_model(const char *to, const char *key, struct error *error) {
  char *path = run_models_file(to, key, error);
  if (path == NULL) return false;
  const bool gone = unlink(path) == 0 || errno == ENOENT;
  if (!gone) error_system(error, errno, "%s", path);
  free(path);
  return gone;
}

/* Whether the key is of an architecture of the list that is not the best. */
static bool is_beaten(const struct architecture_list *list, size_t best, const char *key) {
  if (best == ALL || is_of(&list->architecture[best], key)) return false;
  for (size_t a = 0; a < list->count; a++) {
    if (is_of(&list->architecture[a], key)) return true;
  }
  return false;
}

/* *copied stays false where that folder has none. It may be there already: `run` is `to`. */
static bool copy_from(const char *run, const char *key, const char *to, bool *copied,
                      struct error *error) {
  char *from = run_models_file(run, key, error), *path = NULL;
  bool done = from != NULL;
  if (done && file_exists(from) && strcmp(run, to) == 0) {
    *copied = true;
  } else if (done && file_exists(from)) {
    path = run_models_path(to, key, error);
    done = path != NULL && file_copy_atomic(from, path, FILE_MOST_DATA, error);
    *copied = done;
  }
  free(path);
  free(from);
  return done;
}

bool run_merge_models(const struct record_union *all, const struct architecture_list *list,
                      const char *to, size_t *models, struct error *error) {
  const size_t best = find_best(all, list);
  *models = 0;
  for (size_t i = 0; i < all->count; i++) {
    const struct record_fact *fact = &all->fact[i];
    if (!fact->chosen || fact->status != TRIAL_DONE) continue;
    if (is_beaten(list, best, fact->key)) {
      if (!remove_model(to, fact->key, error)) return false;
      continue;
    }
    bool copied = false;
    /* Equal ones come next. */
    for (size_t e = i; !copied && e < all->count && strcmp(all->fact[e].key, fact->key) == 0; e++) {
      if (all->fact[e].status != TRIAL_DONE) break;
      if (!copy_from(all->run[all->fact[e].run], fact->key, to, &copied, error)) return false;
    }
    *models += copied;
  }
  return true;
}
