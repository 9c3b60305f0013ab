/* The columns that a config can name: one table, one row a column. */
#ifndef CROSSLANE_DATA_COLUMNS_H
#define CROSSLANE_DATA_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "data/dataset.h"

enum { COLUMN_NAME = 32 };

enum column_kind {
  COLUMN_CATEGORY, /* one code in [0, cardinality) a row */
  COLUMN_NUMBER    /* one number a row */
};

/* Whose property it is. */
enum column_side { SIDE_USER, SIDE_ITEM };

struct column {
  const char *name;
  enum column_kind kind;
  enum column_side side;
  const char *help;
  /* Categories: how many codes there are, a row's code, a code's text. */
  uint32_t (*cardinality)(const struct dataset *dataset);
  uint32_t (*code)(const struct dataset *dataset, size_t row);
  void (*label)(const struct dataset *dataset, uint32_t code, struct text *text);
  /* Numbers: a row's value, not scaled. */
  double (*number)(const struct dataset *dataset, size_t row);
};

/* MovieLens' age groups: Under 18, 18-24, 25-34, 35-44, 45-49, 50-55, 56+. */
enum { AGE_GROUPS = 7 };
uint32_t age_group_of(uint32_t age);

size_t column_count(void);
const struct column *column_at(size_t index);
const struct column *column_find(const char *name); /* NULL when there is none */

#endif
