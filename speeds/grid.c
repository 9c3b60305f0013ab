#include "speeds/grid.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

bool grid_format_from(const char *name, enum grid_format *format, struct error *error) {
  static const char *const names[] = {"text", "csv", "json", "markdown"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    *format = (enum grid_format)i;
    if (strcmp(names[i], name) == 0) return true;
  }
  return error_set(error, ERROR_USAGE, "--format: expected text, csv, json or markdown, found '%s'",
                   name);
}

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

static void write_text(const struct grid *grid, struct text *out, bool markdown) {
  size_t width[GRID_COLUMNS];
  bool right[GRID_COLUMNS];
  for (size_t c = 0; c < grid->columns; c++) {
    width[c] = strlen(grid->name[c]);
    right[c] = numeric(grid, c);
    for (size_t i = c; i < grid->cells; i += grid->columns) {
      size_t length = strlen(grid->cell[i]);
      if (length > width[c]) width[c] = length;
    }
    if (width[c] < 3) width[c] = 3;
  }
  const size_t rows = grid->cells / grid->columns;
  for (size_t line = 0; line < rows + 1; line++) {
    struct text row = {0};
    for (size_t c = 0; c < grid->columns; c++) {
      const char *cell = line == 0 ? grid->name[c] : grid->cell[(line - 1) * grid->columns + c];
      int wide = (int)width[c];
      text_add(&row, "%s%*s", markdown ? "| " : c > 0 ? "  " : "", right[c] ? wide : -wide, cell);
      if (markdown) text_add(&row, " ");
    }
    while (!markdown && row.length > 0 && row.text[row.length - 1] == ' ') row.length--;
    text_add_bytes(out, row.text, row.length);
    out->failed |= row.failed;
    text_add(out, markdown ? "|\n" : "\n");
    text_clear(&row);
    if (line > 0 || !markdown) continue;
    for (size_t c = 0; c < grid->columns; c++) text_add(out, right[c] ? "|---:" : "|---");
    text_add(out, "|\n");
  }
}

/* RFC 4180. */
static void write_csv_cell(struct text *out, const char *cell, bool last) {
  if (strpbrk(cell, ",\"\r\n") == NULL) {
    text_add(out, "%s", cell);
  } else {
    text_add(out, "\"");
    for (; *cell != '\0'; cell++) text_add(out, *cell == '"' ? "\"\"" : "%c", *cell);
    text_add(out, "\"");
  }
  text_add(out, last ? "\n" : ",");
}

static void write_csv(const struct grid *grid, struct text *out) {
  for (size_t c = 0; c < grid->columns; c++) {
    write_csv_cell(out, grid->name[c], c + 1 == grid->columns);
  }
  for (size_t i = 0; i < grid->cells; i++) {
    write_csv_cell(out, grid->cell[i], (i + 1) % grid->columns == 0);
  }
}

static json_t *json_cell(const char *cell) {
  double value;
  if (cell[0] == '\0') return json_null();
  if (text_double(cell, cell + strlen(cell), &value)) return json_real(value);
  return json_string(cell);
}

static void write_json(const struct grid *grid, struct text *out) {
  json_t *list = json_array();
  for (size_t i = 0; i < grid->cells; i += grid->columns) {
    json_t *row = json_object();
    for (size_t c = 0; c < grid->columns; c++) {
      out->failed |= json_object_set_new(row, grid->name[c], json_cell(grid->cell[i + c])) != 0;
    }
    out->failed |= json_array_append_new(list, row) != 0;
  }
  char *dump = json_dumps(list, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
  out->failed |= dump == NULL;
  if (dump != NULL) text_add(out, "%s\n", dump);
  free(dump);
  json_decref(list);
}

void grid_write(const struct grid *grid, enum grid_format format, struct text *out) {
  if (grid->failed || grid->columns == 0 || grid->cells % grid->columns != 0) {
    out->failed = true;
    return;
  }
  switch (format) {
    case GRID_TEXT:
      write_text(grid, out, false);
      break;
    case GRID_MARKDOWN:
      write_text(grid, out, true);
      break;
    case GRID_CSV:
      write_csv(grid, out);
      break;
    case GRID_JSON:
      write_json(grid, out);
      break;
  }
}

void grid_clear(struct grid *grid) {
  for (size_t i = 0; i < grid->columns; i++) free(grid->name[i]);
  for (size_t i = 0; i < grid->cells; i++) free(grid->cell[i]);
  free(grid->cell);
  *grid = (struct grid){0};
}
