/* From columns to what a model reads. Two steps:
 *
 *   struct features   codes and numbers of every row, independent of seed and
 *                     split: built once, shared read-only by all workers;
 *   struct encoding   what is fitted on the training rows of one split: the
 *                     dictionaries and scalings, small maps beside them.
 *
 * A category column is a cross of arity 1: there is one way from rows to
 * table rows, for the wide and for the deep part. */
#ifndef CROSSLANE_DATA_FEATURES_H
#define CROSSLANE_DATA_FEATURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "data/columns.h"
#include "data/dataset.h"
#include "data/split.h"

enum { CROSS_ARITY_MAX = 8, CROSSES_MAX = 64, DEEP_COLUMNS_MAX = 32 };

/* Category columns, combined in the order given; written "gender*genre". */
struct cross {
  size_t arity;
  char column[CROSS_ARITY_MAX][COLUMN_NAME];
};

/* What one model reads: table lookups (first the deep category columns, then
 * the wide crosses) and numbers. */
struct encoding_spec {
  size_t categories; /* deep, each of arity 1, in the order of the config */
  struct cross category[DEEP_COLUMNS_MAX];
  size_t crosses; /* wide */
  struct cross cross[CROSSES_MAX];
  size_t numbers; /* deep */
  char number[DEEP_COLUMNS_MAX][COLUMN_NAME];
  bool fit_all; /* fit on all rows, as the report did; else on training rows */
};

/* The combinations of one cross that occur in the data: code c of `rows`
 * stands for combination `combination[c]` (mixed radix, first column most
 * significant), ascending, so codes do not depend on the order of rows. */
struct code_list {
  struct cross cross;
  uint32_t codes;
  uint64_t *combination; /* [codes], ascending */
  uint32_t *rows;        /* [ratings] */
};

struct number_list {
  char column[COLUMN_NAME];
  double *rows; /* [ratings] */
};

struct features {
  const struct dataset *dataset;
  size_t code_lists, number_lists;
  struct code_list *code_list;
  struct number_list *number_list;
};

void features_init(struct features *features, const struct dataset *dataset);
/* Adds what `spec` needs and is not there yet: all of them before the first
 * encoding_fit, as encodings point at the lists. Errors: a column that does not
 * exist or is of the wrong kind; a cross with more than 2^63 combinations. */
bool features_add(struct features *features, const struct encoding_spec *spec, struct error *error);
void features_clear(struct features *features);

/* The list of a cross or of a number column; NULL when it was not added. */
const struct code_list *features_codes(const struct features *features, const struct cross *cross);
const struct number_list *features_numbers(const struct features *features, const char *column);

/* Lookup table: code -> table row. Combinations seen in the fitting rows get
 * rows 0, 1, ... in ascending order of code; all others share row `seen`,
 * whose weights stay zero. */
struct dictionary {
  const struct code_list *list;
  uint32_t seen;         /* rows that are trained: the columns of a wide part */
  uint32_t *row_of_code; /* [list->codes], <= seen */
};

struct scaling { /* scaled = (number - minimum) / (maximum - minimum); 0 when they are equal */
  const struct number_list *list;
  double minimum, maximum;
};

struct encoding {
  size_t tables; /* categories, then crosses */
  size_t categories;
  size_t numbers;
  struct dictionary *table;
  struct scaling *scaling;
};

/* Needs features_add with this `spec`. `split` may be NULL with fit_all. On
 * failure `encoding` is empty. */
bool encoding_fit(const struct features *features, const struct encoding_spec *spec,
                  const struct split *split, struct encoding *encoding, struct error *error);
void encoding_clear(struct encoding *encoding);

/* "F_Drama": the values of combination `table_row` joined by "_"; "unseen"
 * for the shared row. */
void encoding_label(const struct encoding *encoding, const struct dataset *dataset, size_t table,
                    uint32_t table_row, struct text *text);

/* Rows ready for a model. Row r reads table t at codes[r * tables + t] and
 * number i at values[r * numbers + i]; its rating is target[r]. */
struct encoded_rows {
  size_t rows, tables, numbers;
  uint32_t *codes;
  float *values; /* [rows * numbers] */
  float *target; /* [rows] */
};

/* `rows` are `count` indices into the dataset. */
bool encoding_apply(const struct encoding *encoding, const struct dataset *dataset,
                    const uint32_t *rows, size_t count, struct encoded_rows *encoded,
                    struct error *error);
void encoded_rows_clear(struct encoded_rows *encoded);

#endif
