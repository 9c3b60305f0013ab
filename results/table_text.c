/* Tables for people: the cells, on a terminal and in Markdown. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/plain.h"
#include "base/width.h"
#include "results/table_columns.h"

enum { DECIMALS = 4, /* of an MSE */ SECONDS_DECIMALS = 2 };

/* A column that stands unless others are asked for: its spread after the number,
 * what stands there in brackets for an architecture that was stopped, and how soon
 * it is left out where there is no room (text_table_column.rank). */
struct standard_column {
  const char *name, *spread, *stopped;
  unsigned rank;
};

static const struct standard_column standard[] = {
    {"run", NULL, NULL, 0},         {"label", NULL, NULL, 0},
    {"n", NULL, NULL, 2},           {"mse", "mse_sd", "stopped_mse", 0},
    {"first_mse", NULL, NULL, 8},   {"change", NULL, NULL, 0},
    {"change_low", NULL, NULL, 1},  {"validation_mse", NULL, "stopped_validation_mse", 4},
    {"difference", NULL, NULL, 3},  {"difference_low", NULL, NULL, 5},
    {"parameters", NULL, NULL, 6},  {"wide_columns", NULL, NULL, 7},
    {"cpu_seconds", NULL, NULL, 9}, {"seconds", NULL, NULL, 10},
};
enum { STANDARD = sizeof standard / sizeof standard[0], LABEL = 1 };

/* What a cell is made by. */
enum cell_kind {
  CELL_LABEL,
  CELL_TEXT,
  CELL_COUNT,
  CELL_DIFFERENCE,
  CELL_INTERVAL,
  CELL_CHANGE,
  CELL_CHANGE_INTERVAL,
  CELL_NUMBER
};

struct shown_column {
  const struct table_column *column;
  const struct standard_column *as; /* with its name, or one without a spread */
  enum cell_kind kind;
  unsigned rank;
  bool spread; /* some row has one */
};

struct page {
  const struct table_view *view;
  struct shown_column *shown; /* [columns] */
  size_t columns;
  bool alike;                 /* some row has no significant difference from the baseline, */
  bool unchanged;             /* or from the first run */
  struct table_common common; /* parts of the labels that stand above the table */
};

static const struct standard_column *standard_named(const char *name) {
  static const struct standard_column bare = {"", NULL, NULL, 0};
  for (size_t i = 0; i < STANDARD; i++) {
    if (strcmp(standard[i].name, name) == 0) return &standard[i];
  }
  return &bare;
}

static enum cell_kind kind_of(const struct table_column *column) {
  if (column->kind == COLUMN_LABEL) return CELL_LABEL;
  if (table_column_is_string(column)) return CELL_TEXT;
  if (strcmp(column->name, "n") == 0) return CELL_COUNT;
  if (strcmp(column->name, "difference") == 0) return CELL_DIFFERENCE;
  if (strcmp(column->name, "change") == 0) return CELL_CHANGE;
  if (strcmp(column->name, "change_low") == 0) return CELL_CHANGE_INTERVAL;
  return strcmp(column->name, "difference_low") == 0 ? CELL_INTERVAL : CELL_NUMBER;
}

static double number_named(const struct summary_row *row, const char *name) {
  return name != NULL ? table_number(row, table_column_named(name)) : NAN;
}

static void add_label(const struct page *page, const struct summary_row *row, struct text *cell) {
  const size_t length = strlen(row->label) - page->common.head - page->common.tail;
  text_add_bytes(cell, row->label + page->common.head, length);
  if (row->best) text_add(cell, " *");
  if (paired_alike(&row->vs_best)) text_add(cell, " ≈");
}

/* On a terminal a cell has blanks for what its neighbours have and it has not,
 * so that the points stand below each other. */
static void add_blanks(const struct page *page, int blanks, struct text *cell) {
  if (page->view->options->format == TEXT_TABLE_TEXT) text_add(cell, "%*s", blanks, "");
}

/* With room for the ~ of others. */
static void add_difference(const struct page *page, const struct architecture_comparison *versus,
                           bool some_alike, struct text *cell) {
  if (isnan(versus->difference)) return;
  text_add(cell, "%+.*f", DECIMALS, versus->difference);
  if (paired_alike(versus)) {
    text_add(cell, " ~");
  } else if (some_alike) {
    add_blanks(page, (int)strlen(" ~"), cell);
  }
}

static void add_versus_baseline(const struct page *page, const struct summary_row *row,
                                struct text *cell) {
  if (table_row_stopped(row)) {
    text_add(cell, "(epoch %zu)", row->stopped_epoch);
  } else if (row->baseline) {
    text_add(cell, "baseline");
  } else {
    add_difference(page, &row->vs_baseline, page->alike, cell);
  }
}

static void add_interval(const struct summary_row *row,
                         const struct architecture_comparison *versus, struct text *cell) {
  if (table_row_stopped(row) || isnan(versus->low)) return;
  text_add(cell, "[%+.*f, %+.*f]", DECIMALS, versus->low, DECIMALS, versus->high);
}

/* How many trials the means are over, and of how many when some are missing. */
static void add_count(const struct summary_row *row, struct text *cell) {
  bool stopped = table_row_stopped(row);
  size_t count = row->trials + row->stopped;
  text_add(cell, "%s%zu", stopped ? "(" : "", count);
  if (count < row->planned) text_add(cell, "/%zu", row->planned);
  if (stopped) text_add(cell, ")");
}

static int decimals_of(const struct table_column *column) {
  if (!table_column_is_real(column)) return 0;
  return strstr(column->name, "seconds") != NULL ? SECONDS_DECIMALS : DECIMALS;
}

static void add_number(const struct page *page, const struct shown_column *shown,
                       const struct summary_row *row, struct text *cell) {
  double number = table_number(row, shown->column), spread = number_named(row, shown->as->spread);
  double stopped = number_named(row, shown->as->stopped);
  const int decimals = decimals_of(shown->column);
  int blanks = shown->spread ? decimals + (int)width_of(" ± 0.") : 0;
  if (table_row_stopped(row) && !isnan(stopped)) {
    text_add(cell, "(%.*f)", decimals, stopped);
    add_blanks(page, blanks > 0 ? blanks - 1 : 0, cell);
  } else if (shown->column->kind == COLUMN_APART && !isnan(number)) {
    text_add(cell, "%s", number > 0 ? "yes" : "no");
  } else if (!isnan(number)) {
    text_add(cell, "%.*f", decimals, number);
    if (!isnan(spread)) {
      text_add(cell, " ± %.*f", decimals, spread);
    } else {
      add_blanks(page, blanks, cell);
    }
  }
}

static void add_cell(const struct page *page, const struct shown_column *shown,
                     const struct table_row *row, struct text *cell) {
  text_add(cell, "%s", "");
  switch (shown->kind) {
    case CELL_LABEL:
      add_label(page, row->row, cell);
      break;
    case CELL_TEXT:
      text_add(cell, "%s", table_string(row, shown->column));
      break;
    case CELL_COUNT:
      add_count(row->row, cell);
      break;
    case CELL_DIFFERENCE:
      add_versus_baseline(page, row->row, cell);
      break;
    case CELL_INTERVAL:
      if (!row->row->baseline) add_interval(row->row, &row->row->vs_baseline, cell);
      break;
    case CELL_CHANGE:
      add_difference(page, &row->row->vs_first, page->unchanged, cell);
      break;
    case CELL_CHANGE_INTERVAL:
      add_interval(row->row, &row->row->vs_first, cell);
      break;
    case CELL_NUMBER:
      add_number(page, shown, row->row, cell);
      break;
  }
}

static bool is_used(const struct table_view *view, const struct shown_column *shown) {
  for (size_t i = 0; i < view->row_count; i++) {
    const struct summary_row *row = view->rows[i].row;
    if (shown->kind == CELL_LABEL || shown->kind == CELL_TEXT) return true;
    if (!isnan(table_number(row, shown->column))) return true;
    if (!table_row_stopped(row)) continue;
    if (shown->kind == CELL_DIFFERENCE || !isnan(number_named(row, shown->as->stopped))) {
      return true;
    }
  }
  return false;
}

static bool is_shown(const struct page *page, const struct table_column *column) {
  for (size_t c = 0; c < page->columns; c++) {
    if (page->shown[c].column == column) return true;
  }
  return false;
}

static void show_column(struct page *page, const struct table_column *column, unsigned rank) {
  struct shown_column shown = {column, standard_named(column->name), kind_of(column), rank, false};
  for (size_t i = 0; i < page->view->row_count; i++) {
    shown.spread = shown.spread || !isnan(number_named(page->view->rows[i].row, shown.as->spread));
  }
  if (!is_shown(page, column)) page->shown[page->columns++] = shown;
}

/* Those asked for, or the standard ones with something in them, and what the rows
 * are ordered by. */
static void choose_columns(struct page *page) {
  const struct table_view *view = page->view;
  if (view->count > 1) show_column(page, table_column_named("run"), 0);
  show_column(page, table_column_named("label"), 0);
  for (size_t c = 0; c < view->chosen; c++) show_column(page, view->columns[c], 0);
  if (view->chosen > 0) return;
  for (size_t c = LABEL + 1; c < STANDARD; c++) {
    const struct table_column *column = table_column_named(standard[c].name);
    const struct shown_column shown = {column, &standard[c], kind_of(column), 0, false};
    if (is_used(view, &shown)) {
      const bool asked = view->options->sort != NULL && column == view->sort;
      show_column(page, column, asked ? 0 : standard[c].rank);
    }
  }
  if (view->sort != NULL && view->sort->kind > COLUMN_STATUS) show_column(page, view->sort, 0);
}

static void cell_of(const void *context, size_t row, size_t column, struct text *cell) {
  const struct page *page = context;
  add_cell(page, &page->shown[column], &page->view->rows[row], cell);
}

static bool is_best(const void *context, size_t row) {
  return ((const struct page *)context)->view->rows[row].row->best;
}

/* "architecture: user_id + ... + genre": what all labels have. */
static void write_common(const struct page *page, struct text *text) {
  const char *label = page->view->rows[0].row->label;
  struct text line = {0}, raw = {0};
  text_add_bytes(&raw, label, page->common.head);
  text_add(&raw, "…%s", label + strlen(label) - page->common.tail);
  text_add(&line, "architecture: ");
  if (!raw.failed) plain_add(&line, raw.text);
  line.failed |= raw.failed;
  table_add_line(page->view->options, "", &line, text);
  text_add(text, "\n");
  text_clear(&raw);
  text_clear(&line);
}

/* Which columns had no room, and how to see them. */
static void write_left_out(const struct page *page, const struct text_table *table,
                           struct text *text) {
  struct text advice = {0};
  for (size_t c = 0; c < page->columns; c++) {
    if (!table->left_out[c]) continue;
    text_add(&advice, "%s%s", advice.length > 0 ? "," : "--columns ", page->shown[c].column->name);
  }
  text_add(&advice, ", a wider terminal, or --format csv");
  text->failed |= advice.failed;
  if (!advice.failed) text_table_add_left_out(table, advice.text, text);
  text_clear(&advice);
}

static void add_title(const struct shown_column *shown, struct text *title) {
  text_add(title, "%s%s", table_column_title(shown->column), shown->spread ? " ± sd" : "");
}

static void write_columns(struct page *page, struct text_table_column *column, bool *left_out,
                          struct text *text) {
  const struct table_options *options = page->view->options;
  const struct text_table table = {.column = column,
                                   .columns = page->columns,
                                   .rows = page->view->row_count,
                                   .context = page,
                                   .cell = cell_of,
                                   .bold = options->color ? is_best : NULL,
                                   .page_width = options->width,
                                   .left_out = left_out};
  if (options->width > 0 && text_table_width(&table) > options->width) {
    page->common = table_common_of(page->view->rows, page->view->row_count);
    if (page->common.head + page->common.tail > 0) write_common(page, text);
  }
  text_table_write(&table, options->format, text);
  write_left_out(page, &table, text);
}

static void write_page(struct page *page, struct text *text) {
  struct error error;
  const size_t columns = page->columns;
  struct text_table_column *column = memory_array(columns, sizeof *column, &error);
  struct text *title = memory_array(columns, sizeof *title, &error);
  bool *left_out = memory_array(columns, sizeof *left_out, &error);
  if (column != NULL && title != NULL && left_out != NULL) {
    for (size_t c = 0; c < columns; c++) {
      const struct shown_column *shown = &page->shown[c];
      add_title(shown, &title[c]);
      text->failed |= title[c].failed;
      column[c] = (struct text_table_column){.name = title[c].failed ? "" : title[c].text,
                                             .left = table_column_is_string(shown->column),
                                             .wraps = shown->kind == CELL_LABEL,
                                             .rank = shown->rank};
    }
    write_columns(page, column, left_out, text);
    for (size_t c = 0; c < columns; c++) text_clear(&title[c]);
  } else {
    text->failed = true;
  }
  free(column);
  free(title);
  free(left_out);
}

static void write_rows(const struct table_view *view, struct text *text) {
  struct error error;
  struct page page = {.view = view};
  page.shown = memory_array(STANDARD + view->chosen + 1, sizeof *page.shown, &error);
  if (page.shown == NULL) {
    text->failed = true;
    return;
  }
  for (size_t i = 0; i < view->row_count; i++) {
    page.alike = page.alike || paired_alike(&view->rows[i].row->vs_baseline);
    page.unchanged = page.unchanged || paired_alike(&view->rows[i].row->vs_first);
  }
  choose_columns(&page);
  write_page(&page, text);
  table_write_legend(view, text);
  free(page.shown);
}

void table_write_text(const struct table_view *view, struct text *text) {
  bool any = false;
  for (size_t i = 0; i < view->count; i++) any = any || view->summaries[i].records.count > 0;
  table_write_headings(view, text);
  if (any && view->row_count > 0) {
    write_rows(view, text);
  } else {
    struct text line = {0};
    text_add(&line, "no trial has ended yet: nothing to show");
    table_add_line(view->options, "", &line, text);
    text_clear(&line);
  }
  for (size_t i = 0; i < view->count; i++) {
    table_write_unfinished(&view->summaries[i], view->options, text);
  }
}
