#include "plots/plot_syntax.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/json_text.h"
#include "base/plain.h"

enum { TEXT_BREAK = 84 }; /* columns, before a text is broken */

/* Where the line that begins at `text` ends: at the last blank within `width`
 * bytes (a column has at least one), or at the end of the text. A word longer
 * than that is not broken. */
static size_t line_length(const char *text, size_t width) {
  size_t length = strlen(text);
  if (length <= width) return length;
  size_t end = 0;
  for (size_t i = 1; i < length && (i <= width || end == 0); i++) {
    if (text[i] == ' ') end = i;
  }
  return end > 0 ? end : length;
}

/* For a picture: gnuplot writes "]]>" into an SVG as it is, where XML has no
 * place for it. */
static void add_plain(struct text *out, const char *label) {
  struct text plain = {0};
  plain_add(&plain, label);
  const char *at = plain.text != NULL ? plain.text : "";
  for (const char *end; (end = strstr(at, "]]>")) != NULL; at = end + 2) {
    text_add_bytes(out, at, (size_t)(end - at));
    text_add(out, "]] ");
  }
  text_add(out, "%s", at);
  out->failed = out->failed || plain.failed;
  text_clear(&plain);
}

/* Within the double quotes of a data file backslash escapes count, and there
 * is none for the quote itself but its octal number. */
void plot_add_label(struct text *out, const char *label, size_t width) {
  struct text plain = {0};
  add_plain(&plain, label);
  text_add(out, "\"");
  const char *at = plain.text != NULL ? plain.text : "";
  for (size_t left = line_length(at, width); *at != '\0'; at++, left--) {
    if (left == 0) {
      text_add(out, "\\n");
      left = line_length(at + 1, width) + 1;
    } else if (*at == '"') {
      text_add(out, "\\042");
    } else if (*at == '\\') {
      text_add(out, "\\\\");
    } else {
      text_add_bytes(out, at, 1);
    }
  }
  text_add(out, "\"");
  out->failed = out->failed || plain.failed;
  text_clear(&plain);
}

/* Within single quotes nothing has a meaning (backquotes, which would run a
 * command, least of all) but the quote, which is doubled. */
static void add_quoted(struct text *out, const char *string, size_t width) {
  struct text plain = {0};
  add_plain(&plain, string);
  text_add(out, "'");
  const char *at = plain.text != NULL ? plain.text : "";
  for (size_t left = line_length(at, width); *at != '\0'; at++, left--) {
    if (left == 0) {
      text_add(out, "'.\"\\n\".'");
      left = line_length(at + 1, width) + 1;
    } else if (strncmp(at, PLOT_NO_BREAK, sizeof PLOT_NO_BREAK - 1) == 0) {
      text_add(out, " ");
      at++;
      left--;
    } else {
      text_add_bytes(out, *at == '\'' ? "''" : at, *at == '\'' ? 2 : 1);
    }
  }
  text_add(out, "'");
  out->failed = out->failed || plain.failed;
  text_clear(&plain);
}

void plot_add_number(struct text *text, double value) {
  text_add(text, "\t");
  if (isfinite(value)) {
    json_text_add_real(text, value);
  } else {
    text_add(text, "NaN");
  }
}

void plot_add_count(struct text *text, size_t count) {
  text_add(text, "\t%zu", count);
}

void plot_add_block(struct text *text, const char *columns) {
  text_add(text, "%s# %s\n", text->length > 0 ? "\n\n" : "", columns);
}

static void add_words(struct text *text, const char *name, const char *value, size_t width) {
  text_add(text, "%s = ", name);
  add_quoted(text, value != NULL ? value : "", width);
  text_add(text, "\n");
}

void plot_add_variable(struct text *text, const char *name, const char *value) {
  add_words(text, name, value, TEXT_BREAK);
}

void plot_add_line_variable(struct text *text, const char *name, const char *value) {
  add_words(text, name, value, SIZE_MAX);
}

void plot_add_number_variable(struct text *text, const char *name, double value) {
  text_add(text, "%s = ", name);
  json_text_add_real(text, value);
  text_add(text, "\n");
}

void plot_add_count_variable(struct text *text, const char *name, size_t value) {
  text_add(text, "%s = %zu\n", name, value);
}
