/* A whole MovieLens 100K folder. */
#include "data/readers/movielens.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/installed.h"
#include "base/memory.h"
#include "data/readers/movielens_files.h"
#include "data/readers/movielens_schema.h"
#include "data/readers/movielens_variants.h"
#include "data/readers/synthetic_mark.h"
#include "data/readers/tables_reader.h"

enum { FILES = 3 };
static const char *const needed[FILES] = {"u.user", "u.item", "u.data"};

/* What the script calls the set that a folder is named after: "25m" of data/ml-25m; else
 * "100k". */
static const char *set_named(const char *folder) {
  static const char *const sets[] = {"1m", "10m", "20m", "25m", "32m", "latest-small", "latest"};
  const char *slash = strrchr(folder, '/');
  const char *name = slash != NULL ? slash + 1 : folder;
  for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
    if (strncmp(name, "ml-", 3) == 0 && strcmp(name + 3, sets[i]) == 0) return sets[i];
  }
  return "100k";
}

/* Beside an installed program, or in the checkout. */
static bool how_to_get(const char *folder, struct error *error) {
  char script[INSTALLED_PATH];
  const bool found = installed_find("../share/crosslane/tools/fetch-movielens", script);
  error_help(error, "download MovieLens with: %s %s %s", found ? script : "tools/fetch-movielens",
             set_named(folder), folder);
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

/* Ratings of another variant, without the films that belong to them. */
static bool half_a_variant(const char *folder, struct error *error) {
  if (has_file(folder, "ratings.dat")) {
    return !error_help(error, "it has ratings.dat, but no movies.dat");
  }
  if (has_file(folder, "ratings.csv")) {
    error_help(error, "it has ratings.csv, but no movies.csv");
    return !error_help(error,
                       "your own ratings are read with data.source: csv; 'crosslane init "
                       "--data PATH' writes an experiment file for them");
  }
  return false;
}

/* A folder that is there, without files of MovieLens. */
static bool wrong_folder(const char *folder, const char *missing, struct error *error) {
  if (has_file(folder, "u.data")) {
    error_set(error, ERROR_DATA, "%s: no MovieLens 100K folder: it has no %s", folder, missing);
    return how_to_get("ml-100k", error);
  }
  error_set(error, ERROR_DATA,
            "%s: no folder of MovieLens: it has no u.data, and no ratings.dat or ratings.csv with "
            "movies",
            folder);
  if (has_file(folder, "ml-100k/u.data")) {
    return error_help(error, "did you mean %s/ml-100k?", folder);
  }
  return half_a_variant(folder, error) ? false : how_to_get("ml-100k", error);
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

static bool read_files(const char *folder, struct dataset_builder *builder, struct error *error) {
  struct movielens_genres genres;
  return movielens_folder(folder, error) && movielens_add_columns(builder, error) &&
         movielens_genres(folder, &genres, error) && movielens_users(folder, builder, error) &&
         movielens_items(folder, &genres, builder, error) &&
         movielens_ratings(folder, builder, error);
}

static bool read_variant(enum movielens_variant variant, const char *folder,
                         struct dataset *dataset, struct error *error) {
  struct source_spec *spec = memory_array(1, sizeof *spec, error);
  if (spec == NULL) return false;
  movielens_describe(variant, spec);
  const bool done = tables_read(spec, TABLES_FILES, folder, dataset, error) &&
                    synthetic_mark_read(folder, dataset, error);
  free(spec);
  if (done && !dataset->synthetic) {
    const char *name = movielens_name(variant, dataset->ratings);
    memcpy(dataset->name, name, strlen(name) + 1);
  }
  if (!done) dataset_clear(dataset);
  return done;
}

bool movielens_has_folds(const char *folder) {
  return movielens_recognise(folder) == MOVIELENS_100K;
}

bool movielens_read(const char *folder, struct dataset *dataset, struct error *error) {
  struct dataset_builder builder = {0};
  *dataset = (struct dataset){0};
  *error = (struct error){0};
  const enum movielens_variant variant = movielens_recognise(folder);
  if (variant > MOVIELENS_100K) return read_variant(variant, folder, dataset, error);
  bool done = read_files(folder, &builder, error) && movielens_finish(&builder, dataset, error) &&
              movielens_check_counts(folder, dataset, error) &&
              movielens_origin(folder, dataset, error);
  dataset_builder_clear(&builder);
  if (!done) dataset_clear(dataset);
  return done;
}
