/* A folder of MovieLens as a data set, and a data set as MovieLens 100K. */
#ifndef CROSSLANE_DATA_READERS_MOVIELENS_H
#define CROSSLANE_DATA_READERS_MOVIELENS_H

#include <stdbool.h>

#include "base/error.h"
#include "data/dataset.h"
#include "data/split.h"

/* Any variant, recognised by its files. Of 100K: the folder's u.data, u.item and u.user; u.genre
 * when it is there. Faulty files are refused with up to 20 faults of a file, each with its line. A
 * folder that movielens_write made from synthetic data stays known as synthetic, by a file that
 * marks it. On failure `dataset` is empty. */
bool movielens_read(const char *folder, struct dataset *dataset, struct error *error);

/* Whether the folder brings folds: only that of 100K does. */
bool movielens_has_folds(const char *folder);

/* The folds that `spec` names, each from <folder>/<fold>.test, each row of which
 * must be a row of u.data. `folder` NULL: made by fold_make. Random splits need
 * no folds and get none. On failure `folds` is empty. */
bool movielens_folds(const struct dataset *dataset, const char *folder,
                     const struct split_spec *spec, struct folds *folds, struct error *error);

/* Writes `dataset` as a MovieLens 100K folder, u1 to u5, ua and ub included,
 * which movielens_read reads back to the same digest. Synthetic data is marked
 * by a file `synthetic.json` with its irreducible MSE. A fold that would test on no
 * rating, or on all, is not written. */
bool movielens_write(const struct dataset *dataset, const char *folder, struct error *error);

#endif
