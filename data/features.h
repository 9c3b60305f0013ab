/* From columns to what a model reads. Two steps:
 *
 *   struct features   codes and numbers of every row, independent of seed and
 *                     split: built once, shared read-only by all workers;
 *   struct encoding   what is fitted on the training rows of one split: the
 *                     dictionaries, scalings, histories and statistics, small
 *                     maps beside them.
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

/* Category and multi-hot columns, combined in the order given; written
 * "gender*genre". */
struct cross {
  size_t arity;
  char column[CROSS_ARITY_MAX][COLUMN_NAME];
};

enum scale {
  SCALE_MINMAX,  /* (number - minimum) / (maximum - minimum); 0 when they are equal */
  SCALE_STANDARD /* (number - mean) / standard deviation; 0 when that is 0 */
};

/* A deep column with an embedding: a category, or a bag (a multi-hot column or
 * a history). */
struct field_spec {
  char column[COLUMN_NAME];
};

struct number_spec {
  char column[COLUMN_NAME]; /* a number or a statistic */
  enum scale scale;
};

/* What one model reads. */
struct encoding_spec {
  size_t fields; /* deep, in the order of the config */
  struct field_spec field[DEEP_COLUMNS_MAX];
  size_t crosses; /* wide */
  struct cross cross[CROSSES_MAX];
  uint32_t hash_buckets; /* 0: none; else a cross of more combinations is hashed into so many */
  size_t numbers;        /* deep */
  struct number_spec number[DEEP_COLUMNS_MAX];
  /* Fit dictionaries and scalings on all rows, as the report did; else on the
   * training rows. Statistics and histories are always those of training rows. */
  bool fit_all;
  uint64_t seed; /* of the folds of out-of-fold statistics */
};

/* The combinations of one cross that occur in the data: code c stands for
 * combination `combination[c]` (mixed radix, first column most significant),
 * ascending, so codes do not depend on the order of rows. With multi-hot
 * columns a row has the product of its codes, ascending, in `slots` places (as
 * many as any owner in the dataset needs), those to spare filled with `codes`. */
struct code_list {
  struct cross cross;
  uint32_t codes;
  uint32_t slots;        /* 1 without multi-hot columns */
  uint64_t *combination; /* [codes], ascending */
  uint32_t *rows;        /* [ratings * slots] */
};

struct number_list {
  char column[COLUMN_NAME];
  double *rows; /* [ratings]; NaN: missing */
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
 * exist or is of the wrong kind; a cross with more than 2^63 combinations, or
 * with more than CROSS_SLOTS_MAX of them in one row. */
enum { CROSS_SLOTS_MAX = 4096 };
bool features_add(struct features *features, const struct encoding_spec *spec, struct error *error);
void features_clear(struct features *features);

/* The list of a cross or of a number column; NULL when it was not added. */
const struct code_list *features_codes(const struct features *features, const struct cross *cross);
const struct number_list *features_numbers(const struct features *features, const char *column);

/* Lookup table: code -> table row. Combinations seen in the fitting rows get
 * rows 0, 1, ... in ascending order of code; all others share row `seen`,
 * whose weights stay zero, and which also fills the slots to spare. Hashed:
 * row = hash of the combination mod `seen`, for unseen ones too. */
struct dictionary {
  struct cross cross;           /* of one column for a field */
  const struct code_list *list; /* NULL for histories, whose codes are ids' codes */
  bool hashed;
  uint32_t seen;         /* rows that are trained: the columns of a wide part */
  uint32_t *row_of_code; /* [codes + 1], <= seen; the last one is `seen` */
  uint32_t slots;        /* table rows that a row of data has; 0 for bags */
  uint32_t slot;         /* the first of them, in encoded_rows.codes */
  uint32_t bag;          /* bags: which of encoded_rows.bag */
};

/* One or two numbers of x: a column's scaled value (the mean of what is there
 * when it is missing, so 0 with SCALE_STANDARD) and, for columns that may
 * miss, 1 when it is missing, else 0. */
struct scaling {
  char column[COLUMN_NAME];
  enum scale scale;
  const struct number_list *list; /* NULL for statistics */
  double minimum, maximum, mean, deviation;
  double fallback; /* unscaled, for missing values */
  size_t at;       /* first column of encoded_rows.values */
  size_t width;    /* 1, or 2 with the indicator */
};

/* Lists of table rows, one an owner (user or film); owner o has entry[offset[o]]
 * to entry[offset[o + 1] - 1], in the order of the training rows (histories) or
 * ascending (multi-hot). Values without a table row are left out. */
struct bag_lists {
  enum column_side side;
  size_t owners, longest;
  uint32_t *offset; /* [owners + 1] */
  uint32_t *entry;
};

/* Statistics are out-of-fold on training rows: each of these is in one of
 * OUT_OF_FOLD folds, drawn by the seed, its user and its film, and counts only
 * the ratings of the other folds; all other rows count all training rows.
 *   mean   (sum + 5 mu) / (n + 5); mu: the mean of all those ratings
 *   count  n; on training rows n * 5/4, as a fold is left out
 *   days_since_first  uses no ratings: from the user's earliest training row to
 *          the row's own time; 0 when that is earlier, or there is none
 * The constants of a statistic's scaling are fitted on the training rows'
 * out-of-fold values. */
enum { OUT_OF_FOLD = 5 };
struct statistics; /* data/encoding/encoding_parts.h */

struct encoding {
  size_t tables, fields; /* fields, then crosses */
  size_t slots, bags;
  size_t numbers;  /* columns of x: the sum of the scalings' widths */
  size_t scalings; /* spec.numbers */
  struct dictionary *table;
  struct bag_lists *bag;
  struct scaling *scaling;
  struct statistics *statistics; /* NULL when not needed */
  bool has_training;             /* fitted with a split, whose training rows are: */
  size_t training_rows;
  uint64_t training_digest;
};

/* Needs features_add with this `spec`. `split` may be NULL with fit_all when
 * there are neither statistics nor histories. On failure `encoding` is empty. */
bool encoding_fit(const struct features *features, const struct encoding_spec *spec,
                  const struct split *split, struct encoding *encoding, struct error *error);
void encoding_clear(struct encoding *encoding);

/* "F_Drama": the values of combination `table_row` joined by "_"; "unseen"
 * for the shared row; "bucket 17" of a hashed cross. */
void encoding_label(const struct encoding *encoding, const struct dataset *dataset, size_t table,
                    uint32_t table_row, struct text *text);

/* A row's bag: the list of its owner without entry number `skip` of it (a
 * training row's own entry in a history). */
#define BAG_SKIP_NONE UINT32_MAX
struct encoded_bag {
  const struct bag_lists *lists; /* the encoding's */
  uint32_t *owner;               /* [rows] */
  uint32_t *skip;                /* [rows] BAG_SKIP_NONE: nothing */
};

/* Rows ready for a model, and only together with their encoding: row r has the
 * table rows codes[r * slots + s], the bags bag[b] and the numbers
 * values[r * numbers + i]; its rating is target[r]. */
struct encoded_rows {
  size_t rows, slots, bags, numbers;
  uint32_t *codes;
  struct encoded_bag *bag;
  float *values; /* [rows * numbers] */
  float *target; /* [rows] */
};

/* Whether the rows are the training rows of the split that was fitted, all of
 * them and in its order: then the ratings of a row's own fold do not reach its
 * statistics, nor its own entry its histories. */
enum encoded_part { ENCODED_TRAINING, ENCODED_OTHERS };

/* `rows` are `count` indices into the dataset that the features were made of.
 * ENCODED_TRAINING with other rows than the split's is an ERROR_SYSTEM. */
bool encoding_apply(const struct encoding *encoding, const struct dataset *dataset,
                    const uint32_t *rows, size_t count, enum encoded_part part,
                    struct encoded_rows *encoded, struct error *error);
void encoded_rows_clear(struct encoded_rows *encoded);

#endif
