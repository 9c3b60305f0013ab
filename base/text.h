/* Text: a growing buffer, strict numbers, the nearest of some words. */
#ifndef CROSSLANE_BASE_TEXT_H
#define CROSSLANE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Start from {0}. `text` is NULL or ends in a zero. */
struct text {
  char *text;
  size_t length, room;
  bool failed; /* memory ran out; what came later is lost */
};

void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_bytes(struct text *text, const char *bytes, size_t count);
void text_clear(struct text *text);

/* Adds words in lines of at most TEXT_WIDTH bytes, and ends the last one. The
 * first goes on where the text is at `column`, further ones are indented. Lines
 * break at blanks; a tab becomes a blank that does not. */
enum { TEXT_WIDTH = 80 };
void text_add_wrapped(struct text *text, size_t column, size_t indent, const char *words);

/* The whole of [begin, end) as a decimal number: no sign for u64, no blanks,
 * no leading zeros, no "0x", no "nan" or "inf"; false when it is not one or
 * does not fit. A real number may have a sign, a fraction and an exponent. */
bool text_u64(const char *begin, const char *end, uint64_t *value);
bool text_i64(const char *begin, const char *end, int64_t *value);
bool text_double(const char *begin, const char *end, double *value);

/* Shortest decimal text from which strtod gives the same double again. A whole
 * number below 1e15 has no exponent: 10, not 1e+01. */
enum { TEXT_DOUBLE = 40 };
void text_from_double(double value, char out[TEXT_DOUBLE]);

/* Adds the value with `digits` significant digits, for people: whole numbers
 * that need more have them all, 1235 and not 1.23e+03. */
void text_add_rounded(struct text *text, double value, int digits);

/* The one of `words` nearest to `word` (optimal string alignment distance,
 * at most a third of its length, at least 1 change is allowed), or NULL. Where
 * `word` has more than one fault and is a part of just one of them ("loguniform"
 * of "log_uniform_values"), that one. */
const char *text_nearest(const char *word, const char *const *words, size_t count);

/* The bytes of the UTF-8 character at `at`, or 0 when there is none, or a
 * control character other than tab, newline and return. */
size_t text_character(const char *at, const char *end);

#endif
