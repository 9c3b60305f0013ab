#include "base/json_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/plain.h"

enum { LINE_WIDTH = 160, INDENT = 2 };

static void add_plain(struct text *text, const char *plain) {
  text_add_bytes(text, plain, strlen(plain));
}

/* With a point or an exponent always, so that jansson reads a real number, and
 * whole numbers without exponents as long as every digit is known. */
void json_text_add_real(struct text *text, double value) {
  char number[TEXT_DOUBLE];
  if (fabs(value) < 1e15 && value == floor(value)) {
    text_add(text, "%.1f", value);
    return;
  }
  text_from_double(value, number);
  add_plain(text, number);
  if (strpbrk(number, ".e") == NULL) add_plain(text, ".0");
}

/* By its number, or by those of its two surrogates (RFC 8259, section 7). */
static void add_escaped(struct text *text, uint32_t point) {
  if (point < 0x10000) {
    text_add(text, "\\u%04x", point);
  } else {
    text_add(text, "\\u%04x\\u%04x", 0xd800 + ((point - 0x10000) >> 10), 0xdc00 + (point & 0x3ff));
  }
}

/* What would act on a terminal (base/plain.h) is escaped: it stays what it is. */
static void add_string(struct text *text, const char *string, size_t length) {
  text_add_bytes(text, "\"", 1);
  for (const char *at = string, *end = string + length; at < end;) {
    uint32_t point;
    const size_t hidden = plain_hidden(at, end, &point);
    const size_t bytes = hidden > 0 ? hidden : text_character(at, end);
    if (*at == '"' || *at == '\\') {
      text_add(text, "\\%c", *at);
    } else if (*at == '\n') {
      text_add(text, "\\n");
    } else if (hidden > 0) {
      add_escaped(text, point);
    } else {
      text_add_bytes(text, at, bytes);
    }
    at += bytes;
  }
  text_add_bytes(text, "\"", 1);
}

static void add_scalar(struct text *text, const json_t *json) {
  if (json_is_string(json)) {
    add_string(text, json_string_value(json), json_string_length(json));
  } else if (json_is_integer(json)) {
    text_add(text, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
  } else if (json_is_real(json)) {
    json_text_add_real(text, json_real_value(json));
  } else {
    add_plain(text, json_is_true(json) ? "true" : json_is_false(json) ? "false" : "null");
  }
}

static void new_line(struct text *text, size_t indent) {
  text_add(text, "\n%*s", (int)indent, "");
}

static void add_value(struct text *text, const json_t *json, size_t indent, bool broken);

/* `broken`: one element a line. */
static void add_array(struct text *text, const json_t *json, size_t indent, bool broken) {
  size_t i;
  json_t *value;
  add_plain(text, "[");
  json_array_foreach(json, i, value) {
    if (i > 0) add_plain(text, broken ? "," : ", ");
    if (broken) new_line(text, indent + INDENT);
    add_value(text, value, indent + INDENT, broken);
  }
  if (broken) new_line(text, indent);
  add_plain(text, "]");
}

static void add_object(struct text *text, const json_t *json, size_t indent, bool broken) {
  add_plain(text, "{");
  /* jansson's iterators take a table that is not const, and leave it alone */
  json_t *object = (json_t *)(uintptr_t)json;
  for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at)) {
    const char *key = json_object_iter_key(at);
    if (at != json_object_iter(object)) add_plain(text, broken ? "," : ", ");
    if (broken) new_line(text, indent + INDENT);
    add_string(text, key, strlen(key));
    add_plain(text, ": ");
    add_value(text, json_object_iter_value(at), indent + INDENT, broken);
  }
  if (broken) new_line(text, indent);
  add_plain(text, "}");
}

static size_t column_of(const struct text *text) {
  size_t column = 0;
  while (column < text->length && text->text[text->length - 1 - column] != '\n') column++;
  return column;
}

static void add_container(struct text *text, const json_t *json, size_t indent, bool broken) {
  if (json_is_array(json)) {
    add_array(text, json, indent, broken);
  } else {
    add_object(text, json, indent, broken);
  }
}

/* `may_break`: whether what stands around it has a line for each element. */
static void add_value(struct text *text, const json_t *json, size_t indent, bool may_break) {
  if (!json_is_array(json) && !json_is_object(json)) {
    add_scalar(text, json);
    return;
  }
  if (!may_break) {
    add_container(text, json, indent, false);
    return;
  }
  struct text line = {0};
  add_container(&line, json, indent, false);
  bool fits = column_of(text) + line.length + 1 <= LINE_WIDTH;
  bool empty = json_array_size(json) + json_object_size(json) == 0;
  if (line.failed) text->failed = true;
  add_container(text, json, indent, !fits && !empty);
  text_clear(&line);
}

void json_text_add(struct text *text, const json_t *json) {
  add_value(text, json, 0, true);
}

void json_text_add_line(struct text *text, const json_t *json) {
  add_value(text, json, 0, false);
}

json_t *json_text_real(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_text_u64(uint64_t value) {
  if (value <= INT64_MAX) return json_integer((json_int_t)value);
  char digits[24];
  (void)snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
  return json_string(digits);
}

json_t *json_text_string(const char *text) {
  if (text == NULL) text = "";
  json_t *string = json_string(text);
  if (string != NULL) return string;
  struct error ignored;
  char *copy = memory_text(text, &ignored);
  if (copy == NULL) return NULL;
  for (char *at = copy; *at != '\0'; at++) {
    if ((unsigned char)*at >= 0x80) *at = '?';
  }
  string = json_string(copy);
  free(copy);
  return string;
}
