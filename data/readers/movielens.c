/* A whole MovieLens 100K folder. */
#include "data/readers/movielens.h"

#include <stdlib.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/installed.h"
#include "data/readers/movielens_files.h"

enum { FILES = 3 };
static const char *const needed[FILES] = {"u.user", "u.item", "u.data"};

/* Beside an installed program, or in the checkout. */
static bool how_to_get(const char *folder, struct error *error) {
  char script[INSTALLED_PATH];
  const bool found = installed_find("../share/crosslane/tools/fetch-movielens", script);
  error_help(error, "download MovieLens 100K with: %s 100k %s",
             found ? script : "tools/fetch-movielens", folder);
  error_help(error, "or name the folder that has it: --data DIR, or CROSSLANE_DATA=DIR");
  return error_help(
      error, "or train on generated ratings: crosslane sweep CONFIG --set data.source=synthetic");
}

static bool has_file(const char *folder, const char *name) {
  struct error error = {0};
  char *path = file_join(folder, name, &error);
  const bool there = path != NULL && file_exists(path);
  free(path);
  return there;
}

/* A folder that is there, without the files of MovieLens 100K. */
static bool wrong_folder(const char *folder, const char *missing, struct error *error) {
  error_set(error, ERROR_DATA, "%s: no MovieLens 100K folder: it has no %s", folder, missing);
  if (has_file(folder, "ml-100k/u.data")) {
    return error_help(error, "did you mean %s/ml-100k?", folder);
  }
  if (has_file(folder, "ratings.dat")) {
    return error_help(error, "it looks like MovieLens 1M or 10M (ratings.dat), which is not read");
  }
  if (has_file(folder, "ratings.csv")) {
    return error_help(error,
                      "it looks like a newer MovieLens (ratings.csv: latest, 20M, 25M, 32M), "
                      "which is not read");
  }
  return how_to_get("ml-100k", error);
}

bool movielens_folder(const char *folder, struct error *error) {
  if (folder[0] == '\0') {
    error_set(error, ERROR_DATA, "no data folder is named");
    error_help(error,
               "name one in the experiment file (data.path), by --data DIR or by "
               "CROSSLANE_DATA=DIR");
    return error_help(
        error, "or train on generated ratings: crosslane sweep CONFIG --set data.source=synthetic");
  }
  if (!file_is_folder(folder)) {
    if (file_exists(folder)) {
      return error_set(error, ERROR_DATA, "%s: a file, not the folder of a data set", folder);
    }
    error_set(error, ERROR_DATA, "%s: no such folder", folder);
    return how_to_get(folder, error);
  }
  for (size_t i = 0; i < FILES; i++) {
    if (!has_file(folder, needed[i])) return wrong_folder(folder, needed[i], error);
  }
  return true;
}

static bool read_files(const char *folder, struct dataset *dataset, struct error *error) {
  uint32_t code_of[DATASET_GENRES_MAX];
  return movielens_folder(folder, error) && movielens_genres(folder, dataset, code_of, error) &&
         movielens_users(folder, dataset, error) &&
         movielens_items(folder, code_of, dataset, error) &&
         movielens_ratings(folder, dataset, error);
}

bool movielens_read(const char *folder, struct dataset *dataset, struct error *error) {
  *dataset = (struct dataset){0};
  *error = (struct error){0};
  bool done = read_files(folder, dataset, error);
  if (done) {
    dataset->digest = dataset_digest(dataset);
    done = movielens_check_counts(folder, dataset, error) &&
           movielens_read_synthetic_mark(folder, dataset, error);
  }
  if (!done) dataset_clear(dataset);
  return done;
}
