/* From the section `data` of a config to a data set, whatever its source. */
#ifndef CROSSLANE_DATA_DATA_LOAD_H
#define CROSSLANE_DATA_DATA_LOAD_H

#include "data/data_spec.h"
#include "data/dataset.h"

/* `path` replaces that of the spec; NULL: the spec's. On failure `dataset` is empty. */
bool data_load(const struct data_spec *spec, const char *path, struct dataset *dataset,
               struct error *error);

/* The test rows of each fold that the split names, from the files of the source, from a
 * column, or made. Random splits have none. */
bool data_load_folds(const struct data_spec *spec, const char *path, const struct dataset *dataset,
                     const struct split_spec *split, struct folds *folds, struct error *error);

#endif
