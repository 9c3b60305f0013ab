/* The values of a column, and what it says of a rating, a user or an item. */
#ifndef CROSSLANE_DATA_COLUMN_VALUES_H
#define CROSSLANE_DATA_COLUMN_VALUES_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "data/dataset.h"

/* A part of a rating's time, which is read from row_time. */
enum time_part { TIME_NONE, TIME_DAY, TIME_HOUR, TIME_WEEKDAY };

/* Each array has one entry for each row of the column's table. Ids and histories have
 * none: the place itself is the code. */
struct column_values {
  size_t places;       /* rows of the table */
  enum time_part part; /* else TIME_NONE */
  bool derived;        /* made from another column */
  struct words words;  /* of categories and multi-hot columns: code c is word c. A row without
                          a value has the word "", the first one, or the last one where
                          dataset_extend_owner added it */
  uint32_t *code;      /* categories */
  uint32_t *offset;    /* multi-hot: [places + 1]; codes of place p: entry[offset[p]] to
                          entry[offset[p + 1] - 1], ascending */
  uint32_t *entry;
  uint32_t *first; /* multi-hot: the code that came first in the source; WORDS_NONE: no code */
  double *number;  /* numbers; NaN: missing */
};

void column_values_free(struct column_values *values);
size_t column_values_bytes(const struct column_values *values);

/* The texts of its codes: those of its own values, or the ids. */
const struct words *column_words(const struct column *column, const struct dataset *dataset);
static inline uint32_t column_cardinality(const struct column *column,
                                          const struct dataset *dataset) {
  return column_words(column, dataset)->count;
}
/* A code's text, as people read it: "missing" for the word "". */
void column_label(const struct column *column, const struct dataset *dataset, uint32_t code,
                  struct text *text);

/* Adds what place `place` of the column's table has, as text: its word; its words,
 * joined by the separator; its number; its day as "1995-01-31". Nothing: it misses it. */
void column_add_cell(const struct column *column, size_t place, struct text *text);

/* Categories: a rating's code. Histories: the one that it adds to its owner's. */
uint32_t column_code(const struct column *column, const struct dataset *dataset, size_t row);
/* Categories of users and items, ids among them: the code of a place. */
static inline uint32_t column_code_of(const struct column *column, uint32_t place) {
  return column->values != NULL ? column->values->code[place] : place;
}
/* Multi-hot: the codes of a place of its table, ascending; returns how many. */
static inline size_t column_codes(const struct column *column, uint32_t place,
                                  const uint32_t **codes) {
  const struct column_values *values = column->values;
  *codes = values->entry + values->offset[place];
  return values->offset[place + 1] - values->offset[place];
}
/* The most codes that any place has; at least 1. */
size_t column_longest(const struct column *column);
/* Numbers: a rating's value, not scaled; NaN: missing. */
double column_number(const struct column *column, const struct dataset *dataset, size_t row);
/* The same of a place of the column's table, which for those of the ratings is the rating. */
double column_number_of(const struct column *column, const struct dataset *dataset, size_t place);

#endif
