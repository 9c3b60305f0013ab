/* Tables for people: the cells, on a terminal and in Markdown. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/width.h"
#include "results/table_columns.h"

enum {
  PAGE_WIDTH = 120,
  DECIMALS = 4 /* of an MSE */
};

/* A column as shown: the number called `name`, its spread after it, and what
 * stands there in brackets for an architecture that was stopped. */
struct shown_column {
  const char *title, *name, *spread, *stopped;
  int decimals;
};

static const struct shown_column shown[] = {
    {"run", "run", NULL, NULL, 0},
    {"architecture", "label", NULL, NULL, 0},
    {"n", "n", NULL, NULL, 0},
    {"test MSE", "mse", "mse_sd", "stopped_mse", DECIMALS},
    {"val. MSE", "validation_mse", NULL, "stopped_validation_mse", DECIMALS},
    {"vs base", "difference", NULL, NULL, DECIMALS},
    {"params", "parameters", NULL, NULL, 0},
    {"one-hot", "wide_columns", NULL, NULL, 0},
    {"CPU s", "cpu_seconds", NULL, NULL, 2},
    {"wall s", "seconds", NULL, NULL, 2},
};
enum { SHOWN = sizeof shown / sizeof shown[0], LABEL = 1, COUNT = 2, DIFFERENCE = 5 };

struct page {
  const struct table_row *rows;
  size_t count;
  const struct table_options *options;
  size_t shown[SHOWN]; /* [columns] those with something in them */
  size_t columns;
  bool spread[SHOWN];
  bool intervals; /* some difference has one */
};

static bool is_string(size_t column) {
  return column <= LABEL;
}

static double number_named(const struct summary_row *row, const char *name) {
  return name != NULL ? table_number(row, table_column_named(name)) : NAN;
}

static void add_label(const struct summary_row *row, struct text *cell) {
  text_add(cell, "%s", row->label);
  if (row->best) text_add(cell, " *");
  if (paired_alike(&row->vs_best)) text_add(cell, " ≈");
}

/* On a terminal a cell has blanks for what its neighbours have and it has not,
 * so that the points stand below each other. */
static void add_blanks(const struct page *page, int blanks, struct text *cell) {
  if (page->options->format == TEXT_TABLE_TEXT) text_add(cell, "%*s", blanks, "");
}

static void add_difference(const struct page *page, const struct summary_row *row,
                           struct text *cell) {
  const struct architecture_comparison *versus = &row->vs_baseline;
  int interval = (int)strlen(" [+0.0000, +0.0000] ~");
  if (table_row_stopped(row)) {
    size_t before = cell->length;
    text_add(cell, "stopped at epoch %zu", row->stopped_epoch);
    int beyond = (int)(cell->length - before) - (int)strlen("+0.0000");
    if (page->intervals && beyond < interval) add_blanks(page, interval - beyond, cell);
    return;
  }
  if (row->baseline) {
    text_add(cell, "baseline");
  } else if (versus->pairs > 0) {
    text_add(cell, "%+.*f", DECIMALS, versus->difference);
  } else {
    return;
  }
  if (!isnan(versus->low)) {
    text_add(cell, " [%+.*f, %+.*f]", DECIMALS, versus->low, DECIMALS, versus->high);
    if (paired_alike(versus)) {
      text_add(cell, " ~");
    } else {
      add_blanks(page, 2, cell);
    }
  } else if (page->intervals) {
    add_blanks(page, interval, cell);
  }
}

/* How many trials the means are over, and of how many when some are missing. */
static void add_count(const struct summary_row *row, struct text *cell) {
  bool stopped = table_row_stopped(row);
  size_t count = row->trials + row->stopped;
  text_add(cell, "%s%zu", stopped ? "(" : "", count);
  if (count < row->planned) text_add(cell, "/%zu", row->planned);
  if (stopped) text_add(cell, ")");
}

static void add_number(const struct page *page, size_t c, const struct summary_row *row,
                       struct text *cell) {
  const struct shown_column *column = &shown[c];
  double number = number_named(row, column->name), spread = number_named(row, column->spread);
  double stopped = number_named(row, column->stopped);
  int blanks = page->spread[c] ? DECIMALS + (int)width_of(" ± 0.") : 0;
  if (table_row_stopped(row) && !isnan(stopped)) {
    text_add(cell, "(%.*f)", column->decimals, stopped);
    add_blanks(page, blanks > 0 ? blanks - 1 : 0, cell);
  } else if (!isnan(number)) {
    text_add(cell, "%.*f", column->decimals, number);
    if (!isnan(spread)) {
      text_add(cell, " ± %.*f", column->decimals, spread);
    } else {
      add_blanks(page, blanks, cell);
    }
  }
}

static void add_cell(const struct page *page, size_t c, const struct table_row *row,
                     struct text *cell) {
  text_add(cell, "%s", "");
  if (c == LABEL) {
    add_label(row->row, cell);
  } else if (is_string(c)) {
    text_add(cell, "%s", table_string(row, table_column_named(shown[c].name)));
  } else if (c == COUNT) {
    add_count(row->row, cell);
  } else if (c == DIFFERENCE) {
    add_difference(page, row->row, cell);
  } else {
    add_number(page, c, row->row, cell);
  }
}

static void add_title(const struct page *page, size_t c, struct text *title) {
  text_add(title, "%s%s%s", shown[c].title, page->spread[c] ? " ± sd" : "",
           c == DIFFERENCE && page->intervals ? " [95 % interval]" : "");
}

static bool is_used(const struct table_row *rows, size_t count, size_t c) {
  for (size_t i = 0; i < count; i++) {
    const struct summary_row *row = rows[i].row;
    if (is_string(c) || !isnan(number_named(row, shown[c].name))) return true;
    if (!table_row_stopped(row)) continue;
    if (c == DIFFERENCE || !isnan(number_named(row, shown[c].stopped))) return true;
  }
  return false;
}

static void find_used(struct page *page, bool several_runs) {
  for (size_t c = several_runs ? 0 : LABEL; c < SHOWN; c++) {
    if (is_used(page->rows, page->count, c)) page->shown[page->columns++] = c;
    for (size_t i = 0; i < page->count; i++) {
      const struct summary_row *row = page->rows[i].row;
      page->intervals = page->intervals || !isnan(row->vs_baseline.low);
      page->spread[c] = page->spread[c] || !isnan(number_named(row, shown[c].spread));
    }
  }
}

static void cell_of(const void *context, size_t row, size_t column, struct text *cell) {
  const struct page *page = context;
  add_cell(page, page->shown[column], &page->rows[row], cell);
}

static bool is_best(const void *context, size_t row) {
  return ((const struct page *)context)->rows[row].row->best;
}

static void write_page(const struct page *page, struct text *text) {
  struct text_table_column column[SHOWN] = {{0}};
  struct text title[SHOWN] = {{0}};
  for (size_t c = 0; c < page->columns; c++) {
    const size_t at = page->shown[c];
    add_title(page, at, &title[c]);
    text->failed |= title[c].failed;
    column[c] = (struct text_table_column){
        .name = title[c].failed ? "" : title[c].text, .left = is_string(at), .wraps = at == LABEL};
  }
  text_table_write(&(struct text_table){.column = column,
                                        .columns = page->columns,
                                        .rows = page->count,
                                        .context = page,
                                        .cell = cell_of,
                                        .bold = page->options->color ? is_best : NULL,
                                        .page_width = PAGE_WIDTH},
                   page->options->format, text);
  for (size_t c = 0; c < page->columns; c++) text_clear(&title[c]);
}

void table_write_text(const struct summary *summaries, size_t count, const struct table_row *rows,
                      size_t row_count, const struct table_options *options, struct text *text) {
  struct page page = {.rows = rows, .count = row_count, .options = options};
  bool any = false;
  for (size_t i = 0; i < count; i++) any = any || summaries[i].records.count > 0;
  table_write_headings(summaries, count, options, text);
  if (any && row_count > 0) {
    find_used(&page, count > 1);
    write_page(&page, text);
    table_write_legend(summaries, count, rows, row_count, options, text);
  } else {
    struct text line = {0};
    text_add(&line, "no trial has ended yet: nothing to show");
    table_add_line(options, "", &line, text);
    text_clear(&line);
  }
  for (size_t i = 0; i < count; i++) table_write_unfinished(&summaries[i], options, text);
}
