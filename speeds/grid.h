/* A table that is made cell by cell. */
#ifndef CROSSLANE_SPEEDS_GRID_H
#define CROSSLANE_SPEEDS_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "base/text_table.h"

enum { GRID_COLUMNS = 48 };
/* Start from {0}; grid_clear frees it. The names of columns are copied. */
struct grid {
  char *name[GRID_COLUMNS];
  size_t columns;
  char **cell; /* row major; complete rows only, once a row is done */
  size_t cells, room;
  bool failed;
};

void grid_column(struct grid *grid, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The next cell of the current row; an empty text stands for no value. */
void grid_add(struct grid *grid, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A positive number in the format of one double; an empty cell for any other. */
void grid_add_positive(struct grid *grid, const char *format, double value);
/* Text keeps to `width` columns of the terminal (0: no bound): the columns after the
 * first number are left out from the last on, and named. */
void grid_write(const struct grid *grid, enum text_table_format format, size_t width,
                struct text *out);
void grid_clear(struct grid *grid);

#endif
