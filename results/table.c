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

/* As asked; else within each run by its validation rows, for people at a terminal or a pager.
 * What several runs share stands side by side, in Markdown too.
 * `*column`: what the rows, or those of some run, went by. */
static bool order_rows(const struct summary *summaries, size_t count,
                       const struct table_options *options, struct table_row *rows,
                       size_t row_count, const struct table_column **column, struct error *error) {
  *column = NULL;
  if (options->sort != NULL && strcmp(options->sort, TABLE_CONFIG_ORDER) == 0) return true;
  if (options->sort != NULL) {
    if (!table_column_find(options->sort, strlen(options->sort), "cannot sort by", column, error)) {
      return error_help(error, "or '" TABLE_CONFIG_ORDER "': the order of the experiment file");
    }
    sort_rows(rows, row_count, *column);
    return true;
  }
  if (options->format == TEXT_TABLE_CSV || options->format == TEXT_TABLE_JSON) return true;
  struct table_row *own = rows;
  for (size_t i = 0; i < count; own += summaries[i++].rows) {
    if (!summaries[i].validated || options->format != TEXT_TABLE_TEXT) continue;
    *column = table_column_named("validation_mse");
    sort_rows(own, summaries[i].rows, *column);
  }
  return table_pair_rows(rows, row_count, error);
}

/* The columns of --columns, at most as many as `list` has commas and one. */
static bool choose_columns(const char *list, const struct table_column **columns, size_t *chosen,
                           struct error *error) {
  for (const char *at = list; at != NULL;) {
    at += strspn(at, " ");
    size_t length = strcspn(at, ",");
    const char *next = at[length] == ',' ? at + length + 1 : NULL;
    while (length > 0 && at[length - 1] == ' ') length--;
    if (!table_column_find(at, length, "--columns", &columns[*chosen], error)) return false;
    ++*chosen;
    at = next;
  }
  return true;
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

static const char *sheet_name(size_t shown) {
  return shown < table_column_count ? table_columns[shown].name : more[shown - table_column_count];
}

/* Those asked for; else all. */
static size_t fill_sheet(const struct table_view *view, size_t *shown) {
  size_t columns = 0;
  for (size_t c = 0; c < view->chosen; c++) {
    shown[columns++] = (size_t)(view->columns[c] - table_columns);
  }
  for (size_t c = 0; view->chosen == 0 && c < table_column_count + MORE; c++) {
    /* CSV has no objects, and what is one for all rows is not in it. */
    const bool nested = c == table_column_count + SWEPT || c == table_column_count + IRREDUCIBLE;
    if (c < table_column_count && table_columns[c].of_several && view->count < 2) continue;
    if (!nested || view->options->format != TEXT_TABLE_CSV) shown[columns++] = c;
  }
  return columns;
}

static bool write_for_programs(const struct table_view *view, struct text *text,
                               struct error *error) {
  const size_t most = table_column_count + MORE + view->chosen;
  struct sheet sheet = {view->rows, memory_array(most, sizeof *sheet.shown, error)};
  struct text_table_column *column = memory_array(most, sizeof *column, error);
  struct text_table table = {
      .column = column, .rows = view->row_count, .context = &sheet, .value = value_of};
  const bool good = sheet.shown != NULL && column != NULL;
  if (good) {
    table.columns = fill_sheet(view, sheet.shown);
    for (size_t c = 0; c < table.columns; c++) column[c].name = sheet_name(sheet.shown[c]);
    text_table_write(&table, view->options->format, text);
  }
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

static bool write(struct table_view *view, struct table_row *rows,
                  const struct table_column **columns, struct text *text, struct error *error) {
  const struct table_options *options = view->options;
  if (!choose_columns(options->columns, columns, &view->chosen, error) ||
      !order_rows(view->summaries, view->count, options, rows, view->row_count, &view->sort,
                  error)) {
    return false;
  }
  if (options->top > 0 && options->top < view->row_count) view->row_count = options->top;
  if (options->format == TEXT_TABLE_CSV || options->format == TEXT_TABLE_JSON) {
    return write_for_programs(view, text, error);
  }
  table_write_text(view, text);
  return true;
}

static size_t count_columns(const char *list) {
  size_t count = 1;
  for (; list != NULL && *list != '\0'; list++) count += *list == ',';
  return count;
}

bool table_write(const struct summary *summaries, size_t count, const struct table_options *options,
                 struct text *text, struct error *error) {
  struct table_view view = {.summaries = summaries, .count = count, .options = options};
  struct table_row *rows = rows_of(summaries, count, &view.row_count, error);
  const struct table_column **columns =
      memory_array(count_columns(options->columns), sizeof *columns, error);
  view.rows = rows;
  view.columns = columns;
  const bool done = rows != NULL && columns != NULL && write(&view, rows, columns, text, error);
  free(rows);
  free(columns);
  return done && (!text->failed || error_set(error, ERROR_SYSTEM, "out of memory"));
}
