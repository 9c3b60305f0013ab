#include "base/document.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

enum { LINE_WIDTH = 160, INDENT = 2 };

/* With a point or an exponent always, so that jansson reads a real number, and
 * whole numbers without exponents as long as every digit is known. */
void document_add_real(struct text *text, double value) {
  char number[TEXT_DOUBLE];
  if (fabs(value) < 1e15 && value == floor(value)) {
    text_add(text, "%.1f", value);
    return;
  }
  text_from_double(value, number);
  text_add(text, "%s%s", number, strpbrk(number, ".e") == NULL ? ".0" : "");
}

static void add_string(struct text *text, const char *string, size_t length) {
  text_add_bytes(text, "\"", 1);
  for (size_t i = 0; i < length; i++) {
    unsigned char byte = (unsigned char)string[i];
    if (byte == '"' || byte == '\\') {
      text_add(text, "\\%c", byte);
    } else if (byte == '\n') {
      text_add(text, "\\n");
    } else if (byte < 0x20 || byte == 0x7f) {
      text_add(text, "\\u%04x", byte);
    } else {
      text_add_bytes(text, string + i, 1);
    }
  }
  text_add_bytes(text, "\"", 1);
}

static void add_scalar(struct text *text, const json_t *json) {
  if (json_is_string(json)) {
    add_string(text, json_string_value(json), json_string_length(json));
  } else if (json_is_integer(json)) {
    text_add(text, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
  } else if (json_is_real(json)) {
    document_add_real(text, json_real_value(json));
  } else {
    text_add(text, "%s", json_is_true(json) ? "true" : json_is_false(json) ? "false" : "null");
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
  text_add(text, "[");
  json_array_foreach(json, i, value) {
    if (i > 0) text_add(text, broken ? "," : ", ");
    if (broken) new_line(text, indent + INDENT);
    add_value(text, value, indent + INDENT, broken);
  }
  if (broken) new_line(text, indent);
  text_add(text, "]");
}

static void add_object(struct text *text, const json_t *json, size_t indent, bool broken) {
  text_add(text, "{");
  /* jansson's iterators take a table that is not const, and leave it alone */
  json_t *object = (json_t *)(uintptr_t)json;
  for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at)) {
    const char *key = json_object_iter_key(at);
    if (at != json_object_iter(object)) text_add(text, broken ? "," : ", ");
    if (broken) new_line(text, indent + INDENT);
    add_string(text, key, strlen(key));
    text_add(text, ": ");
    add_value(text, json_object_iter_value(at), indent + INDENT, broken);
  }
  if (broken) new_line(text, indent);
  text_add(text, "}");
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

void document_add(struct text *text, const json_t *json) {
  add_value(text, json, 0, true);
}

void document_add_line(struct text *text, const json_t *json) {
  add_value(text, json, 0, false);
}

json_t *document_real(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

json_t *document_u64(uint64_t value) {
  if (value <= INT64_MAX) return json_integer((json_int_t)value);
  char digits[24];
  (void)snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
  return json_string(digits);
}

json_t *document_string(const char *text) {
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

bool document_write(const char *path, const json_t *json, struct error *error) {
  struct text text = {0};
  if (json != NULL) document_add(&text, json);
  text_add(&text, "\n");
  bool done = json != NULL && !text.failed;
  if (done) {
    done = file_write_atomic(path, text.text, text.length, error);
  } else {
    error_set(error, ERROR_SYSTEM, "%s: out of memory", path);
  }
  text_clear(&text);
  return done;
}

size_t document_faults(const struct error *error) {
  return error->kind == ERROR_NONE ? 0 : error->faults;
}

json_t *document_read(const char *path, struct error *error) {
  struct error fault = {0};
  size_t size;
  char *bytes = file_read(path, &size, ERROR_DATA, &fault);
  if (bytes == NULL) {
    size_t prefix = strlen(path);
    bool named =
        strncmp(fault.message, path, prefix) == 0 && strncmp(fault.message + prefix, ": ", 2) == 0;
    error_fault(error, fault.kind, path, 0, "%s", fault.message + (named ? prefix + 2 : 0));
    return NULL;
  }
  json_error_t why;
  json_t *json = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &why);
  free(bytes);
  if (json == NULL) {
    struct text place = {0};
    text_add(&place, "%s:%d:%d", path, why.line, why.column > 0 ? why.column : 1);
    error_fault(error, ERROR_DATA, place.failed ? path : place.text, 0, "%s", why.text);
    text_clear(&place);
  }
  return json;
}

void fields_fault(const struct fields *fields, const char *name, const char *what) {
  error_fault(fields->error, ERROR_DATA, fields->where, 0, "field '%s%s': %s", fields->prefix, name,
              what);
}

const json_t *fields_get(const struct fields *fields, const char *name) {
  const json_t *value = json_object_get(fields->object, name);
  if (value == NULL) fields_fault(fields, name, "missing");
  return value;
}

void fields_string(const struct fields *fields, const char *name, char **value) {
  const json_t *json = fields_get(fields, name);
  if (json == NULL) return;
  if (!json_is_string(json)) {
    fields_fault(fields, name, "expected a text");
    return;
  }
  struct error memory;
  char *copy = memory_text(json_string_value(json), &memory);
  if (copy == NULL) {
    fields_fault(fields, name, "out of memory");
    return;
  }
  free(*value);
  *value = copy;
}

void fields_real(const struct fields *fields, const char *name, bool null_allowed, double *value) {
  const json_t *json = fields_get(fields, name);
  if (json == NULL) return;
  if (json_is_number(json)) {
    *value = json_number_value(json);
  } else if (null_allowed && json_is_null(json)) {
    *value = NAN;
  } else {
    fields_fault(fields, name, null_allowed ? "expected a number or null" : "expected a number");
  }
}

void fields_u64(const struct fields *fields, const char *name, uint64_t *value) {
  const json_t *json = fields_get(fields, name);
  if (json == NULL) return;
  const char *digits = json_string_value(json);
  uint64_t large;
  if (json_is_integer(json) && json_integer_value(json) >= 0) {
    *value = (uint64_t)json_integer_value(json);
  } else if (digits != NULL && text_u64(digits, digits + strlen(digits), &large) &&
             large > INT64_MAX) {
    *value = large;
  } else {
    fields_fault(fields, name, "expected a whole number, 0 or more");
  }
}

void fields_u32(const struct fields *fields, const char *name, uint32_t *value) {
  uint64_t wide = *value;
  fields_u64(fields, name, &wide);
  if (wide <= UINT32_MAX) {
    *value = (uint32_t)wide;
  } else {
    fields_fault(fields, name, "expected a whole number below 4294967296");
  }
}

void fields_boolean(const struct fields *fields, const char *name, bool *value) {
  const json_t *json = fields_get(fields, name);
  if (json == NULL) return;
  if (json_is_boolean(json)) {
    *value = json_is_true(json);
  } else {
    fields_fault(fields, name, "expected true or false");
  }
}

void fields_object(const struct fields *fields, const char *name, json_t **value) {
  const json_t *json = fields_get(fields, name);
  if (json == NULL) return;
  if (!json_is_object(json)) {
    fields_fault(fields, name, "expected an object");
    return;
  }
  json_decref(*value);
  *value = json_incref(json_object_get(fields->object, name));
}

const json_t *fields_array(const struct fields *fields, const char *name) {
  const json_t *json = fields_get(fields, name);
  if (json == NULL || json_is_array(json)) return json;
  fields_fault(fields, name, "expected an array");
  return NULL;
}
