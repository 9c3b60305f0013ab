/* The rows of one table, one after the other: of a delimited text file, or of a query.
 * Texts are UTF-8 and hold no zero byte. */
#ifndef CROSSLANE_DATA_READERS_TABLE_ROWS_H
#define CROSSLANE_DATA_READERS_TABLE_ROWS_H

#include <sqlite3.h>

#include "data/readers/csv.h"
#include "data/source_spec.h"

struct table_rows {
  char *name; /* for messages: the path, or "FILE: query of the users" */
  size_t columns;
  char (*column)[COLUMN_NAME]; /* [columns] names */
  struct cell_spec *spec;      /* [columns] of a typed header; else CELL_INFERRED */
  struct span *field;          /* [columns] of the row, valid until the next one is read */
  size_t line;                 /* of the row: its line in the file, or its number */
  /* text files */
  struct csv_reader csv;
  struct error fault; /* which ended the reading of the file */
  bool latin1;
  char *converted; /* the row in UTF-8 */
  /* queries */
  sqlite3 *database;
  sqlite3_stmt *statement;
  char *digits; /* of the row's numbers */
};

/* A file. `typed`: names in the header are followed by a kind, "age:float" (RecBole's
 * atomic files). To be closed after a failure too. */
bool table_rows_open_file(struct table_rows *rows, const char *path,
                          const struct source_table *table, bool typed, struct error *error);
/* A query of a database, which is opened read-only. `what` is in messages. */
bool table_rows_open_query(struct table_rows *rows, const char *path, const char *query,
                           const char *what, struct error *error);
void table_rows_close(struct table_rows *rows);

/* Reads the next row. A row of a wrong length is one of the faults of `error` and passed
 * over; false at the end, and where reading cannot go on. */
bool table_rows_next(struct table_rows *rows, struct error *error);

/* One more fault of the row. Returns false. */
bool table_rows_fault(const struct table_rows *rows, struct error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The place of a column; SIZE_MAX: there is none, which is an error with the nearest. */
size_t table_rows_find(const struct table_rows *rows, const char *column, struct error *error);

#endif
