/* Folds, made from the order of the rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/split.h"

enum { FIFTHS = 5, GIVEN_TO_EACH_USER = 10 };

const char *const fold_names[7] = {"u1", "u2", "u3", "u4", "u5", "ua", "ub"};

bool fold_from_flags(const struct dataset *dataset, const char *name, const bool *taken,
                     struct fold *fold, struct error *error) {
  *fold = (struct fold){0};
  for (size_t row = 0; row < dataset->ratings; row++) fold->count += taken[row];
  fold->rows = memory_array(fold->count, sizeof *fold->rows, error);
  if (fold->rows == NULL) return false;
  (void)snprintf(fold->name, sizeof fold->name, "%s", name);
  size_t at = 0;
  for (size_t row = 0; row < dataset->ratings; row++) {
    if (taken[row]) fold->rows[at++] = (uint32_t)row;
  }
  return true;
}

/* As allbut.pl does: a user's ratings number first + 1 to first + 10. */
static bool take_some_of_each_user(const struct dataset *dataset, uint32_t first, bool *taken,
                                   struct error *error) {
  uint32_t *met = memory_array(dataset->users, sizeof *met, error);
  if (met == NULL) return false;
  for (size_t row = 0; row < dataset->ratings; row++) {
    uint32_t number = met[dataset->row_user[row]]++;
    taken[row] = number >= first && number < first + GIVEN_TO_EACH_USER;
  }
  free(met);
  return true;
}

bool fold_name_known(const char *name, struct error *error) {
  for (size_t i = 0; i < sizeof fold_names / sizeof *fold_names; i++) {
    if (strcmp(name, fold_names[i]) == 0) return true;
  }
  return error_set(error, ERROR_CONFIG, "there is no fold '%s': u1 to u5, ua and ub are known",
                   name);
}

bool fold_make(const struct dataset *dataset, const char *name, struct fold *fold,
               struct error *error) {
  *fold = (struct fold){0};
  if (!fold_name_known(name, error)) return false;
  bool *taken = memory_array(dataset->ratings, sizeof *taken, error);
  if (taken == NULL) return false;
  bool done = true;
  if (name[1] >= 'a') {
    done = take_some_of_each_user(dataset, name[1] == 'a' ? 0 : GIVEN_TO_EACH_USER, taken, error);
  } else {
    size_t fifth = (size_t)(name[1] - '1');
    size_t end = dataset->ratings * (fifth + 1) / FIFTHS;
    for (size_t row = dataset->ratings * fifth / FIFTHS; row < end; row++) taken[row] = true;
  }
  done = done && fold_from_flags(dataset, name, taken, fold, error);
  free(taken);
  return done;
}

void folds_clear(struct folds *folds) {
  for (size_t i = 0; i < folds->count; i++) free(folds->fold[i].rows);
  *folds = (struct folds){0};
}
