/* RecBole's atomic files: a folder with NAME.inter and, where there are any, NAME.user and
 * NAME.item; headers name each column and its type (recbole.io, "Atomic files"). */
#ifndef CROSSLANE_DATA_READERS_ATOMIC_H
#define CROSSLANE_DATA_READERS_ATOMIC_H

#include "data/dataset.h"
#include "data/source_spec.h"

/* `given`: kinds, derived columns, scale and duplicates of the config, and names of the
 * columns of ratings that are not user_id, item_id, rating and timestamp. `dataset` has its
 * name. On failure it is empty. */
bool atomic_read(const struct source_spec *given, const char *folder, struct dataset *dataset,
                 struct error *error);

#endif
