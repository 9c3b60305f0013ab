/* What keeps generated data known as such: a file beside them. */
#ifndef CROSSLANE_DATA_READERS_SYNTHETIC_MARK_H
#define CROSSLANE_DATA_READERS_SYNTHETIC_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "data/dataset.h"

/* {"generator": ..., "irreducible_mse": 0.61, "digest": "<of the ratings>"}. */
#define SYNTHETIC_MARK "synthetic.json"

/* The digest of ratings, one after the other: of ids and ratings alone, so that it is the
 * same in every form of the data, and whatever a config makes of their other columns.
 * Starts from {0}. */
enum { SYNTHETIC_MARK_CHUNK = 512 };
struct synthetic_mark {
  uint64_t digest;
  size_t rows; /* that are not in the digest yet */
  struct synthetic_mark_row {
    uint32_t user, item; /* words_key of their ids */
    float rating;
  } row[SYNTHETIC_MARK_CHUNK];
};
void synthetic_mark_add(struct synthetic_mark *mark, uint32_t user, uint32_t item, float rating);
uint64_t synthetic_mark_digest(struct synthetic_mark *mark);

/* Where the folder has the mark, which must be that of these ratings, `dataset` becomes
 * synthetic, is named so, and has the irreducible MSE; else only that one is NaN. */
bool synthetic_mark_read(const char *folder, struct dataset *dataset, struct error *error);

bool synthetic_mark_write(const char *folder, double irreducible_mse, uint64_t digest,
                          struct error *error);
/* Of a whole data set, which is synthetic. */
bool synthetic_mark_write_for(const char *folder, const struct dataset *dataset,
                              struct error *error);

#endif
