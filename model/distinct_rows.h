/* Rows of data of which a model reads the same: what it predicts for one it
 * predicts for all of them, to the last bit. Where users and films are known by a
 * few columns, many rows are so, and are evaluated once. Private to model/. */
#ifndef CROSSLANE_MODEL_DISTINCT_ROWS_H
#define CROSSLANE_MODEL_DISTINCT_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/encoding/encoding.h"
#include "kernels/kernels.h"

/* With so many kinds, or three for four rows, each row stays one of its own: count
 * is then 0. */
enum { DISTINCT_MOST = 1 << 15 };

struct distinct_rows {
  size_t count;      /* of kinds of rows */
  uint32_t *first;   /* (distinct_rows_most + EMBEDDING_AHEAD) the first row of each kind; then 0 */
  uint32_t *kind;    /* (rows) */
  float *prediction; /* (distinct_rows_most) of each kind, for who evaluates */
};

/* How many kinds of so many rows are too many. */
size_t distinct_rows_most(size_t rows);

bool distinct_rows_init(struct distinct_rows *distinct, const struct encoded_rows *rows,
                        struct error *error);
void distinct_rows_clear(struct distinct_rows *distinct);

#endif
