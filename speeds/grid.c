#include "speeds/grid.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { COLUMN_LEAST = 3 };

static char *formatted(struct grid *grid, const char *format, va_list values) {
  char text[256];
  (void)vsnprintf(text, sizeof text, format, values);
  struct error error;
  char *copy = memory_text(text, &error);
  grid->failed |= copy == NULL;
  return copy;
}

void grid_column(struct grid *grid, const char *format, ...) {
  if (grid->columns == GRID_COLUMNS) {
    grid->failed = true;
    return;
  }
  va_list values;
  va_start(values, format);
  grid->name[grid->columns++] = formatted(grid, format, values);
  va_end(values);
}

void grid_add(struct grid *grid, const char *format, ...) {
  if (grid->cells == grid->room) {
    struct error error;
    size_t room = grid->room > 0 ? 2 * grid->room : 256;
    char **cell = memory_grow(grid->cell, room, sizeof *cell, &error);
    if (cell == NULL) {
      grid->failed = true;
      return;
    }
    grid->cell = cell;
    grid->room = room;
  }
  va_list values;
  va_start(values, format);
  grid->cell[grid->cells++] = formatted(grid, format, values);
  va_end(values);
}

void grid_add_positive(struct grid *grid, const char *format, double value) {
  char text[32] = "";
  if (value > 0) (void)snprintf(text, sizeof text, format, value);
  grid_add(grid, "%s", text);
}

static bool is_number(const char *cell) {
  double value;
  return text_double(cell, cell + strlen(cell), &value);
}

/* A column of numbers is set to the right. */
static bool numeric(const struct grid *grid, size_t column) {
  for (size_t i = column; i < grid->cells; i += grid->columns) {
    if (grid->cell[i][0] != '\0' && !is_number(grid->cell[i])) return false;
  }
  return true;
}

static const char *cell_at(const void *context, size_t row, size_t column) {
  const struct grid *grid = context;
  return grid->cell[row * grid->columns + column];
}

static void cell_of(const void *context, size_t row, size_t column, struct text *text) {
  text_add(text, "%s", cell_at(context, row, column));
}

static json_t *value_of(const void *context, size_t row, size_t column) {
  const char *cell = cell_at(context, row, column);
  const char *end = cell + strlen(cell);
  int64_t whole;
  double value;
  if (cell[0] == '\0') return json_null();
  if (text_i64(cell, end, &whole)) return json_integer(whole);
  if (text_double(cell, end, &value)) return json_real(value);
  return json_string(cell);
}

void grid_write(const struct grid *grid, enum text_table_format format, size_t width,
                struct text *out) {
  if (grid->failed || grid->columns == 0 || grid->cells % grid->columns != 0) {
    out->failed = true;
    return;
  }
  struct text_table_column column[GRID_COLUMNS] = {{0}};
  bool left_out[GRID_COLUMNS] = {false};
  unsigned numbers = 0; /* since the first */
  for (size_t c = 0; c < grid->columns; c++) {
    column[c] = (struct text_table_column){
        .name = grid->name[c], .left = !numeric(grid, c), .least = COLUMN_LEAST, .rank = numbers};
    if (numbers > 0 || !column[c].left) numbers++;
  }
  const struct text_table table = {.column = column,
                                   .columns = grid->columns,
                                   .rows = grid->cells / grid->columns,
                                   .context = grid,
                                   .cell = cell_of,
                                   .value = value_of,
                                   .page_width = width,
                                   .left_out = left_out};
  text_table_write(&table, format, out);
  text_table_add_left_out(&table, "a wider terminal, or a pipe", out);
}

void grid_clear(struct grid *grid) {
  for (size_t i = 0; i < grid->columns; i++) free(grid->name[i]);
  for (size_t i = 0; i < grid->cells; i++) free(grid->cell[i]);
  free(grid->cell);
  *grid = (struct grid){0};
}
