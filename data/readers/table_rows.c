#include "data/readers/table_rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "data/readers/text_file.h"

bool table_rows_fault(const struct table_rows *rows, struct error *error, const char *format, ...) {
  char what[512];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(what, sizeof what, format, arguments);
  va_end(arguments);
  return error_fault(error, ERROR_DATA, rows->name, rows->line, "%s", what);
}

size_t table_rows_find(const struct table_rows *rows, const char *column, struct error *error) {
  for (size_t c = 0; c < rows->columns; c++) {
    if (strcmp(rows->column[c], column) == 0) return c;
  }
  const char *names[CSV_FIELDS_MAX];
  struct text known = {0};
  bool number = rows->columns > 0;
  for (size_t c = 0; c < rows->columns && c < CSV_FIELDS_MAX; c++) {
    double value;
    const char *name = names[c] = rows->column[c];
    text_add(&known, "%s%s", c > 0 ? ", " : "", name);
    number = number && text_double(name, name + strlen(name), &value);
  }
  /* One column whose name has a comma in it: the file was cut at something else. */
  const bool uncut = rows->columns == 1 && strpbrk(rows->column[0], ",;\t|") != NULL;
  const char *nearest = uncut ? NULL : text_nearest(column, names, rows->columns);
  error_set(error, ERROR_DATA, "%s: there is no column '%s'", rows->name, column);
  if (nearest != NULL) error_help(error, "did you mean '%s'?", nearest);
  error_help(error, "its columns: %s", known.failed ? "..." : known.text);
  if (uncut) error_help(error, "without delimiter, what separates the columns is found by looking");
  if (number) {
    error_help(error, "the first line looks like data: name the columns with header: [...]");
  }
  text_clear(&known);
  return SIZE_MAX;
}

/* --- the fields of a record --- */

/* Latin-1 letters become two bytes. */
static void convert(struct table_rows *rows) {
  char *out = rows->converted;
  for (size_t c = 0; c < rows->columns; c++) {
    const struct span field = rows->csv.field[c];
    const char *begin = out;
    for (const char *at = field.begin; at < field.end; at++) {
      const unsigned byte = (unsigned char)*at;
      if (byte >= 0x80) *out++ = (char)(0xc0 | byte >> 6);
      *out++ = (char)(byte >= 0x80 ? 0x80 | (byte & 0x3f) : byte);
    }
    rows->field[c] = (struct span){begin, out};
  }
}

/* Those of the record, which has one for each column, in UTF-8. */
static void take_fields(struct table_rows *rows) {
  if (rows->latin1) {
    convert(rows);
  } else {
    memcpy(rows->field, rows->csv.field, rows->columns * sizeof *rows->field);
  }
}

/* --- the header --- */

static bool allocate(struct table_rows *rows, size_t columns, struct error *error) {
  rows->columns = columns;
  rows->column = memory_array(columns, sizeof *rows->column, error);
  rows->spec = memory_array(columns, sizeof *rows->spec, error);
  rows->field = memory_array(columns, sizeof *rows->field, error);
  return rows->column != NULL && rows->spec != NULL && rows->field != NULL;
}

/* "token_seq" of "genres:token_seq". */
static bool read_type(struct table_rows *rows, size_t column, const char *type,
                      struct error *error) {
  struct cell_spec *spec = &rows->spec[column];
  if (strcmp(type, "token") == 0) {
    spec->kind = CELL_CATEGORY;
  } else if (strcmp(type, "float") == 0) {
    spec->kind = CELL_NUMBER;
  } else if (strcmp(type, "token_seq") == 0) {
    *spec = (struct cell_spec){.kind = CELL_MULTI_HOT, .separator = " "};
  } else if (strcmp(type, "float_seq") == 0) {
    spec->kind = CELL_IGNORED;
  } else {
    return error_at(error, ERROR_DATA, rows->name, 1, 0,
                    "column '%s' has the type '%.20s', which is not token, token_seq, float or "
                    "float_seq",
                    rows->column[column], type);
  }
  return true;
}

static bool set_name(struct table_rows *rows, size_t column, const char *name, size_t length,
                     bool typed, struct error *error) {
  char *own = rows->column[column];
  const char *colon = typed ? memchr(name, ':', length) : NULL;
  const size_t size = colon != NULL ? (size_t)(colon - name) : length;
  if (size == 0 || size >= COLUMN_NAME) {
    return error_at(error, ERROR_DATA, rows->name, 1, 0,
                    size == 0 ? "column %zu has no name"
                              : "the name of column %zu is too long (at most 47 bytes)",
                    column + 1);
  }
  memcpy(own, name, size);
  for (size_t c = 0; c < column; c++) {
    if (strcmp(rows->column[c], own) != 0) continue;
    return error_at(error, ERROR_DATA, rows->name, 1, 0, "column '%s' stands twice", own);
  }
  if (!typed) return true;
  char type[24] = "";
  if (colon != NULL) {
    (void)snprintf(type, sizeof type, "%.*s", (int)(length - size - 1), colon + 1);
  }
  return read_type(rows, column, type, error);
}

static bool read_header(struct table_rows *rows, bool typed, struct error *error) {
  struct csv_reader *csv = &rows->csv;
  if (!csv_next(csv, error)) {
    return error->kind == ERROR_NONE
               ? error_set(error, ERROR_DATA, "%s: the file is empty", rows->name)
               : false;
  }
  if (!allocate(rows, csv->fields, error)) return false;
  take_fields(rows);
  for (size_t c = 0; c < rows->columns; c++) {
    const struct span field = rows->field[c];
    if (!set_name(rows, c, field.begin, (size_t)(field.end - field.begin), typed, error)) {
      return false;
    }
  }
  return true;
}

static bool give_header(struct table_rows *rows, const struct source_table *table,
                        struct error *error) {
  if (!allocate(rows, table->header, error)) return false;
  for (size_t c = 0; c < table->header; c++) {
    const char *name = table->header_name[c];
    if (!set_name(rows, c, name, strlen(name), false, error)) return false;
  }
  return true;
}

bool table_rows_open_file(struct table_rows *rows, const char *path,
                          const struct source_table *table, bool typed, struct error *error) {
  struct text_file file;
  *rows = (struct table_rows){.csv = {.descriptor = -1}};
  rows->name = memory_text(path, error);
  if (rows->name == NULL || !text_file_open(&file, path, error)) return false;
  rows->latin1 = file.latin1;
  const char *delimiter = table->delimiter[0] != '\0' ? table->delimiter : file.delimiter;
  const bool quoted = strcmp(delimiter, ",") == 0 || strcmp(delimiter, ";") == 0;
  if (!csv_open(&rows->csv, file.descriptor, rows->name, error)) {
    (void)close(file.descriptor);
    rows->csv.descriptor = -1;
    return false;
  }
  csv_delimit(&rows->csv, delimiter, quoted);
  if (rows->latin1) rows->converted = memory_array((size_t)2 * CSV_RECORD_MAX, 1, error);
  if (rows->latin1 && rows->converted == NULL) return false;
  return table->header > 0 ? give_header(rows, table, error) : read_header(rows, typed, error);
}

/* --- queries --- */

enum { DIGITS = 24 }; /* of a cell that is a number: those of -2^63, or of less than 10^6 */

/* UTF-8 without a zero byte, as files of text are: a database takes any bytes. */
static bool is_text(const char *at, const char *end) {
  while (at < end) {
    const size_t length = (unsigned char)*at < 0x80 ? *at != '\0' : text_character(at, end);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

static bool query_fault(const struct table_rows *rows, struct error *error) {
  return error_set(error, ERROR_DATA, "%s: %s", rows->name, sqlite3_errmsg(rows->database));
}

bool table_rows_open_query(struct table_rows *rows, const char *path, const char *query,
                           const char *what, struct error *error) {
  struct text name = {0};
  *rows = (struct table_rows){.csv = {.descriptor = -1}};
  text_add(&name, "%s: query of the %s", path, what);
  rows->name = name.failed ? NULL : memory_text(name.text, error);
  text_clear(&name);
  if (rows->name == NULL) return error_set(error, ERROR_SYSTEM, "out of memory");
  if (access(path, R_OK) != 0) {
    return error_set(error, ERROR_DATA, "%s: no such file, or it cannot be read", path);
  }
  if (sqlite3_open_v2(path, &rows->database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
      SQLITE_OK) {
    return query_fault(rows, error);
  }
  const char *rest = "";
  if (sqlite3_prepare_v2(rows->database, query, -1, &rows->statement, &rest) != SQLITE_OK) {
    return query_fault(rows, error);
  }
  if (rows->statement == NULL || rest[strspn(rest, " \t\r\n;")] != '\0') {
    return error_set(error, ERROR_DATA, "%s: expected one SELECT statement", rows->name);
  }
  if (!sqlite3_stmt_readonly(rows->statement)) {
    return error_set(error, ERROR_DATA, "%s: it would change the database", rows->name);
  }
  if (!allocate(rows, (size_t)sqlite3_column_count(rows->statement), error)) return false;
  rows->digits = memory_array(rows->columns, DIGITS, error);
  if (rows->digits == NULL) return false;
  for (size_t c = 0; c < rows->columns; c++) {
    const char *column = sqlite3_column_name(rows->statement, (int)c);
    if (column == NULL) return error_set(error, ERROR_SYSTEM, "out of memory");
    if (!is_text(column, column + strlen(column))) {
      return error_set(error, ERROR_DATA, "%s: the name of column %zu is no text in UTF-8",
                       rows->name, c + 1);
    }
    if (!set_name(rows, c, column, strlen(column), false, error)) return false;
  }
  return true;
}

static char *write_digits(char *end, uint64_t value) {
  do *--end = (char)('0' + value % 10);
  while ((value /= 10) > 0);
  return end;
}

/* What SQLite makes of the integer. */
static struct span show_integer(int64_t value, char *end) {
  char *begin = write_digits(end, value < 0 ? -(uint64_t)value : (uint64_t)value);
  if (value < 0) *--begin = '-';
  return (struct span){begin, end};
}

/* The same of a number with one digit after the point, as ratings are, which takes SQLite
 * longer than all the rest of a row. False: it is none such. */
static bool show_tenths(double value, char *end, struct span *field) {
  if (!(value > 0 && value < 1e6)) return false;
  const uint64_t tenths = (uint64_t)(value * 10 + 0.5);
  if ((double)tenths / 10 != value) return false;
  char *begin = end;
  *--begin = (char)('0' + tenths % 10);
  *--begin = '.';
  *field = (struct span){write_digits(begin, tenths / 10), end};
  return true;
}

/* Any other cell, as SQLite shows it; NULL is the empty text. */
static bool take_text(struct table_rows *rows, size_t c, struct error *error) {
  const char *text = (const char *)sqlite3_column_text(rows->statement, (int)c);
  const int length = sqlite3_column_bytes(rows->statement, (int)c);
  if (text == NULL && sqlite3_errcode(rows->database) == SQLITE_NOMEM) {
    return error_set(error, ERROR_SYSTEM, "out of memory");
  }
  if (text == NULL) text = "";
  rows->field[c] = (struct span){text, text + length};
  return is_text(text, text + length) ||
         table_rows_fault(rows, error, "%s holds bytes that are no text in UTF-8", rows->column[c]);
}

/* The row's cells as text; false: one is none, which is a fault of the row, or memory ran out. */
static bool take_cells(struct table_rows *rows, struct error *error) {
  bool good = true;
  for (size_t c = 0; c < rows->columns; c++) {
    char *end = rows->digits + (c + 1) * DIGITS;
    const int type = sqlite3_column_type(rows->statement, (int)c);
    if (type == SQLITE_INTEGER) {
      rows->field[c] = show_integer(sqlite3_column_int64(rows->statement, (int)c), end);
    } else if (type != SQLITE_FLOAT ||
               !show_tenths(sqlite3_column_double(rows->statement, (int)c), end, &rows->field[c])) {
      good = take_text(rows, c, error) && good;
    }
  }
  return good;
}

static bool next_of_query(struct table_rows *rows, struct error *error) {
  for (;;) {
    const int status = sqlite3_step(rows->statement);
    if (status == SQLITE_DONE) return false;
    if (status != SQLITE_ROW) return query_fault(rows, error);
    rows->line++;
    if (take_cells(rows, error)) return true;
    if (error->kind == ERROR_SYSTEM) return false;
  }
}

/* --- rows of files --- */

static bool next_of_file(struct table_rows *rows, struct error *error) {
  struct csv_reader *csv = &rows->csv;
  while (csv_next(csv, &rows->fault)) {
    rows->line = csv->line;
    if (csv->fields != rows->columns) {
      table_rows_fault(rows, error, "%zu field%s, expected %zu", csv->fields,
                       csv->fields == 1 ? "" : "s", rows->columns);
      continue;
    }
    take_fields(rows);
    return true;
  }
  return rows->fault.kind == ERROR_NONE ? false : error_fault_of(error, &rows->fault);
}

bool table_rows_next(struct table_rows *rows, struct error *error) {
  return rows->statement != NULL ? next_of_query(rows, error) : next_of_file(rows, error);
}

void table_rows_close(struct table_rows *rows) {
  if (rows->csv.descriptor >= 0) (void)close(rows->csv.descriptor);
  csv_close(&rows->csv);
  sqlite3_finalize(rows->statement);
  sqlite3_close(rows->database);
  free(rows->name);
  free(rows->column);
  free(rows->spec);
  free(rows->field);
  free(rows->converted);
  free(rows->digits);
  *rows = (struct table_rows){.csv = {.descriptor = -1}};
}
