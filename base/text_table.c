#include "base/text_table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "base/plain.h"
#include "base/width.h"

enum {
  GAP = 2,            /* blanks between two columns, where there is room */
  WRAPPED_LEAST = 24, /* a narrower one is harder to read than fewer columns */
  WRAPPED_NARROWEST = 16,
  WRAPPED_INDENT = 2 /* of the lines after a cell's first */
};

/* --- for programs --- */

/* Spreadsheets take a field that begins so for a formula, also within quotes,
 * and some take the wide forms of the signs for the signs. */
static bool acts_as_formula(const char *field) {
  static const char *const signs[] = {"=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"};
  double number;
  if (text_double(field, field + strlen(field), &number)) return false;
  field += strspn(field, " \t\r\n");
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
    if (strncmp(field, signs[i], strlen(signs[i])) == 0) return true;
  }
  return false;
}

void text_table_add_csv(struct text *text, const char *field) {
  struct text plain = {0};
  if (acts_as_formula(field)) text_add(&plain, "'");
  plain_add_lines(&plain, field, strlen(field));
  text->failed |= plain.failed;
  const char *at = plain.text != NULL ? plain.text : "";
  const bool quoted = strpbrk(at, ",\"\n") != NULL;
  if (quoted) text_add(text, "\"");
  for (; *at != '\0'; at++) {
    if (*at == '"') text_add(text, "\"");
    text_add_bytes(text, at, 1);
  }
  if (quoted) text_add(text, "\"");
  text_clear(&plain);
}

static void add_csv_value(struct text *text, const json_t *value) {
  if (json_is_string(value)) {
    text_table_add_csv(text, json_string_value(value));
  } else if (json_is_real(value)) {
    json_text_add_real(text, json_real_value(value));
  } else if (json_is_integer(value)) {
    text_add(text, "%lld", (long long)json_integer_value(value));
  } else if (json_is_boolean(value)) {
    text_add(text, "%s", json_is_true(value) ? "true" : "false");
  } else if (value == NULL) {
    text->failed = true;
  }
}

static void write_csv(const struct text_table *table, struct text *text) {
  for (size_t c = 0; c < table->columns; c++) {
    if (c > 0) text_add(text, ",");
    text_table_add_csv(text, table->column[c].name);
  }
  text_add(text, "\n");
  for (size_t r = 0; r < table->rows; r++) {
    for (size_t c = 0; c < table->columns; c++) {
      json_t *value = table->value(table->context, r, c);
      if (c > 0) text_add(text, ",");
      add_csv_value(text, value);
      json_decref(value);
    }
    text_add(text, "\n");
  }
}

static void write_json(const struct text_table *table, struct text *text) {
  json_t *list = json_array();
  for (size_t r = 0; r < table->rows; r++) {
    json_t *row = json_object();
    for (size_t c = 0; c < table->columns; c++) {
      json_t *value = table->value(table->context, r, c);
      text->failed |= json_object_set_new(row, table->column[c].name, value) != 0;
    }
    text->failed |= json_array_append_new(list, row) != 0;
  }
  if (list != NULL) json_text_add(text, list);
  text_add(text, "\n");
  json_decref(list);
}

/* --- for people --- */

void text_table_add_markdown(struct text *text, const char *string) {
  for (; *string != '\0'; string++) {
    if (strchr("|\\`*_<>[]~", *string) != NULL) text_add(text, "\\");
    text_add_bytes(text, string, 1);
  }
}

/* What a text format shows of a table. `width` 0: the column is left out. */
struct page {
  const struct text_table *table;
  size_t *width;
  size_t gap; /* blanks between two columns */
  struct text *text;
};

/* The cell, or the head for row SIZE_MAX, in place of what `cell` held. */
static const char *get_cell(const struct page *page, size_t row, size_t column, struct text *cell) {
  text_clear(cell);
  if (row == SIZE_MAX) {
    text_add(cell, "%s", page->table->column[column].name);
  } else {
    struct text raw = {0};
    page->table->cell(page->table->context, row, column, &raw);
    if (raw.text != NULL) plain_add(cell, raw.text);
    cell->failed |= raw.failed;
    text_clear(&raw);
  }
  page->text->failed |= cell->failed;
  return cell->text != NULL ? cell->text : "";
}

static size_t widest_cell(const struct page *page, size_t column) {
  struct text cell = {0};
  size_t widest = 0;
  for (size_t r = 0; r < page->table->rows; r++) {
    const size_t width = width_of(get_cell(page, r, column, &cell));
    if (width > widest) widest = width;
  }
  text_clear(&cell);
  return widest;
}

static size_t larger(size_t a, size_t b) {
  return a > b ? a : b;
}

static size_t wrapped_column(const struct text_table *table) {
  for (size_t c = 0; c < table->columns; c++) {
    if (table->column[c].wraps) return c;
  }
  return SIZE_MAX;
}

/* Of all columns but one. */
static size_t width_without(const struct page *page, size_t left_out) {
  size_t width = 0;
  for (size_t c = 0; c < page->table->columns; c++) {
    if (c != left_out && page->width[c] > 0) width += page->width[c] + page->gap;
  }
  return width;
}

/* The width with which no word of the column that wraps is broken. */
static size_t least_width(const struct page *page, size_t column) {
  struct text cell = {0};
  size_t least = larger(WRAPPED_LEAST, width_of(page->table->column[column].name));
  for (size_t r = 0; r < page->table->rows; r++) {
    least = larger(least, width_least(get_cell(page, r, column, &cell)) + WRAPPED_INDENT);
  }
  text_clear(&cell);
  return least < page->width[column] ? least : page->width[column];
}

static bool leave_one_out(struct page *page) {
  size_t found = SIZE_MAX;
  unsigned rank = 0;
  for (size_t c = 0; c < page->table->columns; c++) {
    if (page->width[c] == 0 || page->table->column[c].rank <= rank) continue;
    rank = page->table->column[c].rank;
    found = c;
  }
  if (found == SIZE_MAX) return false;
  page->width[found] = 0;
  if (page->table->left_out != NULL) page->table->left_out[found] = true;
  return true;
}

/* Columns are left out, and the one that wraps is narrowed. */
static void fit(struct page *page) {
  const size_t most = page->table->page_width, wrapped = wrapped_column(page->table);
  if (most == 0) return;
  const size_t least = wrapped != SIZE_MAX ? least_width(page, wrapped) : 0;
  const size_t gap = wrapped != SIZE_MAX ? 0 : GAP; /* after the last column there is none */
  while (width_without(page, wrapped) + least > most + gap && leave_one_out(page)) continue;
  if (width_without(page, wrapped) + least > most + gap) page->gap = 1;
  if (wrapped == SIZE_MAX) return;
  const size_t others = width_without(page, wrapped);
  const size_t room = others < most ? larger(most - others, WRAPPED_NARROWEST) : WRAPPED_NARROWEST;
  if (page->width[wrapped] > room) page->width[wrapped] = room;
}

static void measure(struct page *page) {
  const struct text_table *table = page->table;
  for (size_t c = 0; c < table->columns; c++) {
    const size_t widest = widest_cell(page, c);
    if (widest == 0 && table->column[c].optional) continue;
    page->width[c] =
        larger(larger(widest, width_of(table->column[c].name)), larger(table->column[c].least, 1));
  }
}

static void end_line(struct text *text) {
  while (text->length > 0 && text->text[text->length - 1] == ' ') text->text[--text->length] = '\0';
  text_add(text, "\n");
}

static void add_padded(const struct page *page, size_t column, const char *cell, size_t length) {
  struct text shown = {0};
  text_add_bytes(&shown, cell, length);
  text_add(&shown, "%s", "");
  const size_t width = shown.failed ? 0 : width_of(shown.text);
  const int blanks = width < page->width[column] ? (int)(page->width[column] - width) : 0;
  const bool left = page->table->column[column].left;
  text_add(page->text, "%*s%s%*s", left ? 0 : blanks, "", shown.failed ? "" : shown.text,
           left ? blanks : 0, "");
  text_clear(&shown);
}

/* `rest` gets what did not fit of the cell that wraps, `*at` where it stands. */
static void write_line(const struct page *page, size_t row, struct text *rest, size_t *at) {
  struct text cell = {0};
  size_t before = 0;
  for (size_t c = 0; c < page->table->columns; c++) {
    if (page->width[c] == 0) continue;
    const char *text = get_cell(page, row, c, &cell);
    size_t length = strlen(text);
    if (page->table->column[c].wraps) {
      length = width_fit(text, page->width[c]);
      *at = before;
      text_add(rest, "%s", text + length + strspn(text + length, " "));
    }
    if (before > 0) text_add(page->text, "%*s", (int)page->gap, "");
    add_padded(page, c, text, length);
    before += page->width[c] + page->gap;
  }
  text_clear(&cell);
  end_line(page->text);
}

static void write_rest(const struct page *page, const char *rest, size_t at, size_t width) {
  while (*rest != '\0') {
    const size_t fits = width_fit(rest, width - WRAPPED_INDENT);
    text_add(page->text, "%*s%.*s", (int)(at + WRAPPED_INDENT), "", (int)fits, rest);
    end_line(page->text);
    rest += fits;
    rest += strspn(rest, " ");
  }
}

static void write_row(const struct page *page, size_t row) {
  const struct text_table *table = page->table;
  const bool bold = row != SIZE_MAX && table->bold != NULL && table->bold(table->context, row);
  struct text rest = {0};
  size_t at = 0;
  if (bold) text_add(page->text, TEXT_TABLE_BOLD);
  write_line(page, row, &rest, &at);
  if (rest.text != NULL) write_rest(page, rest.text, at, page->width[wrapped_column(table)]);
  page->text->failed |= rest.failed;
  text_clear(&rest);
  if (!bold || page->text->failed) return;
  page->text->text[--page->text->length] = '\0'; /* the style ends before the line does */
  text_add(page->text, TEXT_TABLE_PLAIN "\n");
}

static void write_markdown_row(const struct page *page, size_t row) {
  struct text cell = {0};
  for (size_t c = 0; c < page->table->columns; c++) {
    if (page->width[c] == 0) continue;
    text_add(page->text, "| ");
    text_table_add_markdown(page->text, get_cell(page, row, c, &cell));
    text_add(page->text, " ");
  }
  text_add(page->text, "|\n");
  text_clear(&cell);
}

static void write_markdown(const struct page *page) {
  write_markdown_row(page, SIZE_MAX);
  for (size_t c = 0; c < page->table->columns; c++) {
    if (page->width[c] > 0) text_add(page->text, page->table->column[c].left ? "|:---" : "|---:");
  }
  text_add(page->text, "|\n");
  for (size_t r = 0; r < page->table->rows; r++) write_markdown_row(page, r);
}

static void write_for_people(const struct text_table *table, bool markdown, struct text *text) {
  struct error error;
  struct page page = {.table = table, .gap = GAP, .text = text};
  page.width = memory_array(table->columns, sizeof *page.width, &error);
  if (page.width == NULL) {
    text->failed = true;
    return;
  }
  measure(&page);
  if (markdown) {
    write_markdown(&page);
  } else {
    fit(&page);
    write_row(&page, SIZE_MAX);
    for (size_t r = 0; r < table->rows; r++) write_row(&page, r);
  }
  free(page.width);
}

size_t text_table_width(const struct text_table *table) {
  struct error error;
  struct text unused = {0};
  struct page page = {.table = table, .gap = GAP, .text = &unused};
  page.width = memory_array(table->columns, sizeof *page.width, &error);
  if (page.width == NULL) return 0;
  measure(&page);
  const size_t width = width_without(&page, SIZE_MAX);
  free(page.width);
  return width > GAP ? width - GAP : 0;
}

void text_table_add_left_out(const struct text_table *table, const char *advice,
                             struct text *text) {
  struct text line = {0};
  for (size_t c = 0; c < table->columns; c++) {
    if (!table->left_out[c]) continue;
    text_add(&line, "%s%s",
             line.length > 0 ? ", " : "not shown for want of room: ", table->column[c].name);
  }
  if (line.length > 0) {
    text_add(&line, "; to see more: %s", advice);
    text_add(text, "\n");
    if (!line.failed) text_table_add_paragraph(text, line.text, table->page_width);
  }
  text->failed |= line.failed;
  text_clear(&line);
}

void text_table_add_paragraph(struct text *text, const char *paragraph, size_t width) {
  const size_t indent = width > 2 * WRAPPED_INDENT ? WRAPPED_INDENT : 0;
  size_t fits = width > 0 ? width_fit(paragraph, width) : strlen(paragraph);
  text_add_bytes(text, paragraph, fits);
  text_add(text, "\n");
  for (const char *rest = paragraph + fits; *(rest += strspn(rest, " ")) != '\0'; rest += fits) {
    fits = width_fit(rest, width - indent);
    text_add(text, "%*s%.*s\n", (int)indent, "", (int)fits, rest);
  }
}

void text_table_write(const struct text_table *table, enum text_table_format format,
                      struct text *text) {
  switch (format) {
    case TEXT_TABLE_CSV:
      write_csv(table, text);
      break;
    case TEXT_TABLE_JSON:
      write_json(table, text);
      break;
    case TEXT_TABLE_TEXT:
    case TEXT_TABLE_MARKDOWN:
    case TEXT_TABLE_FORMATS:
      write_for_people(table, format == TEXT_TABLE_MARKDOWN, text);
      break;
  }
}
