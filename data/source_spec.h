/* Where ratings come from, and what is in them: which columns are ids, ratings and
 * times, and of what kind the others are. */
#ifndef CROSSLANE_DATA_SOURCE_SPEC_H
#define CROSSLANE_DATA_SOURCE_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "data/column_builder.h"
#include "data/derivation.h"

enum {
  SOURCE_PATH = 1024,
  SOURCE_QUERY = 4096,
  SOURCE_DELIMITER = 4,
  SOURCE_HEADER_MAX = 64,
  SOURCE_COLUMNS_MAX = 128,
  SOURCE_DERIVED_MAX = 32
};

/* One table: a file, or a query of a database. Column names are those of its header. */
struct source_table {
  bool given;
  char path[SOURCE_PATH];           /* csv: relative to the folder of the data */
  char query[SOURCE_QUERY];         /* sqlite */
  char delimiter[SOURCE_DELIMITER]; /* ",", "\t", ";", "|" or "::"; "": found by looking */
  size_t header; /* names of the columns of a file without a header; 0: it has one */
  char header_name[SOURCE_HEADER_MAX][COLUMN_NAME];
  /* ratings; time "": there is none */
  char user[COLUMN_NAME], item[COLUMN_NAME], rating[COLUMN_NAME], time[COLUMN_NAME];
  char key[COLUMN_NAME];  /* users and items */
  char name[COLUMN_NAME]; /* items: what people call them; "": nothing */
};

struct source_column {
  char name[COLUMN_NAME];
  struct cell_spec spec;
  bool of_item; /* a column of the ratings that belongs to the items' side */
};

/* A user who rates an item again. */
enum duplicates { DUPLICATES_ERROR, DUPLICATES_LAST, DUPLICATES_MEAN };

struct source_spec {
  struct source_table table[TABLES];
  size_t columns; /* those whose kind is given; of the others it is inferred */
  struct source_column column[SOURCE_COLUMNS_MAX];
  size_t derived;
  struct derivation derivation[SOURCE_DERIVED_MAX];
  bool has_scale;
  double scale_low, scale_high;
  enum duplicates duplicates;
};

#endif
