#include "data/data_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"
#include "data/readers/movielens_files.h"
#include "data/split.h"

struct check {
  const char *folder;
  struct dataset dataset;
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
  uint32_t code_of[DATASET_GENRES_MAX];
  struct dataset *dataset = &check->dataset;
  bool genres = file_done(check, movielens_genres(check->folder, dataset, code_of, &check->error));
  bool users = file_done(check, movielens_users(check->folder, dataset, &check->error));
  bool items =
      genres && file_done(check, movielens_items(check->folder, code_of, dataset, &check->error));
  if (dataset->users == 0 || dataset->items == 0) {
    text_add(check->report, "u.data and the folds are not checked: they need u.user and u.item%s\n",
             genres ? "" : " (which needs u.genre)");
    return false;
  }
  bool rows = file_done(check, movielens_ratings(check->folder, dataset, &check->error));
  return users && items && rows;
}

static void add_ratings(const struct dataset *dataset, struct text *report) {
  uint64_t count[6] = {0};
  for (size_t row = 0; row < dataset->ratings; row++) count[(int)dataset->row_rating[row]]++;
  double sum = 0.0, squares = 0.0, n = (double)dataset->ratings;
  for (int r = 1; r <= 5; r++) {
    sum += (double)count[r] * r;
    squares += (double)count[r] * r * r;
  }
  double mean = sum / n;
  text_add(report, "%-14s %.5f\n%-14s %.5f\n", "mean", mean, "variance", squares / n - mean * mean);
  for (int r = 1; r <= 5; r++) {
    text_add(report, "%-14d %llu (%.1f %%)\n", r, (unsigned long long)count[r],
             100.0 * (double)count[r] / n);
  }
}

static void add_users(const struct dataset *dataset, struct text *report) {
  uint32_t youngest = UINT32_MAX, oldest = 0;
  size_t women = 0;
  for (size_t i = 0; i < dataset->users; i++) {
    const struct user *user = &dataset->user[i];
    if (user->age < youngest) youngest = user->age;
    if (user->age > oldest) oldest = user->age;
    women += user->gender == GENDER_F;
  }
  text_add(report, "%-14s %u to %u\n", "ages", youngest, oldest);
  text_add(report, "%-14s F %zu, M %zu\n", "genders", women, dataset->users - women);
  text_add(report, "%-14s %zu:", "occupations", dataset->occupations);
  for (size_t i = 0; i < dataset->occupations; i++) {
    text_add(report, " %s", dataset->occupation_names[i]);
  }
}

static void add_items(const struct dataset *dataset, struct text *report) {
  int32_t first = 0, last = 0;
  size_t undated = 0;
  for (size_t i = 0; i < dataset->items; i++) {
    int32_t year = dataset->item[i].release_year;
    undated += year == 0;
    if (year != 0 && (first == 0 || year < first)) first = year;
    if (year > last) last = year;
  }
  text_add(report, "\n%-14s %zu:", "genres", dataset->genres);
  for (size_t g = 0; g < dataset->genres; g++) text_add(report, " %s", dataset->genre_names[g]);
  if (last != 0) text_add(report, "\n%-14s %d to %d", "release years", first, last);
  text_add(report, "\n%-14s %zu\n", "without date", undated);
}

static void add_summary(const struct dataset *dataset, struct text *report) {
  char digest[DIGEST_TEXT];
  digest_text(dataset->digest, digest);
  const char *origin = "";
  if (dataset->synthetic)
    origin = " (generated ratings)";
  else if (dataset->digest == MOVIELENS_100K_DIGEST)
    origin = " (GroupLens' files, unchanged)";
  else
    origin = " (not GroupLens' ml-100k, but in its format)";
  text_add(report, "%-14s %s%s\n%-14s %s\n", "data", dataset->name, origin, "digest", digest);
  text_add(report, "%-14s %zu\n%-14s %zu\n%-14s %zu\n", "ratings", dataset->ratings, "users",
           dataset->users, "films", dataset->items);
  if (dataset->synthetic) {
    text_add(report, "%-14s %.5f\n", "irreducible", dataset->irreducible_mse);
  }
  add_ratings(dataset, report);
  add_users(dataset, report);
  add_items(dataset, report);
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
  if (check_files(check)) {
    check->dataset.digest = dataset_digest(&check->dataset);
    bool marker =
        file_done(check, movielens_check_counts(check->folder, &check->dataset, &check->error)) &&
        file_done(check,
                  movielens_read_synthetic_mark(check->folder, &check->dataset, &check->error));
    bool sound = check_folds(check, &folds) && marker;
    if (sound) {
      add_summary(&check->dataset, check->report);
      text_add_bytes(check->report, folds.text != NULL ? folds.text : "", folds.length);
    }
  } else if (check->dataset.ratings > 0 && check->dataset.row_time != NULL) {
    (void)check_folds(check, &folds);
  }
  text_clear(&folds);
}

bool data_check(const char *folder, struct text *report, struct error *error) {
  struct check check = {.folder = folder, .report = report};
  *error = (struct error){0};
  if (!movielens_folder(folder, error)) return false;
  check_all(&check);
  dataset_clear(&check.dataset);
  if (report->failed) return error_set(error, ERROR_SYSTEM, "out of memory");
  if (check.faults == 0) return true;
  error_set(error, ERROR_DATA, "%s: %zu fault%s in %zu file%s", folder, check.faults,
            check.faults == 1 ? "" : "s", check.faulty_files, check.faulty_files == 1 ? "" : "s");
  error->faults = check.faults;
  return false;
}
