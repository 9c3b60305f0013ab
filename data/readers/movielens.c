/* A whole MovieLens 100K folder. */
#include "data/readers/movielens.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/file.h"
#include "data/readers/movielens_files.h"

static bool how_to_get(const char *folder, struct error *error) {
  error_help(error, "download MovieLens 100K with: tools/fetch-movielens 100k %s", folder);
  error_help(error, "or name the folder that has it: --data DIR, or CROSSLANE_DATA=DIR");
  return error_help(error, "or use generated ratings: --set data.source=synthetic");
}

bool movielens_folder(const char *folder, struct error *error) {
  static const char *const files[] = {"u.user", "u.item", "u.data"};
  if (!file_is_folder(folder)) {
    error_set(error, ERROR_DATA, "%s: no such folder", folder);
    return how_to_get(folder, error);
  }
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    char *path = file_join(folder, files[i], error);
    if (path == NULL) return false;
    bool there = file_exists(path);
    if (!there) error_set(error, ERROR_DATA, "%s: no such file", path);
    free(path);
    if (!there) return how_to_get(folder, error);
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
