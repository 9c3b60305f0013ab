#include "results/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
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

/* What programs are told of each row besides the columns. */
enum { SWEPT, DATA, SYNTHETIC, IRREDUCIBLE, EMULATED, BASELINE, BEST, FAILURE, MORE };
static const char *const more[MORE] = {"swept",    "data",     "synthetic", "irreducible_mse",
                                       "emulated", "baseline", "best",      "failure"};

static json_t *column_value(const struct table_row *row, const struct table_column *column) {
  if (table_column_is_string(column)) return json_text_string(table_string(row, column));
  double number = table_number(row->row, column);
  if (table_column_is_real(column) || isnan(number)) return json_text_real(number);
  if (column->kind == COLUMN_APART) return json_boolean(number > 0);
  return json_integer((json_int_t)number);
}

static json_t *more_value(const struct table_row *row, size_t which) {
  const struct summary *summary = row->summary;
  switch (which) {
    case SWEPT:
      return row->row->swept != NULL ? json_incref(row->row->swept) : json_object();
    case DATA:
      return json_text_string(summary->data);
    case SYNTHETIC:
      return json_boolean(summary->synthetic);
    case IRREDUCIBLE:
      return json_text_real(summary->irreducible_mse);
    case EMULATED:
      return json_boolean(summary->emulated);
    case BASELINE:
      return json_boolean(row->row->baseline);
    case BEST:
      return json_boolean(row->row->best);
    default:
      return row->row->failure != NULL ? json_text_string(row->row->failure) : json_null();
  }
}

struct sheet {
  const struct table_row *rows;
  size_t *shown; /* [columns of the sheet]: a column, or table_column_count + one of MORE */
};

static json_t *value_of(const void *context, size_t row, size_t column) {
  const struct sheet *sheet = context;
  const size_t shown = sheet->shown[column];
  return shown < table_column_count ? column_value(&sheet->rows[row], &table_columns[shown])
                                    : more_value(&sheet->rows[row], shown - table_column_count);
}

static bool write_for_programs(const struct table_row *rows, size_t count,
                               enum text_table_format format, struct text *text,
                               struct error *error) {
  const size_t most = table_column_count + MORE;
  struct sheet sheet = {rows, memory_array(most, sizeof *sheet.shown, error)};
  struct text_table_column *column = memory_array(most, sizeof *column, error);
  struct text_table table = {.column = column, .rows = count, .context = &sheet, .value = value_of};
  const bool good = sheet.shown != NULL && column != NULL;
  for (size_t c = 0; good && c < most; c++) {
    /* CSV has no objects, and what is one for all rows is not in it. */
    const bool nested = c == table_column_count + SWEPT || c == table_column_count + IRREDUCIBLE;
    if (nested && format == TEXT_TABLE_CSV) continue;
    sheet.shown[table.columns] = c;
    column[table.columns++].name =
        c < table_column_count ? table_columns[c].name : more[c - table_column_count];
  }
  if (good) text_table_write(&table, format, text);
  free(sheet.shown);
  free(column);
  return good;
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
  bool done = true;
  if (options->format == TEXT_TABLE_CSV || options->format == TEXT_TABLE_JSON) {
    done = write_for_programs(rows, row_count, options->format, text, error);
  } else {
    table_write_text(summaries, count, rows, row_count, options, text);
  }
  free(rows);
  return done && (!text->failed || error_set(error, ERROR_SYSTEM, "out of memory"));
}
