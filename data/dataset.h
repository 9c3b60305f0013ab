/* A set of ratings in memory: three tables with typed columns. What the columns
 * are called is data, not code: nothing but a reader knows a name. */
#ifndef CROSSLANE_DATA_DATASET_H
#define CROSSLANE_DATA_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/schema.h"
#include "data/words.h"

enum { DATASET_NAME = 64 };

struct dataset {
  /* What the source is called; "synthetic". */
  char name[DATASET_NAME];
  bool synthetic;
  double irreducible_mse; /* of the generator; NaN for real data */

  /* The ratings, in the file's order. */
  size_t ratings;
  uint32_t *row_user; /* [ratings], < users */
  uint32_t *row_item; /* [ratings], < items */
  float *row_rating;  /* [ratings] */
  int64_t *row_time;  /* [ratings], seconds since 1970, UTC; NULL: there are no times */
  /* The scale of the ratings, where the source has one; NaN: it has none. */
  float scale_low, scale_high;

  /* Users and items, by ascending id: their ids, in text. */
  size_t users, items;
  size_t users_unlisted, items_unlisted; /* those that only ratings have */
  struct words user_ids, item_ids;

  /* Every column: user_id and item_id, those of the three tables, and those that
   * every data set has (data/builtin_columns.h). */
  struct schema schema;
  /* The category of the items that names them for people; "": none. */
  char item_title[COLUMN_NAME];

  uint64_t digest; /* of ratings, ids, and the columns of the tables */
};

/* Some rows of a data set: `rows` NULL stands for 0, 1, ... count - 1. */
struct dataset_rows {
  const uint32_t *rows;
  size_t count;
};
static inline size_t dataset_row(struct dataset_rows rows, size_t i) {
  return rows.rows != NULL ? rows.rows[i] : i;
}

/* The row of a table that rating `row` refers to, and how many rows it has. */
static inline uint32_t dataset_place(const struct dataset *dataset, enum table table, size_t row) {
  if (table == TABLE_RATINGS) return (uint32_t)row;
  return table == TABLE_USERS ? dataset->row_user[row] : dataset->row_item[row];
}
static inline size_t dataset_places(const struct dataset *dataset, enum table table) {
  if (table == TABLE_RATINGS) return dataset->ratings;
  return table == TABLE_USERS ? dataset->users : dataset->items;
}

/* The owner of a row, and how many owners there are. */
static inline uint32_t dataset_owner(const struct dataset *dataset, enum column_side side,
                                     size_t row) {
  return side == SIDE_USER ? dataset->row_user[row] : dataset->row_item[row];
}
static inline size_t dataset_owners(const struct dataset *dataset, enum column_side side) {
  return side == SIDE_USER ? dataset->users : dataset->items;
}

/* The ids of the owners, by their places. */
static inline const struct words *dataset_ids(const struct dataset *dataset,
                                              enum column_side side) {
  return side == SIDE_USER ? &dataset->user_ids : &dataset->item_ids;
}

/* NULL: there is none. */
static inline const struct column *dataset_column(const struct dataset *dataset, const char *name) {
  return schema_find(&dataset->schema, name);
}

/* What `digest` must be: computed anew. */
uint64_t dataset_digest(const struct dataset *dataset);

/* Bytes of all tables, as they were allocated. */
size_t dataset_bytes(const struct dataset *dataset);

/* Releases everything and leaves an empty set. */
void dataset_clear(struct dataset *dataset);

#endif
