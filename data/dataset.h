/* A set of ratings in memory, as typed columns. */
#ifndef CROSSLANE_DATA_DATASET_H
#define CROSSLANE_DATA_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum {
  DATASET_NAME = 32,
  DATASET_ZIP = 12,
  DATASET_GENRES_MAX = 32, /* bits of struct item's `genres` */
  DATASET_YEAR_MIN = 1870,
  DATASET_YEAR_MAX = 2099
};

enum gender { GENDER_F = 0, GENDER_M = 1 };

struct user {
  uint32_t id;
  uint32_t age; /* years */
  uint32_t gender;
  uint32_t occupation; /* index into occupation_names */
  char zip[DATASET_ZIP];
};

struct item {
  uint32_t id;
  uint32_t genres;      /* bit g: has genre_names[g] */
  uint32_t first_genre; /* the first flag set in the file's own order of genres */
  int32_t release_year; /* DATASET_YEAR_MIN to DATASET_YEAR_MAX; 0: not known */
  char *title;          /* UTF-8 */
};

struct dataset {
  /* "ml-100k": GroupLens' files, unchanged; "ml-100k-format": other ratings in
   * its format; "synthetic". */
  char name[DATASET_NAME];
  bool synthetic;
  double irreducible_mse; /* of the generator; NaN for real data */

  size_t ratings;     /* rows, in the file's order */
  uint32_t *row_user; /* [ratings], < users */
  uint32_t *row_item; /* [ratings], < items */
  float *row_rating;  /* [ratings], 1 to 5 */
  int64_t *row_time;  /* [ratings], seconds since 1970, UTC */

  size_t users, items;
  struct user *user; /* [users], by ascending id */
  struct item *item; /* [items], by ascending id */

  /* Alphabetical in ASCII order, so "unknown" comes last. */
  size_t genres, occupations;
  char **genre_names, **occupation_names;

  uint64_t digest; /* of all of the above but name, synthetic, irreducible_mse */
};

/* Some rows of a data set: `rows` NULL stands for 0, 1, ... count - 1. */
struct dataset_rows {
  const uint32_t *rows;
  size_t count;
};
static inline size_t dataset_row(struct dataset_rows rows, size_t i) {
  return rows.rows != NULL ? rows.rows[i] : i;
}

/* What `digest` must be: computed anew. */
uint64_t dataset_digest(const struct dataset *dataset);

/* Releases everything and leaves an empty set. */
void dataset_clear(struct dataset *dataset);

#endif
