/* JSON from bytes: the one place where jansson reads. */
#ifndef CROSSLANE_BASE_JSON_PARSE_H
#define CROSSLANE_BASE_JSON_PARSE_H

#include <jansson.h>
#include <stddef.h>

#include "base/error.h"

/* The JSON of `size` bytes, a new reference. `name` stands before the fault.
 * NULL: damaged, or a key twice (ERROR_DATA, with line and column), or memory
 * ran out (ERROR_SYSTEM), which says nothing about the bytes. */
json_t *json_parse(const char *bytes, size_t size, const char *name, struct error *error);

/* From now on `end` is called where jansson finds no memory outside of json_parse, which goes
 * on as before; NULL: nobody is. */
typedef void json_exhausted(size_t bytes);
void json_parse_on_exhausted(json_exhausted *end);

#endif
