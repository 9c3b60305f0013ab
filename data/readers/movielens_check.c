#include "data/readers/movielens_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "data/data_summary.h"
#include "data/readers/movielens_files.h"
#include "data/readers/movielens_schema.h"
#include "data/split.h"

struct check {
  const char *folder;
  struct dataset dataset;
  struct dataset_builder builder;
  struct text *report;
  size_t faults, faulty_files;
  struct error error; /* of the file at hand: room for its faults */
};

/* Moves the faults of one file into the report. */
static bool file_done(struct check *check, bool sound) {
  if (!sound) {
    text_add(check->report, "%s\n", check->error.message);
    check->faults += check->error.faults;
    check->faulty_files++;
  }
  check->error = (struct error){0};
  return sound;
}

static bool check_files(struct check *check) {
  struct dataset_builder *builder = &check->builder;
  struct movielens_genres flags;
  struct error *error = &check->error;
  if (!file_done(check, movielens_add_columns(builder, error))) return false;
  bool genres = file_done(check, movielens_genres(check->folder, &flags, error));
  bool users = file_done(check, movielens_users(check->folder, builder, error));
  bool items = genres && file_done(check, movielens_items(check->folder, &flags, builder, error));
  if (builder->ids[SIDE_USER].words.count == 0 || builder->ids[SIDE_ITEM].words.count == 0) {
    text_add(check->report, "u.data and the folds are not checked: they need u.user and u.item%s\n",
             genres ? "" : " (which needs u.genre)");
    return false;
  }
  bool rows = file_done(check, movielens_ratings(check->folder, builder, error));
  if (users && items && rows) return true;
  text_add(check->report, "the folds are not checked: they need the other files to be sound\n");
  return false;
}

static const char *origin_of(const struct dataset *dataset) {
  if (dataset->synthetic) return " (generated ratings)";
  if (dataset->digest == MOVIELENS_100K_DIGEST) return " (GroupLens' files, unchanged)";
  return " (not GroupLens' ml-100k, but in its format)";
}

/* True when the file is missing or sound. */
static bool check_fold_file(struct check *check, const struct key_index *index, const char *name,
                            bool *taken, size_t *count) {
  *count = 0;
  char *path = file_join(check->folder, name, &check->error);
  if (path == NULL) return file_done(check, false);
  bool there = file_exists(path);
  free(path);
  return !there || file_done(check, movielens_fold_file(&check->dataset, index, check->folder, name,
                                                        taken, count, &check->error));
}

/* How the two parts fit: `taken` marks the rows of either. */
static const char *fold_verdict(const struct dataset *dataset, const bool *taken, size_t base,
                                size_t test) {
  size_t either = 0;
  for (size_t row = 0; row < dataset->ratings; row++) either += taken[row];
  if (base == 0) return "no base file; all test rows are rows of u.data";
  if (test == 0) return "no test file; all base rows are rows of u.data";
  if (either < base + test) return NULL;
  return either == dataset->ratings ? "together all rows of u.data" : "only some rows of u.data";
}

static bool check_fold(struct check *check, const struct key_index *index, const char *name,
                       bool *base_taken, bool *test_taken, struct text *summary) {
  char file[32];
  size_t rows = check->dataset.ratings, base, test;
  memset(base_taken, 0, rows);
  memset(test_taken, 0, rows);
  (void)snprintf(file, sizeof file, "%s.base", name);
  bool sound = check_fold_file(check, index, file, base_taken, &base);
  (void)snprintf(file, sizeof file, "%s.test", name);
  sound = check_fold_file(check, index, file, test_taken, &test) && sound;
  if (!sound || base + test == 0) return sound;
  size_t both = 0;
  for (size_t row = 0; row < rows; row++) {
    both += base_taken[row] && test_taken[row];
    base_taken[row] = base_taken[row] || test_taken[row];
  }
  const char *verdict = fold_verdict(&check->dataset, base_taken, base, test);
  if (verdict != NULL) {
    text_add(summary, "fold %-9s %zu base + %zu test: %s\n", name, base, test, verdict);
    return true;
  }
  (void)error_fault(&check->error, ERROR_DATA, check->folder, 0,
                    "%s.base and %s.test share %zu row%s", name, name, both, both == 1 ? "" : "s");
  return file_done(check, false);
}

/* Adds a line for each fold that is there to `summary`. */
static bool check_folds(struct check *check, struct text *summary) {
  struct key_index index = {0};
  size_t rows = check->dataset.ratings;
  bool *base = memory_array(rows, sizeof *base, &check->error);
  bool *test = memory_array(rows, sizeof *test, &check->error);
  bool ready =
      base != NULL && test != NULL && movielens_row_index(&check->dataset, &index, &check->error);
  bool sound = ready || file_done(check, false);
  for (size_t i = 0; ready && i < sizeof fold_names / sizeof *fold_names; i++) {
    sound = check_fold(check, &index, fold_names[i], base, test, summary) && sound;
  }
  key_index_clear(&index);
  free(base);
  free(test);
  return sound;
}

static void check_all(struct check *check) {
  struct text folds = {0};
  bool sound = check_files(check) &&
               file_done(check, movielens_finish(&check->builder, &check->dataset, &check->error));
  if (sound) {
    bool counts =
        file_done(check, movielens_check_counts(check->folder, &check->dataset, &check->error));
    bool marker = file_done(check, movielens_origin(check->folder, &check->dataset, &check->error));
    sound = check_folds(check, &folds) && counts && marker;
  }
  if (sound) {
    data_summary(&check->dataset, origin_of(&check->dataset), check->report);
    text_add_bytes(check->report, folds.text != NULL ? folds.text : "", folds.length);
  }
  text_clear(&folds);
}

bool movielens_check(const char *folder, struct text *report, struct error *error) {
  struct check check = {.folder = folder, .report = report};
  *error = (struct error){0};
  if (!movielens_folder(folder, error)) return false;
  check_all(&check);
  dataset_builder_clear(&check.builder);
  dataset_clear(&check.dataset);
  if (report->failed) return error_set(error, ERROR_SYSTEM, "out of memory");
  if (check.faults == 0) return true;
  error_set(error, ERROR_DATA, "%s: %zu fault%s in %zu file%s", folder, check.faults,
            check.faults == 1 ? "" : "s", check.faulty_files, check.faulty_files == 1 ? "" : "s");
  error->faults = check.faults;
  return false;
}
