/* JSON files of a run: well-looking text out, strict fields in. */
#ifndef CROSSLANE_BASE_DOCUMENT_H
#define CROSSLANE_BASE_DOCUMENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/* Appends `json` as text: two blanks a level, keys in their order of
 * insertion, whatever fits on one line on one line, doubles by the shortest
 * text that reads back to the same bits. No newline at the end. */
void document_add(struct text *text, const json_t *json);

/* The same on one line, however long. */
void document_add_line(struct text *text, const json_t *json);

/* One finite number, always with a point or an exponent. */
void document_add_real(struct text *text, double value);

/* Values to put into an object; NULL when memory ran out. A number that is not
 * finite is null, a NULL text is "", bytes that are not UTF-8 become '?', an
 * integer beyond JSON's 64 bits with a sign is a text of digits. */
json_t *document_real(double value);
json_t *document_u64(uint64_t value);
json_t *document_string(const char *text);

/* Atomically, with a newline at the end. A NULL `json` stands for memory that
 * ran out while it was made. */
bool document_write(const char *path, const json_t *json, struct error *error);

/* NULL, with one more fault in `error` (ERROR_DATA), when the file cannot be
 * read or is not JSON: "path:line:column: why". */
json_t *document_read(const char *path, struct error *error);

/* Fields of one object. Each fault goes to `error` as
 * "where: field 'prefix.name': expected a number"; the value then stays as it was. */
struct fields {
  const json_t *object;
  const char *where;
  const char *prefix; /* "" or a path that ends in a dot */
  struct error *error;
};

/* NULL with a fault when there is none of that name. */
const json_t *fields_get(const struct fields *fields, const char *name);
void fields_fault(const struct fields *fields, const char *name, const char *what);

void fields_string(const struct fields *fields, const char *name, char **value);
void fields_real(const struct fields *fields, const char *name, bool null_allowed, double *value);
void fields_u64(const struct fields *fields, const char *name, uint64_t *value);
void fields_u32(const struct fields *fields, const char *name, uint32_t *value);
void fields_boolean(const struct fields *fields, const char *name, bool *value);
/* A new reference. */
void fields_object(const struct fields *fields, const char *name, json_t **value);
/* Borrowed; NULL with a fault when it is no array. */
const json_t *fields_array(const struct fields *fields, const char *name);

/* Faults found so far; a function of this room compares before and after. */
size_t document_faults(const struct error *error);

#endif
