/* Error messages that show the line and point at the column, as rustc does. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/plain.h"
#include "base/text.h"
#include "config/yaml.h"

/* Shown of a long line: this many bytes, some of them before the column. */
enum { SHOWN_BYTES = 100, SHOWN_BEFORE = 60, FOUND_BYTES = 60 };

static bool starts_character(char byte) {
  return ((unsigned char)byte & 0xC0) != 0x80;
}

/* Line `line` (from 1) without its line end; empty past the end of the text. */
static const char *find_line(const struct yaml_document *document, size_t line, size_t *length) {
  const char *at = document->text, *end = document->text + document->size;
  for (size_t i = 1; i < line && at < end; i++) {
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    at = newline == NULL ? end : newline + 1;
  }
  const char *newline = memchr(at, '\n', (size_t)(end - at));
  *length = (size_t)((newline == NULL ? end : newline) - at);
  if (*length > 0 && at[*length - 1] == '\r') (*length)--;
  return at;
}

/* The byte at which character `column` (from 1) of the line starts. */
static size_t byte_of_column(const char *line, size_t length, size_t column) {
  size_t at = 0;
  for (size_t i = 1; i < column && at < length; i++) {
    at++;
    while (at < length && !starts_character(line[at])) at++;
  }
  return at;
}

static void show_line(const struct yaml_document *document, size_t line, size_t column,
                      struct error *error) {
  size_t length;
  const char *bytes = find_line(document, line, &length);
  size_t caret = byte_of_column(bytes, length, column);
  size_t begin = caret > SHOWN_BEFORE ? caret - SHOWN_BEFORE : 0;
  if (length <= SHOWN_BYTES) begin = 0;
  while (begin > 0 && !starts_character(bytes[begin])) begin--;
  size_t end = length - begin > SHOWN_BYTES ? begin + SHOWN_BYTES : length;
  while (end < length && !starts_character(bytes[end])) end++;

  struct text shown = {0}, space = {0};
  plain_add_bytes(&shown, bytes + begin, end - begin);
  for (size_t i = begin; i < caret; i++) {
    if (starts_character(bytes[i])) text_add(&space, " ");
  }
  char number[24];
  (void)snprintf(number, sizeof number, "%zu", line);
  error_help(error, "  %s | %s%s%s", number, begin > 0 ? "..." : "",
             shown.text == NULL ? "" : shown.text, end < length ? "..." : "");
  error_help(error, "  %*s | %s%s^", (int)strlen(number), "", begin > 0 ? "   " : "",
             space.text == NULL ? "" : space.text);
  text_clear(&shown);
  text_clear(&space);
}

static bool fail(const struct yaml_document *document, size_t line, size_t column,
                 struct error *error, const char *what) {
  if (document->setting || line == 0) {
    return error_set(error, ERROR_CONFIG, "%s: %s", document->name, what);
  }
  error_at(error, ERROR_CONFIG, document->name, line, column, "%s", what);
  show_line(document, line, column, error);
  return false;
}

/* Longer messages are cut: none needs more. */
enum { WHAT = 2048 };

bool yaml_error(const struct yaml_node *node, struct error *error, const char *format, ...) {
  char what[WHAT];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(what, sizeof what, format, arguments);
  va_end(arguments);
  return fail(node->document, node->line, node->column, error, what);
}

bool yaml_error_at(const struct yaml_document *document, size_t line, size_t column,
                   struct error *error, const char *format, ...) {
  char what[WHAT];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(what, sizeof what, format, arguments);
  va_end(arguments);
  return fail(document, line, column, error, what);
}

bool yaml_error_document(const struct yaml_document *document, struct error *error,
                         const char *format, ...) {
  char what[WHAT];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(what, sizeof what, format, arguments);
  va_end(arguments);
  return fail(document, 0, 0, error, what);
}

static void add_found(struct text *text, const struct yaml_node *node) {
  if (node->kind == YAML_SEQUENCE) {
    text_add(text, "a list");
  } else if (node->kind == YAML_MAPPING) {
    text_add(text, "a mapping");
  } else if (node->plain && node->length == 0) {
    text_add(text, "nothing");
  } else {
    size_t shown = node->length;
    if (shown > FOUND_BYTES) shown = FOUND_BYTES;
    while (shown < node->length && !starts_character(node->text[shown])) shown++;
    text_add(text, "%s", node->plain ? "'" : "the quoted text '");
    plain_add_bytes(text, node->text, shown);
    text_add(text, "%s'", shown < node->length ? "..." : "");
  }
}

bool yaml_expected(const struct yaml_node *node, struct error *error, const char *format, ...) {
  char expected[WHAT];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(expected, sizeof expected, format, arguments);
  va_end(arguments);
  struct text found = {0};
  add_found(&found, node);
  yaml_error(node, error, "expected %s, found %s", expected, found.text == NULL ? "" : found.text);
  text_clear(&found);
  return false;
}
