/* What the columns of a data set are called, and of what kind they are. */
#ifndef CROSSLANE_DATA_SCHEMA_H
#define CROSSLANE_DATA_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum { COLUMN_NAME = 48 };

enum column_kind {
  COLUMN_CATEGORY,  /* one code in [0, cardinality) a row */
  COLUMN_MULTI_HOT, /* a set of such codes a row */
  COLUMN_NUMBER,    /* one number a row, from the row alone; may be missing */
  COLUMN_STATISTIC, /* one number a row, fitted on the training rows */
  COLUMN_HISTORY    /* a bag of ids, fitted on the training rows */
};
enum { COLUMN_KINDS = COLUMN_HISTORY + 1 };

/* "category", "multi_hot", "number", "statistic", "history". */
const char *column_kind_name(enum column_kind kind);

/* Of statistics: over the training ratings of the row's user or item. */
enum statistic { STATISTIC_MEAN, STATISTIC_COUNT, STATISTIC_DAYS_SINCE_FIRST };

/* Whose property it is: the owner's, a user or an item. What belongs to a rating
 * is the user's. */
enum column_side { SIDE_USER, SIDE_ITEM };

/* The three tables of a data set. */
enum table { TABLE_USERS, TABLE_ITEMS, TABLE_RATINGS };
enum { TABLES = TABLE_RATINGS + 1 };

enum { SEPARATOR_MAX = 8 };

struct column_values; /* data/column_values.h */

struct column {
  char name[COLUMN_NAME];
  enum column_kind kind;
  enum column_side side;
  enum table table;              /* the one whose rows have it */
  enum statistic statistic;      /* statistics */
  bool may_miss;                 /* numbers: some rows may have none */
  bool days;                     /* numbers: days since 1970-01-01 UTC */
  char separator[SEPARATOR_MAX]; /* multi-hot: between the words of a cell */
  const char *help;              /* static; NULL: none */
  const char *inferred;          /* static: why the kind was inferred; NULL: it was given */
  struct column_values *values;  /* NULL: a description alone */
};

/* Whether a deep column has an embedding (all but numbers and statistics). */
static inline bool column_has_embedding(const struct column *column) {
  return column->kind != COLUMN_NUMBER && column->kind != COLUMN_STATISTIC;
}
/* Whether a row has a number of it. */
static inline bool column_is_number(const struct column *column) {
  return !column_has_embedding(column);
}
/* Whether it may stand in a cross: categories and multi-hot columns. */
static inline bool column_crosses(const struct column *column) {
  return column->kind == COLUMN_CATEGORY || column->kind == COLUMN_MULTI_HOT;
}
/* Whether a row has any number of codes of it. */
static inline bool column_is_bag(const struct column *column) {
  return column->kind == COLUMN_MULTI_HOT || column->kind == COLUMN_HISTORY;
}

/* The columns of one data set, in the order in which they are listed. */
struct schema {
  size_t columns;
  struct column *column;
};

/* Adds a copy; its values are the schema's then. A name that is there already, empty
 * or longer than COLUMN_NAME - 1 bytes, or not of letters, digits, '_', '-', '.' and
 * bytes beyond ASCII, is ERROR_DATA. Pointers to columns become invalid. */
bool schema_add(struct schema *schema, const struct column *column, struct error *error);
void schema_clear(struct schema *schema);

/* NULL: there is none. */
const struct column *schema_find(const struct schema *schema, const char *name);

/* Adds "did you mean 'x'?" and, after `all`, the names of the columns that `fits`
 * (NULL: of all) to an error. Returns false. */
bool schema_suggest(const struct schema *schema, const char *name,
                    bool (*fits)(const struct column *column), const char *all,
                    struct error *error);

#endif
