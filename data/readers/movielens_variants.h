/* MovieLens 1M, 10M, 20M, 25M, 32M, latest and latest-small: three tables, described. */
#ifndef CROSSLANE_DATA_READERS_MOVIELENS_VARIANTS_H
#define CROSSLANE_DATA_READERS_MOVIELENS_VARIANTS_H

#include "data/source_spec.h"

enum movielens_variant {
  MOVIELENS_NONE, /* not a MovieLens folder */
  MOVIELENS_100K,
  MOVIELENS_1M,
  MOVIELENS_10M,
  MOVIELENS_CSV /* 20M and what came later */
};

/* By the files that the folder has. */
enum movielens_variant movielens_recognise(const char *folder);

/* Columns, kinds, derived columns and scale of a variant but 100K, which has files of its
 * own form. `spec` is large: not for the stack. */
void movielens_describe(enum movielens_variant variant, struct source_spec *spec);

/* "ml-1m"; of CSV files by the number of ratings: "ml-25m", or "ml-latest". */
const char *movielens_name(enum movielens_variant variant, size_t ratings);

#endif
