/* Crosses of columns, and the codes of one cross on all rows. */
#ifndef CROSSLANE_DATA_CROSS_CODES_H
#define CROSSLANE_DATA_CROSS_CODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/dataset.h"

enum { CROSS_ARITY_MAX = 8, CROSS_SLOTS_MAX = 4096 };

/* Category and multi-hot columns, combined in the order given; written
 * "gender*genre". */
struct cross {
  size_t arity;
  char column[CROSS_ARITY_MAX][COLUMN_NAME];
};

/* The combinations of one cross that occur in the data: code c stands for
 * combination `combination[c]` (mixed radix, first column most significant),
 * ascending, so codes do not depend on the order of rows. With multi-hot
 * columns a row has the product of its codes, ascending, in `slots` places (as
 * many as any owner in the dataset needs), those to spare filled with `codes`. A cross of
 * columns of the users alone, or of the items alone, has one entry for each of them. */
struct code_list {
  struct cross cross;
  enum table table; /* whose rows have an entry */
  uint32_t codes;
  uint32_t slots;        /* 1 without multi-hot columns */
  uint64_t *combination; /* [codes], ascending */
  uint32_t *rows;        /* [rows of the table * slots] */
};

/* Fills `list`, of which the cross is given and the columns are known to cross.
 * On failure `list->rows` and `->combination` are still to be freed. */
bool cross_codes_fill(const struct dataset *dataset, struct code_list *list, struct error *error);

/* Multiplies `count` combinations by the `width` codes of one more column, which
 * may be 0: each is followed by each of them. Returns how many there are now, for
 * which `entry` has room. Ascending stays ascending. */
uint32_t cross_codes_widen(uint64_t *entry, uint32_t count, uint64_t cardinality,
                           const uint32_t *codes, size_t width);

#endif
