/* The columns of MovieLens 100K, of 1M, and of what is generated in their shape: a
 * schema given as data. */
#ifndef CROSSLANE_DATA_READERS_MOVIELENS_SCHEMA_H
#define CROSSLANE_DATA_READERS_MOVIELENS_SCHEMA_H

#include "data/dataset_builder.h"

/* Places of the columns in their tables, for readers. */
enum movielens_user_column {
  MOVIELENS_AGE,
  MOVIELENS_GENDER,
  MOVIELENS_OCCUPATION,
  MOVIELENS_ZIP,
  MOVIELENS_USER_COLUMNS
};
enum movielens_item_column {
  MOVIELENS_TITLE,
  MOVIELENS_RELEASE_DATE,
  MOVIELENS_GENRE_SET,
  MOVIELENS_ITEM_COLUMNS
};

/* MovieLens' age groups: Under 18, 18-24, 25-34, 35-44, 45-49, 50-55, 56+. */
enum { MOVIELENS_AGE_GROUPS = 7 };
uint32_t movielens_age_group(uint32_t age);

/* age_group, zip_area, genre, release_year, release_decade. */
enum { MOVIELENS_DERIVED = 5 };
extern const struct derivation movielens_derived[MOVIELENS_DERIVED];

/* Adds the columns of users and items, in the order of the enums. */
bool movielens_add_columns(struct dataset_builder *builder, struct error *error);

/* Adds one cell to a column of a table. */
bool movielens_add_cell(struct dataset_builder *builder, enum table table, size_t column,
                        const char *text, size_t length, size_t line, struct error *error);

/* Makes a data set of this shape: its scale is 1 to 5. Else as dataset_builder_finish. */
bool movielens_finish(struct dataset_builder *builder, struct dataset *dataset,
                      struct error *error);

/* The whole schema, without values, as a data set of this shape has it. */
bool movielens_schema(struct schema *schema, struct error *error);

#endif
