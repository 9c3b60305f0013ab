/* Tables for people: text on a terminal, and Markdown. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/table_columns.h"
#include "results/width.h"

/* A column as shown: the number called `name`, and its spread behind it. */
struct shown_column {
  const char *title, *name, *spread;
  int decimals;
};

static const struct shown_column shown[] = {
    {"run", "run", NULL, 0},
    {"architecture", "label", NULL, 0},
    {"n", "n", NULL, 0},
    {"test MSE", "mse", "mse_sd", 4},
    {"vs base", "vs_baseline", NULL, 4},
    {"validation MSE", "validation_mse", "validation_mse_sd", 4},
    {"train MSE", "train_mse", NULL, 4},
    {"RMSE", "rmse", NULL, 4},
    {"MAE", "mae", NULL, 4},
    {"parameters", "parameters", NULL, 0},
    {"wide", "wide_columns", NULL, 0},
    {"CPU s", "cpu_seconds", NULL, 2},
    {"wall s", "seconds", NULL, 2},
};
enum { SHOWN = sizeof shown / sizeof shown[0] };

/* Escape sequences of ECMA-48 (select graphic rendition). */
#define BOLD "\033[1m"
#define WARNING "\033[1;33m"
#define PLAIN "\033[0m"

struct page {
  const struct table_row *rows;
  size_t count;
  const struct table_options *options;
  struct text *text;
  bool used[SHOWN]; /* columns with something in them */
  bool spread[SHOWN];
  size_t width[SHOWN];
};

static bool is_string(const struct shown_column *column) {
  enum column_kind kind = table_column_named(column->name)->kind;
  return kind == COLUMN_RUN || kind == COLUMN_LABEL;
}

static double number_named(const struct summary_row *row, const char *name) {
  return table_number(row, table_column_named(name));
}

static void add_number(struct text *cell, const struct table_row *row, int decimals,
                       const struct shown_column *column) {
  double number = number_named(row->row, column->name);
  if (isnan(number)) return;
  bool difference = strcmp(column->name, "vs_baseline") == 0;
  text_add(cell, difference ? "%+.*f" : "%.*f", decimals, number);
}

/* A number whose neighbours have a spread and which has none gets blanks for
 * it, so that the points stand below each other. */
static void add_cell(const struct page *page, size_t c, const struct table_row *row,
                     struct text *cell) {
  const struct shown_column *column = &shown[c];
  text_add(cell, "%s", "");
  if (is_string(column)) {
    width_add_plain(cell, table_string(row, table_column_named(column->name)));
    if (strcmp(column->name, "label") == 0 && row->row->best) text_add(cell, " *");
    return;
  }
  add_number(cell, row, column->decimals, column);
  if (!page->spread[c]) return;
  double spread = number_named(row->row, column->spread);
  if (!isnan(spread)) {
    text_add(cell, " ± %.*f", column->decimals, spread);
  } else if (page->options->format == TABLE_TEXT) {
    text_add(cell, "%*s", column->decimals + 5, "");
  }
}

static void measure(struct page *page, bool several_runs) {
  for (size_t c = 0; c < SHOWN; c++) {
    bool always = is_string(&shown[c]) || strcmp(shown[c].name, "n") == 0;
    page->used[c] = always && (several_runs || strcmp(shown[c].name, "run") != 0);
    for (size_t i = 0; i < page->count && !always; i++) {
      const struct summary_row *row = page->rows[i].row;
      if (!isnan(number_named(row, shown[c].name))) page->used[c] = true;
      if (shown[c].spread != NULL && !isnan(number_named(row, shown[c].spread))) {
        page->spread[c] = true;
      }
    }
  }
  for (size_t c = 0; c < SHOWN; c++) {
    page->width[c] = width_of(shown[c].title) + (page->spread[c] ? width_of(" ± sd") : 0);
    for (size_t i = 0; i < page->count; i++) {
      struct text cell = {0};
      add_cell(page, c, &page->rows[i], &cell);
      size_t width = cell.failed ? 0 : width_of(cell.text);
      if (width > page->width[c]) page->width[c] = width;
      text_clear(&cell);
    }
  }
}

/* Texts stand to the left, numbers to the right. */
static void add_padded(const struct page *page, size_t c, const char *cell) {
  size_t blanks = page->width[c] - width_of(cell);
  if (is_string(&shown[c])) {
    text_add(page->text, "%s%*s", cell, (int)blanks, "");
  } else {
    text_add(page->text, "%*s%s", (int)blanks, "", cell);
  }
}

static void trim_line(struct text *text) {
  while (text->length > 0 && text->text[text->length - 1] == ' ') text->text[--text->length] = '\0';
}

static void write_aligned(const struct page *page) {
  bool color = page->options->color;
  for (size_t c = 0, before = 0; c < SHOWN; c++) {
    if (!page->used[c]) continue;
    struct text title = {0};
    text_add(&title, "%s%s", shown[c].title, page->spread[c] ? " ± sd" : "");
    if (before++ > 0) text_add(page->text, "  ");
    if (!title.failed) add_padded(page, c, title.text);
    text_clear(&title);
  }
  trim_line(page->text);
  text_add(page->text, "\n");
  for (size_t i = 0; i < page->count; i++) {
    bool bold = color && page->rows[i].row->best;
    if (bold) text_add(page->text, BOLD);
    for (size_t c = 0, before = 0; c < SHOWN; c++) {
      if (!page->used[c]) continue;
      struct text cell = {0};
      add_cell(page, c, &page->rows[i], &cell);
      if (before++ > 0) text_add(page->text, "  ");
      if (!cell.failed) add_padded(page, c, cell.text);
      text_clear(&cell);
    }
    trim_line(page->text);
    text_add(page->text, "%s\n", bold ? PLAIN : "");
  }
}

/* Within a Markdown table a bar ends the cell; the others are markup. */
static void add_markdown(struct text *text, const char *cell) {
  for (; *cell != '\0'; cell++) {
    if (strchr("|\\`*_<>[]", *cell) != NULL) text_add(text, "\\");
    text_add_bytes(text, cell, 1);
  }
}

static void write_markdown(const struct page *page) {
  for (size_t c = 0; c < SHOWN; c++) {
    if (!page->used[c]) continue;
    text_add(page->text, "| %s%s ", shown[c].title, page->spread[c] ? " ± sd" : "");
  }
  text_add(page->text, "|\n");
  for (size_t c = 0; c < SHOWN; c++) {
    if (page->used[c]) text_add(page->text, is_string(&shown[c]) ? "|:---" : "|---:");
  }
  text_add(page->text, "|\n");
  for (size_t i = 0; i < page->count; i++) {
    for (size_t c = 0; c < SHOWN; c++) {
      if (!page->used[c]) continue;
      struct text cell = {0};
      add_cell(page, c, &page->rows[i], &cell);
      text_add(page->text, "| ");
      if (!cell.failed) add_markdown(page->text, cell.text);
      text_add(page->text, " ");
      text_clear(&cell);
    }
    text_add(page->text, "|\n");
  }
}

/* Every line of prose goes through here; Markdown parts paragraphs by an empty
 * line, and its own signs in names must not act. */
static void add_line(const struct page *page, const char *style, const struct text *line) {
  if (line->failed) {
    page->text->failed = true;
  } else if (page->options->format == TABLE_MARKDOWN) {
    add_markdown(page->text, line->text);
    text_add(page->text, "\n\n");
  } else {
    bool styled = page->options->color && style[0] != '\0';
    text_add(page->text, "%s%s%s\n", styled ? style : "", line->text, styled ? PLAIN : "");
  }
}

static void write_heading(const struct page *page, const struct summary *summary, bool several) {
  struct text line = {0};
  if (several) text_add(&line, "%s: ", summary->run);
  width_add_plain(&line, summary->name);
  if (summary->description[0] != '\0') {
    text_add(&line, ": ");
    width_add_plain(&line, summary->description);
  }
  add_line(page, BOLD, &line);
  text_clear(&line);
  if (summary->data[0] != '\0') {
    text_add(&line, "data: %s", summary->data);
    if (summary->synthetic) text_add(&line, " (SYNTHETIC DATA, made by a generator");
    if (summary->synthetic && !isnan(summary->irreducible_mse)) {
      text_add(&line, "; irreducible MSE %.4f", summary->irreducible_mse);
    }
    if (summary->synthetic) text_add(&line, ")");
    add_line(page, summary->synthetic ? WARNING : "", &line);
    text_clear(&line);
  }
  if (summary->emulated) {
    text_add(&line, "EMULATED MACHINE: seconds here are not a speed");
    add_line(page, WARNING, &line);
    text_clear(&line);
  }
}

static void write_failures(const struct page *page, const struct summary *summary) {
  for (size_t i = 0; i < summary->rows; i++) {
    const struct summary_row *row = &summary->row[i];
    if (row->failed == 0) continue;
    struct text line = {0};
    text_add(&line, "failed: %zu of %zu trials of ", row->failed, row->planned);
    width_add_plain(&line, row->label);
    text_add(&line, ": ");
    width_add_plain(&line, row->failure);
    add_line(page, WARNING, &line);
    text_clear(&line);
  }
}

static void write_rest(const struct page *page, const struct summary *summary) {
  size_t planned = 0, ended = 0;
  for (size_t i = 0; i < summary->rows; i++) {
    planned += summary->row[i].planned;
    ended += summary->row[i].trials + summary->row[i].failed;
  }
  if (planned <= ended) return;
  struct text line = {0};
  text_add(&line, "%s: %zu of %zu trials have not run yet", summary->name, planned - ended,
           planned);
  add_line(page, "", &line);
  text_clear(&line);
}

static const char *baseline_label(const struct summary *summary) {
  for (size_t i = 0; i < summary->rows; i++) {
    if (summary->row[i].baseline) return summary->row[i].label;
  }
  return NULL;
}

static void write_notes(const struct page *page, const struct summary *summaries, size_t count) {
  struct text line = {0};
  bool validated = false, compared = false;
  for (size_t i = 0; i < count; i++) validated = validated || summaries[i].validated;
  for (size_t c = 0; c < SHOWN; c++) {
    if (strcmp(shown[c].name, "vs_baseline") == 0) compared = page->used[c];
  }
  text_add(&line,
           "MSE, RMSE and MAE: test rows, which chose nothing; means over n seeds and folds");
  add_line(page, "", &line);
  text_clear(&line);
  if (compared) {
    text_add(&line, "vs base: test MSE minus that of ");
    const char *label = count == 1 ? baseline_label(&summaries[0]) : NULL;
    width_add_plain(&line, label != NULL ? label : "the run's baseline");
    text_add(&line, ", over the same seeds and folds");
    add_line(page, "", &line);
    text_clear(&line);
  }
  text_add(
      &line,
      validated ? "*: lowest validation MSE%s" : "no validation rows: none is marked as the best%s",
      validated && count > 1 ? " of its run" : "");
  add_line(page, "", &line);
  text_clear(&line);
}

static void write_table(struct page *page, const struct summary *summaries, size_t count) {
  size_t all = 0;
  for (size_t i = 0; i < count; i++) all += summaries[i].rows;
  measure(page, count > 1);
  if (page->options->format == TABLE_MARKDOWN) {
    write_markdown(page);
  } else {
    write_aligned(page);
  }
  text_add(page->text, "\n");
  if (page->count < all) {
    struct text line = {0};
    text_add(&line, "%zu of %zu architectures shown", page->count, all);
    add_line(page, "", &line);
    text_clear(&line);
  }
  write_notes(page, summaries, count);
}

void table_write_text(const struct summary *summaries, size_t count, const struct table_row *rows,
                      size_t row_count, const struct table_options *options, struct text *text) {
  struct page page = {.rows = rows, .count = row_count, .options = options, .text = text};
  bool any = false;
  for (size_t i = 0; i < count; i++) {
    any = any || summaries[i].records.count > 0;
    write_heading(&page, &summaries[i], count > 1);
  }
  if (options->format == TABLE_TEXT) text_add(text, "\n");
  if (any && row_count > 0) {
    write_table(&page, summaries, count);
  } else {
    struct text line = {0};
    text_add(&line, "no trial has ended yet: nothing to show");
    add_line(&page, "", &line);
    text_clear(&line);
  }
  for (size_t i = 0; i < count; i++) {
    write_failures(&page, &summaries[i]);
    write_rest(&page, &summaries[i]);
  }
}
