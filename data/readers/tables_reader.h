/* Three tables, as files or queries, into a data set. */
#ifndef CROSSLANE_DATA_READERS_TABLES_READER_H
#define CROSSLANE_DATA_READERS_TABLES_READER_H

#include "data/dataset_builder.h"
#include "data/source_spec.h"

/* How the tables are stored. */
enum tables_form {
  TABLES_FILES,   /* delimited text, relative to the folder `path` */
  TABLES_ATOMIC,  /* the same, with kinds in the headers */
  TABLES_DATABASE /* queries of the database `path` */
};

/* Reads all of it, up to ERROR_SHOWN faults of a table; `dataset` has its name. Columns
 * of the tables that no id, rating or time is become columns of the data, those of a
 * name that is there already with the table's before it. On failure it is empty. */
bool tables_read(const struct source_spec *spec, enum tables_form form, const char *path,
                 struct dataset *dataset, struct error *error);

#endif
