/* The columns that every data set has: ids, histories and statistics, and, where
 * ratings have a time, what follows from it. */
#ifndef CROSSLANE_DATA_BUILTIN_COLUMNS_H
#define CROSSLANE_DATA_BUILTIN_COLUMNS_H

#include "data/column_values.h"

/* user_id and item_id, which come before those of the tables. */
bool builtin_add_ids(struct schema *schema, struct error *error);
/* The others, after them. `times`: whether ratings have a time. */
bool builtin_add_others(struct schema *schema, bool times, struct error *error);

/* Whether one of all these is called so: no column of a table may be. */
bool builtin_named(const char *name, bool times);

#endif
