/* JSON as text that people can read, and the values that go into it. */
#ifndef CROSSLANE_BASE_JSON_TEXT_H
#define CROSSLANE_BASE_JSON_TEXT_H

#include <jansson.h>
#include <stdint.h>

#include "base/text.h"

/* Appends `json` as text: two blanks a level, keys in their order of
 * insertion, whatever fits on one line on one line, doubles by the shortest
 * text that reads back to the same bits. No newline at the end. */
void json_text_add(struct text *text, const json_t *json);

/* The same on one line, however long. */
void json_text_add_line(struct text *text, const json_t *json);

/* One finite number, always with a point or an exponent. */
void json_text_add_real(struct text *text, double value);

/* Values to put into an object; NULL when memory ran out. A number that is not
 * finite is null, a NULL text is "", bytes that are not UTF-8 become '?', an
 * integer beyond JSON's 64 bits with a sign is a text of digits. */
json_t *json_text_real(double value);
json_t *json_text_u64(uint64_t value);
json_t *json_text_string(const char *text);

#endif
