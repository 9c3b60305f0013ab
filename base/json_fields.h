/* JSON files: read and written whole, their fields checked one by one. */
#ifndef CROSSLANE_BASE_JSON_FIELDS_H
#define CROSSLANE_BASE_JSON_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Atomically, with a newline at the end. A NULL `json` stands for memory that
 * ran out while it was made. */
bool json_file_write(const char *path, const json_t *json, struct error *error);

/* NULL, with one more fault in `error` (ERROR_DATA), when the file cannot be
 * read or is not JSON: "path:line:column: why". */
json_t *json_file_read(const char *path, struct error *error);

/* Fields of one object. Each fault goes to `error` as
 * "where: field 'prefix.name': expected a number"; the value then stays as it was. */
struct json_fields {
  const json_t *object;
  const char *where;
  const char *prefix; /* "" or a path that ends in a dot */
  struct error *error;
};

/* NULL with a fault when there is none of that name. */
const json_t *json_fields_get(const struct json_fields *fields, const char *name);
void json_fields_fault(const struct json_fields *fields, const char *name, const char *what);
/* The same for memory that ran out (ERROR_SYSTEM): the file may be sound. */
void json_fields_no_memory(const struct json_fields *fields, const char *name);

void json_fields_string(const struct json_fields *fields, const char *name, char **value);
void json_fields_real(const struct json_fields *fields, const char *name, bool null_allowed,
                      double *value);
void json_fields_u64(const struct json_fields *fields, const char *name, uint64_t *value);
void json_fields_u32(const struct json_fields *fields, const char *name, uint32_t *value);
void json_fields_boolean(const struct json_fields *fields, const char *name, bool *value);
/* A new reference. */
void json_fields_object(const struct json_fields *fields, const char *name, json_t **value);
/* Borrowed; NULL with a fault when it is no array. */
const json_t *json_fields_array(const struct json_fields *fields, const char *name);

/* Faults found so far; compare before and after. */
size_t json_fields_faults(const struct error *error);

#endif
