/* The columns that a config can name: one table, one row a column. */
#ifndef CROSSLANE_DATA_COLUMNS_H
#define CROSSLANE_DATA_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "data/dataset.h"

enum { COLUMN_NAME = 32 };

enum column_kind {
  COLUMN_CATEGORY,  /* one code in [0, cardinality) a row */
  COLUMN_MULTI_HOT, /* a set of such codes a row */
  COLUMN_NUMBER,    /* one number a row, from the row alone; may be missing */
  COLUMN_STATISTIC, /* one number a row, fitted on the training rows */
  COLUMN_HISTORY    /* a bag of ids, fitted on the training rows */
};

/* Of statistics: over the training ratings of the row's user or film. */
enum statistic { STATISTIC_MEAN, STATISTIC_COUNT, STATISTIC_DAYS_SINCE_FIRST };

/* An owner has at most this many codes of a multi-hot column. */
enum { COLUMN_CODES_MAX = 32 };

/* Whose property it is: the owner's, a user or a film. The time of a rating is
 * the user's. */
enum column_side { SIDE_USER, SIDE_ITEM };

struct column {
  const char *name;
  enum column_kind kind;
  enum column_side side;
  const char *help;
  /* All but numbers and statistics: how many codes there are, a code's text. */
  uint32_t (*cardinality)(const struct dataset *dataset);
  void (*label)(const struct dataset *dataset, uint32_t code, struct text *text);
  /* Categories: a row's code. Histories: the one that a row adds to its owner's. */
  uint32_t (*code)(const struct dataset *dataset, size_t row);
  /* Multi-hot: the codes of an owner (an index into dataset->user or ->item),
   * ascending; returns how many, which may be 0. */
  size_t (*codes)(const struct dataset *dataset, uint32_t owner, uint32_t codes[COLUMN_CODES_MAX]);
  /* Numbers: a row's value, not scaled; NaN when it is missing, which only
   * columns that say `may_miss` do. */
  double (*number)(const struct dataset *dataset, size_t row);
  bool may_miss;
  enum statistic statistic; /* statistics */
};

/* MovieLens' age groups: Under 18, 18-24, 25-34, 35-44, 45-49, 50-55, 56+. */
enum { AGE_GROUPS = 7 };
uint32_t column_age_group(uint32_t age);

/* Whether a deep column has an embedding (all but numbers and statistics). */
bool column_has_embedding(const struct column *column);
/* Whether it may stand in a cross: categories and multi-hot columns. */
bool column_crosses(const struct column *column);

/* The owner of a row, and how many owners there are. */
uint32_t column_owner(const struct dataset *dataset, enum column_side side, size_t row);
size_t column_owners(const struct dataset *dataset, enum column_side side);

size_t column_count(void);
const struct column *column_at(size_t index);
const struct column *column_find(const char *name); /* NULL when there is none */

#endif
