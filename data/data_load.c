#include "data/data_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "data/readers/atomic.h"
#include "data/readers/movielens.h"
#include "data/readers/synthetic_mark.h"
#include "data/readers/tables_reader.h"

/* The last part of a path, without its ending. */
static void name_after(struct dataset *dataset, const char *path) {
  size_t length = strlen(path);
  while (length > 1 && path[length - 1] == '/') length--;
  size_t begin = length;
  while (begin > 0 && path[begin - 1] != '/') begin--;
  (void)snprintf(dataset->name, sizeof dataset->name, "%.*s", (int)(length - begin), path + begin);
  char *dot = strrchr(dataset->name, '.');
  if (dot != NULL && dot != dataset->name) *dot = '\0';
  if (dataset->name[0] == '\0' || strcmp(dataset->name, ".") == 0) {
    (void)snprintf(dataset->name, sizeof dataset->name, "data");
  }
}

/* The mark of generated data lies beside the file `path`. */
static bool read_mark(const char *path, struct dataset *dataset, struct error *error) {
  char *folder = file_folder(path, error);
  const bool done = folder != NULL && synthetic_mark_read(folder, dataset, error);
  free(folder);
  return done;
}

/* Of CSV files: the folder may be the current one, the file of the ratings is not. */
static bool load_csv(const struct data_spec *spec, const char *path, struct dataset *dataset,
                     struct error *error) {
  const char *ratings = spec->tables->table[TABLE_RATINGS].path;
  name_after(dataset, ratings);
  char *file = file_join(path, ratings, error);
  const bool done = file != NULL && tables_read(spec->tables, TABLES_FILES, path, dataset, error) &&
                    read_mark(file, dataset, error);
  free(file);
  return done;
}

static bool load_atomic(const struct data_spec *spec, const char *path, struct dataset *dataset,
                        struct error *error) {
  name_after(dataset, path);
  return atomic_read(spec->tables, path, dataset, error) &&
         synthetic_mark_read(path, dataset, error);
}

static bool load_database(const struct data_spec *spec, const char *path, struct dataset *dataset,
                          struct error *error) {
  name_after(dataset, path);
  return tables_read(spec->tables, TABLES_DATABASE, path, dataset, error) &&
         read_mark(path, dataset, error);
}

static bool load(const struct data_spec *spec, const char *path, struct dataset *dataset,
                 struct error *error) {
  switch (spec->source) {
    case SOURCE_SYNTHETIC:
      return synthetic_make(&spec->synthetic, dataset, error);
    case SOURCE_MOVIELENS:
      return movielens_read(path, dataset, error);
    case SOURCE_CSV:
      return load_csv(spec, path, dataset, error);
    case SOURCE_ATOMIC:
      return load_atomic(spec, path, dataset, error);
    case SOURCE_SQLITE:
      return load_database(spec, path, dataset, error);
  }
  return false;
}

/* Columns that the config makes of those of MovieLens; other readers make them. */
static bool derive(const struct data_spec *spec, struct dataset *dataset, struct error *error) {
  const bool fixed = spec->source == SOURCE_MOVIELENS || spec->source == SOURCE_SYNTHETIC;
  if (!fixed || spec->tables == NULL || spec->tables->derived == 0) return true;
  for (size_t i = 0; i < spec->tables->derived; i++) {
    if (!derivation_add(&spec->tables->derivation[i], &dataset->schema, error)) return false;
  }
  dataset->digest = dataset_digest(dataset);
  return true;
}

bool data_load(const struct data_spec *spec, const char *path, struct dataset *dataset,
               struct error *error) {
  *dataset = (struct dataset){0};
  const bool done =
      load(spec, path != NULL ? path : spec->path, dataset, error) && derive(spec, dataset, error);
  if (!done) dataset_clear(dataset);
  return done;
}

bool data_load_folds(const struct data_spec *spec, const char *path, const struct dataset *dataset,
                     const struct split_spec *split, struct folds *folds, struct error *error) {
  *folds = (struct folds){0};
  *error = (struct error){0};
  if (split->method != SPLIT_GIVEN_FOLDS) return true;
  if (split->column[0] != '\0') return folds_from_column(dataset, split, folds, error);
  if (path == NULL) path = spec->path;
  const bool files = spec->source == SOURCE_MOVIELENS && movielens_has_folds(path);
  return movielens_folds(dataset, files ? path : NULL, split, folds, error);
}
