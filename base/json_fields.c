#include "base/json_fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json_parse.h"
#include "base/json_text.h"
#include "base/memory.h"
#include "base/text.h"

bool json_file_write(const char *path, const json_t *json, struct error *error) {
  struct text text = {0};
  if (json != NULL) json_text_add(&text, json);
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

size_t json_fields_faults(const struct error *error) {
  return error->kind == ERROR_NONE ? 0 : error->faults;
}

json_t *json_file_read(const char *path, struct error *error) {
  struct error fault = {0};
  size_t size;
  char *bytes = file_read(path, FILE_MOST_JSON, &size, ERROR_DATA, &fault);
  json_t *json = bytes != NULL ? json_parse(bytes, size, path, &fault) : NULL;
  free(bytes);
  if (json == NULL) error_fault_of(error, &fault);
  return json;
}

void json_fields_fault(const struct json_fields *fields, const char *name, const char *what) {
  error_fault(fields->error, ERROR_DATA, fields->where, 0, "field '%s%s': %s", fields->prefix, name,
              what);
}

void json_fields_no_memory(const struct json_fields *fields, const char *name) {
  error_fault(fields->error, ERROR_SYSTEM, fields->where, 0, "field '%s%s': out of memory",
              fields->prefix, name);
}

const json_t *json_fields_get(const struct json_fields *fields, const char *name) {
  const json_t *value = json_object_get(fields->object, name);
  if (value == NULL) json_fields_fault(fields, name, "missing");
  return value;
}

void json_fields_string(const struct json_fields *fields, const char *name, char **value) {
  const json_t *json = json_fields_get(fields, name);
  if (json == NULL) return;
  if (!json_is_string(json)) {
    json_fields_fault(fields, name, "expected a text");
    return;
  }
  struct error memory;
  char *copy = memory_text(json_string_value(json), &memory);
  if (copy == NULL) {
    json_fields_no_memory(fields, name);
    return;
  }
  free(*value);
  *value = copy;
}

void json_fields_real(const struct json_fields *fields, const char *name, bool null_allowed,
                      double *value) {
  const json_t *json = json_fields_get(fields, name);
  if (json == NULL) return;
  if (json_is_number(json)) {
    *value = json_number_value(json);
  } else if (null_allowed && json_is_null(json)) {
    *value = NAN;
  } else {
    json_fields_fault(fields, name,
                      null_allowed ? "expected a number or null" : "expected a number");
  }
}

void json_fields_u64(const struct json_fields *fields, const char *name, uint64_t *value) {
  const json_t *json = json_fields_get(fields, name);
  if (json == NULL) return;
  const char *digits = json_string_value(json);
  uint64_t large;
  if (json_is_integer(json) && json_integer_value(json) >= 0) {
    *value = (uint64_t)json_integer_value(json);
  } else if (digits != NULL && text_u64(digits, digits + strlen(digits), &large) &&
             large > INT64_MAX) {
    *value = large;
  } else {
    json_fields_fault(fields, name, "expected a whole number, 0 or more");
  }
}

void json_fields_u32(const struct json_fields *fields, const char *name, uint32_t *value) {
  uint64_t wide = *value;
  json_fields_u64(fields, name, &wide);
  if (wide <= UINT32_MAX) {
    *value = (uint32_t)wide;
  } else {
    json_fields_fault(fields, name, "expected a whole number below 4294967296");
  }
}

void json_fields_boolean(const struct json_fields *fields, const char *name, bool *value) {
  const json_t *json = json_fields_get(fields, name);
  if (json == NULL) return;
  if (json_is_boolean(json)) {
    *value = json_is_true(json);
  } else {
    json_fields_fault(fields, name, "expected true or false");
  }
}

void json_fields_object(const struct json_fields *fields, const char *name, json_t **value) {
  const json_t *json = json_fields_get(fields, name);
  if (json == NULL) return;
  if (!json_is_object(json)) {
    json_fields_fault(fields, name, "expected an object");
    return;
  }
  json_decref(*value);
  *value = json_incref(json_object_get(fields->object, name));
}

const json_t *json_fields_array(const struct json_fields *fields, const char *name) {
  const json_t *json = json_fields_get(fields, name);
  if (json == NULL || json_is_array(json)) return json;
  json_fields_fault(fields, name, "expected an array");
  return NULL;
}
