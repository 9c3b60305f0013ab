/* The codes of one cross on all rows. */
#ifndef CROSSLANE_DATA_CROSS_CODES_H
#define CROSSLANE_DATA_CROSS_CODES_H

#include <stdbool.h>

#include "base/error.h"
#include "data/features.h"

/* Fills `list`, of which the cross is given and the columns are known to cross.
 * On failure `list->rows` and `->combination` are still to be freed. */
bool cross_codes_fill(const struct dataset *dataset, struct code_list *list, struct error *error);

#endif
