/* A data set while a reader fills it: ids in the order in which they come, cells as
 * text. When all is there, ids are put in order and columns get their kinds. */
#ifndef CROSSLANE_DATA_DATASET_BUILDER_H
#define CROSSLANE_DATA_DATASET_BUILDER_H

#include "data/column_builder.h"
#include "data/dataset.h"
#include "data/derivation.h"

/* One table's columns, but for ids, rating and time. Row r of users and items is the
 * one whose id has code r in `ids`; ids that only ratings have come after all rows. */
struct table_builder {
  const char *file; /* for messages; the caller's */
  size_t columns;
  struct column_builder *column;
};

struct dataset_builder {
  struct words_builder ids[2]; /* by enum column_side */
  struct table_builder table[TABLES];
  size_t ratings, room;
  uint32_t *row_user, *row_item;
  float *row_rating;
  int64_t *row_time;
  bool times; /* ratings have a time: set it before the first */
};

/* Adds a column to a table. `help` is static, or NULL. */
bool dataset_builder_add_column(struct dataset_builder *builder, enum table table, const char *name,
                                const struct cell_spec *spec, enum column_side side,
                                const char *help, struct error *error);

bool dataset_builder_add_rating(struct dataset_builder *builder, uint32_t user, uint32_t item,
                                float rating, int64_t time, struct error *error);

/* Moves all of it into `dataset`, whose name, scale, title and synthetic mark are the
 * caller's to set before, and computes the digest. Derived columns follow those of the
 * tables. Faults of cells are `error`'s. On failure `dataset` is empty. The builder is
 * to be cleared after it. */
bool dataset_builder_finish(struct dataset_builder *builder, const struct derivation *derivations,
                            size_t count, struct dataset *dataset, struct error *error);
void dataset_builder_clear(struct dataset_builder *builder);

#endif
