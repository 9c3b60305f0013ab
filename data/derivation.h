/* Columns made from others: one small table of derivations, usable on any column. */
#ifndef CROSSLANE_DATA_DERIVATION_H
#define CROSSLANE_DATA_DERIVATION_H

#include "data/dataset.h"

enum { BINS_MAX = 64 };

enum derivation_kind {
  DERIVE_BINS,   /* of a number: the interval that it is in */
  DERIVE_PREFIX, /* of a category: its first characters */
  DERIVE_FIRST,  /* of a multi-hot column: the word that came first in the source */
  DERIVE_YEAR,   /* of days: the year; of a category: the one in the last parentheses, as in
                    "Heat (1995)"; a number */
  DERIVE_DECADE  /* of days, or of a number that is a year: "1990s" */
};

struct derivation {
  char name[COLUMN_NAME], from[COLUMN_NAME];
  enum derivation_kind kind;
  size_t bins; /* bins: lower bounds of all but the first interval, ascending */
  double bin[BINS_MAX];
  uint32_t prefix; /* prefix: how many characters, 1 or more */
  const char *help;
};

/* What the column is, from the one that it is made of. A kind that does not fit is
 * ERROR_CONFIG. */
bool derivation_describe(const struct derivation *derivation, const struct column *from,
                         struct column *column, struct error *error);

/* Adds the column to a schema; where its source has values, with its own. */
bool derivation_add(const struct derivation *derivation, struct schema *schema,
                    struct error *error);

#endif
