#include "results/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/document.h"
#include "base/memory.h"
#include "results/table_columns.h"

/* Of two rows without a value: those that the sweep stopped stand before those
 * that have not run or failed, by how far they came. */
static bool went_further(const struct summary_row *a, const struct summary_row *b) {
  if (table_row_stopped(a) != table_row_stopped(b)) return table_row_stopped(a);
  if (!table_row_stopped(a)) return false;
  if (a->stopped_epoch != b->stopped_epoch) return a->stopped_epoch > b->stopped_epoch;
  return a->stopped_validation_mse < b->stopped_validation_mse;
}

static bool goes_before(const struct table_row *a, const struct table_row *b,
                        const struct table_column *column) {
  if (table_column_is_string(column)) {
    return strcmp(table_string(a, column), table_string(b, column)) < 0;
  }
  double left = table_number(a->row, column), right = table_number(b->row, column);
  if (isnan(left) && isnan(right)) return went_further(a->row, b->row);
  return isnan(right) || left < right;
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
  const char **names = memory_array(table_column_count, sizeof *names, error);
  if (names == NULL) return false;
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
  free(names);
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
  if (table_column_is_real(column)) {
    document_add_real(text, number);
  } else if (column->kind == COLUMN_APART) {
    text_add(text, "%s", number > 0 ? "true" : "false");
  } else {
    text_add(text, "%.0f", number);
  }
}

static void write_csv(const struct table_row *rows, size_t count, struct text *text) {
  for (size_t c = 0; c < table_column_count; c++) text_add(text, "%s,", table_columns[c].name);
  text_add(text, "data,synthetic,emulated,baseline,best,failure\r\n");
  for (size_t i = 0; i < count; i++) {
    const struct summary *summary = rows[i].summary;
    const struct summary_row *row = rows[i].row;
    for (size_t c = 0; c < table_column_count; c++) {
      const struct table_column *column = &table_columns[c];
      if (table_column_is_string(column)) {
        add_csv_string(text, table_string(&rows[i], column));
      } else {
        add_csv_number(text, row, column);
      }
      text_add(text, ",");
    }
    add_csv_string(text, summary->data);
    const bool flags[] = {summary->synthetic, summary->emulated, row->baseline, row->best};
    for (size_t f = 0; f < 4; f++) text_add(text, ",%s", flags[f] ? "true" : "false");
    text_add(text, ",");
    add_csv_string(text, row->failure != NULL ? row->failure : "");
    text_add(text, "\r\n");
  }
}

static json_t *column_to_json(const struct table_row *row, const struct table_column *column) {
  if (table_column_is_string(column)) return document_string(table_string(row, column));
  double number = table_number(row->row, column);
  if (table_column_is_real(column) || isnan(number)) return document_real(number);
  if (column->kind == COLUMN_APART) return json_boolean(number > 0);
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
  good = json_object_set_new(object, "baseline", json_boolean(row->row->baseline)) == 0 && good;
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
