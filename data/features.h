/* Codes and numbers of every row, independent of seed and split: built once,
 * shared read-only by all workers. What is fitted on the training rows of a
 * split is a struct encoding (data/encoding/encoding.h).
 *
 * A category column is a cross of arity 1: there is one way from rows to
 * table rows, for the wide and for the deep part. */
#ifndef CROSSLANE_DATA_FEATURES_H
#define CROSSLANE_DATA_FEATURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/cross_codes.h"
#include "data/dataset.h"

enum { CROSSES_MAX = 64, DEEP_COLUMNS_MAX = 32 };

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
  bool rating_levels; /* find the different ratings of the training rows */
  uint64_t seed;      /* of the folds of out-of-fold statistics */
};

struct number_list {
  char column[COLUMN_NAME];
  enum table table; /* whose rows have a number */
  double *rows;     /* [rows of the table]; NaN: missing */
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
bool features_add(struct features *features, const struct encoding_spec *spec, struct error *error);
void features_clear(struct features *features);

/* The list of a cross or of a number column; NULL when it was not added. */
const struct code_list *features_codes(const struct features *features, const struct cross *cross);
const struct number_list *features_numbers(const struct features *features, const char *column);

#endif
