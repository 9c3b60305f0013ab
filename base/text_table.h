/* Tables: for people as text or Markdown, for programs as CSV or JSON.
 *
 * The caller has the rows; the writer asks for each cell when it needs it, for
 * the text formats twice (widths, then lines), so that no cell is kept. */
#ifndef CROSSLANE_BASE_TEXT_TABLE_H
#define CROSSLANE_BASE_TEXT_TABLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum text_table_format {
  TEXT_TABLE_TEXT,
  TEXT_TABLE_CSV,
  TEXT_TABLE_JSON,
  TEXT_TABLE_MARKDOWN,
  TEXT_TABLE_FORMATS
};

struct text_table_column {
  const char *name; /* the head: for people a title, for programs a key */
  bool left;        /* aligned to the left, as texts are; numbers stand to the right */
  bool optional;    /* for people: left out when it is empty in every row */
  bool wraps;    /* text: may be broken over lines (width_fit) to keep `page_width`; one at most */
  size_t least;  /* text: columns of the terminal that it has at least */
  unsigned rank; /* text: 0: it stands always; of the others those with the largest rank are
                  * left out first to keep `page_width` */
};

/* ECMA-48, select graphic rendition. */
#define TEXT_TABLE_BOLD "\033[1m"
#define TEXT_TABLE_WARNING "\033[1;33m"
#define TEXT_TABLE_PLAIN "\033[0m"

struct text_table {
  const struct text_table_column *column; /* [columns] */
  size_t columns, rows;
  const void *context; /* handed to the functions */
  /* Text and Markdown: appends a cell; it is shown in its plain form. */
  void (*cell)(const void *context, size_t row, size_t column, struct text *text);
  /* CSV and JSON: a new reference; json_null() is an empty field; NULL: memory
   * ran out. */
  json_t *(*value)(const void *context, size_t row, size_t column);
  /* Text: whether the row stands out; NULL: none does. */
  bool (*bold)(const void *context, size_t row);
  size_t page_width; /* text: columns of the terminal to keep to; 0: no bound */
  bool *left_out;    /* [columns] text: gets which columns were left out for it; NULL: not asked */
};

/* Columns of the terminal that the text of the whole table takes. */
size_t text_table_width(const struct text_table *table);

/* After text_table_write: an empty line and which columns were left out, with `advice`
 * how to see them; nothing where all stand. */
void text_table_add_left_out(const struct text_table *table, const char *advice, struct text *text);

/* A paragraph in lines of `width` columns (0: one line), those after the first
 * indented by two. */
void text_table_add_paragraph(struct text *text, const char *paragraph, size_t width);

/* CSV is that of RFC 4180 but for its lines, which end in "\n": a head, then
 * quotes where a field needs them. JSON is a list, one object a row. Numbers of
 * both have all their digits. Memory that ran out is in `text`. */
void text_table_write(const struct text_table *table, enum text_table_format format,
                      struct text *text);

/* A field of CSV in its plain form (base/plain.h), quoted where it must be. A text
 * that a spreadsheet would take for a formula (it begins with =, +, - or @, and is
 * no number) gets a ' before it, as OWASP advises against CSV injection. */
void text_table_add_csv(struct text *text, const char *field);

/* Text within Markdown: a bar would end a cell, and the signs of markup in names
 * must not act. */
void text_table_add_markdown(struct text *text, const char *string);

#endif
