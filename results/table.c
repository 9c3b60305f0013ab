#include "results/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "results/document.h"
#include "results/table_columns.h"

#define AT(field) offsetof(struct summary_row, field)

const struct table_column table_columns[] = {
    {"run", COLUMN_RUN, 0},
    {"label", COLUMN_LABEL, 0},
    {"n", COLUMN_COUNT, AT(trials)},
    {"failed", COLUMN_COUNT, AT(failed)},
    {"planned", COLUMN_COUNT, AT(planned)},
    {"mse", COLUMN_REAL, AT(mse)},
    {"mse_sd", COLUMN_REAL, AT(mse_sd)},
    {"vs_baseline", COLUMN_REAL, AT(vs_baseline)},
    {"validation_mse", COLUMN_REAL, AT(validation_mse)},
    {"validation_mse_sd", COLUMN_REAL, AT(validation_mse_sd)},
    {"train_mse", COLUMN_REAL, AT(train_mse)},
    {"rmse", COLUMN_REAL, AT(rmse)},
    {"mae", COLUMN_REAL, AT(mae)},
    {"parameters", COLUMN_U64, AT(parameters)},
    {"wide_columns", COLUMN_U64, AT(wide_columns)},
    {"flops_per_row", COLUMN_U64, AT(flops_per_row)},
    {"cpu_seconds", COLUMN_REAL, AT(cpu_seconds)},
    {"seconds", COLUMN_REAL, AT(seconds)},
};
const size_t table_column_count = sizeof table_columns / sizeof table_columns[0];

const struct table_column *table_column_named(const char *name) {
  for (size_t i = 0; i < table_column_count; i++) {
    if (strcmp(table_columns[i].name, name) == 0) return &table_columns[i];
  }
  return NULL;
}

double table_number(const struct summary_row *row, const struct table_column *column) {
  const void *field = (const char *)row + column->offset;
  if (column->kind == COLUMN_REAL) return *(const double *)field;
  if (column->kind == COLUMN_COUNT) return (double)*(const size_t *)field;
  return row->trials > 0 ? (double)*(const uint64_t *)field : NAN;
}

const char *table_string(const struct table_row *row, const struct table_column *column) {
  return column->kind == COLUMN_RUN ? row->summary->run : row->row->label;
}

static bool is_string(const struct table_column *column) {
  return column->kind == COLUMN_RUN || column->kind == COLUMN_LABEL;
}

static bool goes_before(const struct table_row *a, const struct table_row *b,
                        const struct table_column *column) {
  if (is_string(column)) return strcmp(table_string(a, column), table_string(b, column)) < 0;
  double left = table_number(a->row, column), right = table_number(b->row, column);
  return isnan(right) ? !isnan(left) : left < right;
}

/* By insertion: stable, as qsort is not, and rows are few. */
static void sort_rows(struct table_row *rows, size_t count, const struct table_column *column) {
  for (size_t i = 1; i < count; i++) {
    struct table_row moved = rows[i];
    size_t to = i;
    for (; to > 0 && goes_before(&moved, &rows[to - 1], column); to--) rows[to] = rows[to - 1];
    rows[to] = moved;
  }
}

static bool find_sort(const char *name, const struct table_column **column, struct error *error) {
  *column = name != NULL ? table_column_named(name) : NULL;
  if (name == NULL || *column != NULL) return true;
  const char *names[sizeof table_columns / sizeof table_columns[0]];
  struct text all = {0};
  for (size_t i = 0; i < table_column_count; i++) {
    names[i] = table_columns[i].name;
    text_add(&all, "%s%s", i > 0 ? ", " : "", names[i]);
  }
  const char *nearest = text_nearest(name, names, table_column_count);
  error_set(error, ERROR_USAGE, "cannot sort by '%s': no such column", name);
  if (nearest != NULL) error_help(error, "did you mean '%s'?", nearest);
  error_help(error, "columns: %s", all.failed ? "" : all.text);
  text_clear(&all);
  return false;
}

/* RFC 4180, section 2: quotes where a comma, a quote or a line end stands in
 * the field, a quote doubled, lines ended by CRLF. */
static void add_csv_string(struct text *text, const char *string) {
  if (strpbrk(string, ",\"\r\n") == NULL) {
    text_add(text, "%s", string);
    return;
  }
  text_add(text, "\"");
  for (; *string != '\0'; string++) {
    if (*string == '"') text_add(text, "\"");
    text_add_bytes(text, string, 1);
  }
  text_add(text, "\"");
}

static void add_csv_number(struct text *text, const struct summary_row *row,
                           const struct table_column *column) {
  double number = table_number(row, column);
  if (isnan(number)) return;
  if (column->kind == COLUMN_REAL) {
    document_add_real(text, number);
  } else {
    text_add(text, "%.0f", number);
  }
}

static void write_csv(const struct table_row *rows, size_t count, struct text *text) {
  for (size_t c = 0; c < table_column_count; c++) text_add(text, "%s,", table_columns[c].name);
  text_add(text, "data,synthetic,emulated,best,failure\r\n");
  for (size_t i = 0; i < count; i++) {
    const struct summary *summary = rows[i].summary;
    const struct summary_row *row = rows[i].row;
    for (size_t c = 0; c < table_column_count; c++) {
      const struct table_column *column = &table_columns[c];
      if (is_string(column)) {
        add_csv_string(text, table_string(&rows[i], column));
      } else {
        add_csv_number(text, row, column);
      }
      text_add(text, ",");
    }
    add_csv_string(text, summary->data);
    text_add(text, ",%s,%s,%s,", summary->synthetic ? "true" : "false",
             summary->emulated ? "true" : "false", row->best ? "true" : "false");
    add_csv_string(text, row->failure != NULL ? row->failure : "");
    text_add(text, "\r\n");
  }
}

static json_t *column_to_json(const struct table_row *row, const struct table_column *column) {
  if (is_string(column)) return document_string(table_string(row, column));
  double number = table_number(row->row, column);
  if (column->kind == COLUMN_REAL || isnan(number)) return document_real(number);
  return json_integer((json_int_t)number);
}

static json_t *row_to_json(const struct table_row *row) {
  const struct summary *summary = row->summary;
  json_t *object = json_object();
  json_t *swept = row->row->swept != NULL ? json_incref(row->row->swept) : json_object();
  json_t *failure = row->row->failure != NULL ? document_string(row->row->failure) : json_null();
  bool good = object != NULL;
  for (size_t c = 0; c < table_column_count; c++) {
    json_t *value = column_to_json(row, &table_columns[c]);
    good = json_object_set_new(object, table_columns[c].name, value) == 0 && good;
  }
  json_t *irreducible = document_real(summary->irreducible_mse);
  good = json_object_set_new(object, "swept", swept) == 0 && good;
  good = json_object_set_new(object, "data", document_string(summary->data)) == 0 && good;
  good = json_object_set_new(object, "synthetic", json_boolean(summary->synthetic)) == 0 && good;
  good = json_object_set_new(object, "irreducible_mse", irreducible) == 0 && good;
  good = json_object_set_new(object, "emulated", json_boolean(summary->emulated)) == 0 && good;
  good = json_object_set_new(object, "best", json_boolean(row->row->best)) == 0 && good;
  good = json_object_set_new(object, "failure", failure) == 0 && good;
  if (good) return object;
  json_decref(object);
  return NULL;
}

static void write_json(const struct table_row *rows, size_t count, struct text *text) {
  json_t *list = json_array();
  for (size_t i = 0; i < count; i++) {
    if (json_array_append_new(list, row_to_json(&rows[i])) != 0) text->failed = true;
  }
  if (list != NULL) document_add(text, list);
  text_add(text, "\n");
  json_decref(list);
}

static struct table_row *rows_of(const struct summary *summaries, size_t count, size_t *rows,
                                 struct error *error) {
  *rows = 0;
  for (size_t i = 0; i < count; i++) *rows += summaries[i].rows;
  struct table_row *row = memory_array(*rows, sizeof *row, error);
  size_t next = 0;
  for (size_t i = 0; row != NULL && i < count; i++) {
    for (size_t r = 0; r < summaries[i].rows; r++) {
      row[next++] = (struct table_row){&summaries[i], &summaries[i].row[r]};
    }
  }
  return row;
}

bool table_write(const struct summary *summaries, size_t count, const struct table_options *options,
                 struct text *text, struct error *error) {
  const struct table_column *sort;
  if (!find_sort(options->sort, &sort, error)) return false;
  size_t row_count;
  struct table_row *rows = rows_of(summaries, count, &row_count, error);
  if (rows == NULL) return false;
  if (sort != NULL) sort_rows(rows, row_count, sort);
  if (options->top > 0 && options->top < row_count) row_count = options->top;
  if (options->format == TABLE_CSV) {
    write_csv(rows, row_count, text);
  } else if (options->format == TABLE_JSON) {
    write_json(rows, row_count, text);
  } else {
    table_write_text(summaries, count, rows, row_count, options, text);
  }
  free(rows);
  return text->failed ? error_set(error, ERROR_SYSTEM, "out of memory") : true;
}
