/* Users who rate an item again. */
#ifndef CROSSLANE_DATA_READERS_DUPLICATES_H
#define CROSSLANE_DATA_READERS_DUPLICATES_H

#include "data/dataset_builder.h"
#include "data/source_spec.h"

/* Leaves one rating of each user and item: refused where there are more; the last row; or
 * the last row with the mean of all. Cells of ratings follow. */
bool duplicates_settle(struct dataset_builder *builder, enum duplicates duplicates,
                       struct error *error);

#endif
