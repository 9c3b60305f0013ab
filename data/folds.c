/* Folds, made from the order of the rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/column_values.h"
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

static bool fold_of_word(const struct dataset *dataset, const struct column *column,
                         const char *word, struct fold *fold, struct error *error) {
  const struct words *words = column_words(column, dataset);
  const uint32_t code = words_find(words, word, strlen(word));
  if (code == WORDS_NONE) {
    return error_set(error, ERROR_CONFIG, "no rating has '%s' in column '%s', so it is no fold",
                     word, column->name);
  }
  bool *taken = memory_array(dataset->ratings, sizeof *taken, error);
  if (taken == NULL) return false;
  for (size_t row = 0; row < dataset->ratings; row++) {
    taken[row] = column_code(column, dataset, row) == code;
  }
  const bool done = fold_from_flags(dataset, word, taken, fold, error);
  free(taken);
  return done;
}

static bool is_fold_column(const struct column *column) {
  return column->kind == COLUMN_CATEGORY && column->table == TABLE_RATINGS &&
         column->values != NULL && column->values->part == TIME_NONE;
}

const struct column *folds_column(const struct schema *schema, const char *name,
                                  struct error *error) {
  const struct column *column = schema_find(schema, name);
  if (column != NULL && is_fold_column(column)) return column;
  if (column == NULL) {
    error_set(error, ERROR_CONFIG, "data.split.column: there is no column '%s'", name);
    schema_suggest(schema, name, is_fold_column, "Categories of the ratings", error);
    return NULL;
  }
  error_set(error, ERROR_CONFIG, "data.split.column: '%s' is no category of the ratings", name);
  error_help(error, "a column of numbers becomes one with data.columns: {%s: category}", name);
  return NULL;
}

bool folds_from_column(const struct dataset *dataset, const struct split_spec *spec,
                       struct folds *folds, struct error *error) {
  const struct column *column = folds_column(&dataset->schema, spec->column, error);
  *folds = (struct folds){0};
  if (column == NULL) return false;
  bool done = true;
  for (size_t i = 0; done && i < spec->folds; i++) {
    done = fold_of_word(dataset, column, spec->fold[i], &folds->fold[i], error);
    folds->count++;
  }
  if (!done) folds_clear(folds);
  return done;
}

void folds_clear(struct folds *folds) {
  for (size_t i = 0; i < folds->count; i++) free(folds->fold[i].rows);
  *folds = (struct folds){0};
}
