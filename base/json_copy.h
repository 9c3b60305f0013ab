/* Copies of JSON that are whole or not there: those of jansson (2.14) silently lack the
 * members that memory ran out for. */
#ifndef CROSSLANE_BASE_JSON_COPY_H
#define CROSSLANE_BASE_JSON_COPY_H

#include <jansson.h>

/* A new reference; NULL when memory ran out, or for NULL. */
json_t *json_copy_shallow(const json_t *json); /* the members are shared */
json_t *json_copy_deep(const json_t *json);

#endif
