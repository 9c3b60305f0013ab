/* Tables for people: the cells, on a terminal and in Markdown. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/width.h"
#include "results/table_columns.h"

enum {
  PAGE_WIDTH = 120,
  LABEL_LEAST = 24, /* columns; a narrower label is harder to read than a wider page */
  LABEL_INDENT = 2, /* of the lines after its first */
  DECIMALS = 4      /* of an MSE */
};

/* A column as shown: the number called `name`, its spread behind it, and what
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
    {"parameters", "parameters", NULL, NULL, 0},
    {"wide", "wide_columns", NULL, NULL, 0},
    {"CPU s", "cpu_seconds", NULL, NULL, 2},
    {"wall s", "seconds", NULL, NULL, 2},
};
enum { SHOWN = sizeof shown / sizeof shown[0], LABEL = 1, COUNT = 2, DIFFERENCE = 5 };

struct page {
  const struct table_row *rows;
  size_t count;
  const struct table_options *options;
  struct text *text;
  bool used[SHOWN]; /* columns with something in them */
  bool spread[SHOWN];
  bool intervals; /* some difference has one */
  size_t width[SHOWN];
};

static bool is_string(size_t column) {
  return column <= LABEL;
}

static double number_named(const struct summary_row *row, const char *name) {
  return name != NULL ? table_number(row, table_column_named(name)) : NAN;
}

static void add_label(const struct summary_row *row, struct text *cell) {
  width_add_plain(cell, row->label);
  if (row->best) text_add(cell, " *");
  if (paired_alike(&row->vs_best)) text_add(cell, " ≈");
}

/* On a terminal a cell has blanks for what its neighbours have and it has not,
 * so that the points stand below each other. */
static void add_blanks(const struct page *page, int blanks, struct text *cell) {
  if (page->options->format == TABLE_TEXT) text_add(cell, "%*s", blanks, "");
}

static void add_difference(const struct page *page, const struct summary_row *row,
                           struct text *cell) {
  const struct comparison *versus = &row->vs_baseline;
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
    width_add_plain(cell, table_string(row, table_column_named(shown[c].name)));
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

static void find_used(struct page *page, bool several_runs) {
  for (size_t i = 0; i < page->count; i++) {
    const struct summary_row *row = page->rows[i].row;
    page->intervals = page->intervals || !isnan(row->vs_baseline.low);
    for (size_t c = LABEL; c < SHOWN; c++) {
      bool some = is_string(c) || !isnan(number_named(row, shown[c].name)) ||
                  (table_row_stopped(row) &&
                   (c == DIFFERENCE || !isnan(number_named(row, shown[c].stopped))));
      page->used[c] = page->used[c] || some;
      page->spread[c] = page->spread[c] || !isnan(number_named(row, shown[c].spread));
    }
  }
  page->used[0] = several_runs;
}

/* What the label's column must give up for the page to keep its width. */
static void narrow_label(struct page *page) {
  size_t total = 0;
  for (size_t c = 0; c < SHOWN; c++) {
    if (page->used[c]) total += page->width[c] + 2;
  }
  size_t others = total - page->width[LABEL] - 2;
  size_t room = others + LABEL_LEAST < PAGE_WIDTH ? PAGE_WIDTH - others : LABEL_LEAST;
  if (page->width[LABEL] > room) page->width[LABEL] = room;
}

static void measure(struct page *page, bool several_runs) {
  find_used(page, several_runs);
  for (size_t c = 0; c < SHOWN; c++) {
    struct text cell = {0};
    add_title(page, c, &cell);
    page->width[c] = cell.failed ? 0 : width_of(cell.text);
    for (size_t i = 0; i < page->count; i++) {
      text_clear(&cell);
      add_cell(page, c, &page->rows[i], &cell);
      size_t width = cell.failed ? 0 : width_of(cell.text);
      if (width > page->width[c]) page->width[c] = width;
    }
    text_clear(&cell);
  }
  narrow_label(page);
}

/* Texts stand to the left, numbers to the right. */
static void add_padded(const struct page *page, size_t c, const char *cell) {
  size_t width = width_of(cell);
  int blanks = width < page->width[c] ? (int)(page->width[c] - width) : 0;
  if (is_string(c)) {
    text_add(page->text, "%s%*s", cell, blanks, "");
  } else {
    text_add(page->text, "%*s%s", blanks, "", cell);
  }
}

static void end_line(struct text *text) {
  while (text->length > 0 && text->text[text->length - 1] == ' ') text->text[--text->length] = '\0';
  text_add(text, "\n");
}

/* The head when `row` is NULL. `rest` gets what of the label did not fit. */
static void write_line(const struct page *page, const struct table_row *row, struct text *rest) {
  for (size_t c = 0, before = 0; c < SHOWN; c++) {
    if (!page->used[c]) continue;
    struct text cell = {0};
    if (row != NULL) {
      add_cell(page, c, row, &cell);
    } else {
      add_title(page, c, &cell);
    }
    if (c == LABEL && !cell.failed) {
      size_t fits = width_fit(cell.text, page->width[c]);
      text_add(rest, "%s", cell.text + fits + strspn(cell.text + fits, " "));
      cell.text[fits] = '\0';
    }
    if (before++ > 0) text_add(page->text, "  ");
    if (!cell.failed) add_padded(page, c, cell.text);
    text_clear(&cell);
  }
  end_line(page->text);
}

/* The label's further lines, below its first. */
static void write_rest(const struct page *page, const struct text *rest) {
  if (rest->failed || rest->text == NULL) return;
  size_t before = LABEL_INDENT + (page->used[0] ? page->width[0] + 2 : 0);
  for (const char *at = rest->text; *at != '\0';) {
    size_t fits = width_fit(at, page->width[LABEL] - LABEL_INDENT);
    text_add(page->text, "%*s%.*s", (int)before, "", (int)fits, at);
    end_line(page->text);
    at += fits;
    at += strspn(at, " ");
  }
}

static void write_aligned(const struct page *page) {
  struct text rest = {0};
  write_line(page, NULL, &rest);
  for (size_t i = 0; i < page->count; i++) {
    bool bold = page->options->color && page->rows[i].row->best;
    text_clear(&rest);
    if (bold) text_add(page->text, TABLE_BOLD);
    write_line(page, &page->rows[i], &rest);
    write_rest(page, &rest);
    if (!bold || page->text->failed) continue;
    page->text->text[--page->text->length] = '\0'; /* the style ends before the line does */
    text_add(page->text, TABLE_PLAIN "\n");
  }
  text_clear(&rest);
}

static void write_markdown(const struct page *page) {
  for (size_t c = 0; c < SHOWN; c++) {
    if (!page->used[c]) continue;
    struct text title = {0};
    add_title(page, c, &title);
    text_add(page->text, "| ");
    if (!title.failed) table_add_markdown(page->text, title.text);
    text_add(page->text, " ");
    text_clear(&title);
  }
  text_add(page->text, "|\n");
  for (size_t c = 0; c < SHOWN; c++) {
    if (page->used[c]) text_add(page->text, is_string(c) ? "|:---" : "|---:");
  }
  text_add(page->text, "|\n");
  for (size_t i = 0; i < page->count; i++) {
    for (size_t c = 0; c < SHOWN; c++) {
      if (!page->used[c]) continue;
      struct text cell = {0};
      add_cell(page, c, &page->rows[i], &cell);
      text_add(page->text, "| ");
      if (!cell.failed) table_add_markdown(page->text, cell.text);
      text_add(page->text, " ");
      text_clear(&cell);
    }
    text_add(page->text, "|\n");
  }
}

void table_write_text(const struct summary *summaries, size_t count, const struct table_row *rows,
                      size_t row_count, const struct table_options *options, struct text *text) {
  struct page page = {.rows = rows, .count = row_count, .options = options, .text = text};
  bool any = false;
  for (size_t i = 0; i < count; i++) any = any || summaries[i].records.count > 0;
  table_write_headings(summaries, count, options, text);
  if (any && row_count > 0) {
    measure(&page, count > 1);
    if (options->format == TABLE_MARKDOWN) {
      write_markdown(&page);
    } else {
      write_aligned(&page);
    }
    table_write_legend(summaries, count, rows, row_count, options, text);
  } else {
    struct text line = {0};
    text_add(&line, "no trial has ended yet: nothing to show");
    table_add_line(options, "", &line, text);
    text_clear(&line);
  }
  for (size_t i = 0; i < count; i++) table_write_unfinished(&summaries[i], options, text);
}
