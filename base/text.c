#include "base/text.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(struct text *text, size_t more) {
  size_t needed = text->length + more + 1;
  if (text->failed || needed <= text->room) return !text->failed;
  size_t room = text->room * 2 > needed ? text->room * 2 : needed + 64;
  char *grown = realloc(text->text, room);
  if (grown == NULL) {
    text->failed = true;
    return false;
  }
  text->text = grown;
  text->room = room;
  return true;
}

void text_add(struct text *text, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length >= 0 && reserve(text, (size_t)length)) {
    (void)vsnprintf(text->text + text->length, (size_t)length + 1, format, again);
    text->length += (size_t)length;
  }
  va_end(again);
}

void text_add_bytes(struct text *text, const char *bytes, size_t count) {
  if (!reserve(text, count)) return;
  if (count > 0) memcpy(text->text + text->length, bytes, count);
  text->length += count;
  text->text[text->length] = '\0';
}

void text_clear(struct text *text) {
  free(text->text);
  *text = (struct text){0};
}

void text_add_wrapped(struct text *text, size_t column, size_t indent, const char *words) {
  bool first = true;
  for (; *words != '\0'; first = false) {
    const size_t length = strcspn(words, " ");
    if (!first && column + 1 + length > TEXT_WIDTH) {
      text_add(text, "\n%*s", (int)indent, "");
      column = indent;
    } else if (!first) {
      text_add(text, " ");
      column++;
    }
    for (size_t i = 0; i < length; i++) text_add(text, "%c", words[i] == '\t' ? ' ' : words[i]);
    column += length;
    words += length + strspn(words + length, " ");
  }
  text_add(text, "\n");
}

bool text_u64(const char *begin, const char *end, uint64_t *value) {
  if (begin == end || (*begin == '0' && end - begin > 1)) return false;
  uint64_t sum = 0;
  for (const char *at = begin; at < end; at++) {
    if (*at < '0' || *at > '9') return false;
    if (__builtin_mul_overflow(sum, 10, &sum)) return false;
    if (__builtin_add_overflow(sum, (uint64_t)(*at - '0'), &sum)) return false;
  }
  *value = sum;
  return true;
}

bool text_i64(const char *begin, const char *end, int64_t *value) {
  bool negative = begin < end && *begin == '-';
  uint64_t size;
  if (!text_u64(negative ? begin + 1 : begin, end, &size)) return false;
  uint64_t most = (uint64_t)INT64_MAX + (negative ? 1 : 0);
  if (size > most) return false;
  *value = (int64_t)(negative ? 0 - size : size);
  return true;
}

static const char *digits(const char *at, const char *end) {
  while (at < end && *at >= '0' && *at <= '9') at++;
  return at;
}

/* -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? */
static bool is_real_number(const char *at, const char *end) {
  if (at < end && *at == '-') at++;
  const char *whole = at;
  at = digits(at, end);
  if (at == whole || (*whole == '0' && at - whole > 1)) return false;
  if (at < end && *at == '.') {
    const char *fraction = ++at;
    at = digits(at, end);
    if (at == fraction) return false;
  }
  if (at < end && (*at == 'e' || *at == 'E')) {
    at++;
    if (at < end && (*at == '+' || *at == '-')) at++;
    const char *exponent = at;
    at = digits(at, end);
    if (at == exponent) return false;
  }
  return at == end;
}

bool text_double(const char *begin, const char *end, double *value) {
  char copy[128];
  size_t length = (size_t)(end - begin);
  if (length >= sizeof copy || !is_real_number(begin, end)) return false;
  memcpy(copy, begin, length);
  copy[length] = '\0';
  *value = strtod(copy, NULL);
  return isfinite(*value);
}

void text_from_double(double value, char out[TEXT_DOUBLE]) {
  if (fabs(value) < 1e15 && value == floor(value)) { /* 10, where %g has 1e+01 */
    (void)snprintf(out, TEXT_DOUBLE, "%.0f", value);
    return;
  }
  /* A decimal of up to DBL_DIG digits comes back from its double with zeros after it, which %g
   * leaves out: what DBL_DIG digits say, they say in the fewest. Denormals have fewer. */
  const int first = fabs(value) < DBL_MIN ? 1 : DBL_DIG;
  for (int precision = first; precision <= 17; precision++) {
    (void)snprintf(out, TEXT_DOUBLE, "%.*g", precision, value);
    if (precision == 17 || strtod(out, NULL) == value) return;
  }
}

void text_add_rounded(struct text *text, double value, int digits) {
  double first = 1; /* with more than `digits` of them before the point */
  for (int i = 0; i < digits; i++) first *= 10;
  const bool whole = fabs(value) >= first - 0.5 && fabs(value) < 1e15;
  if (whole) {
    text_add(text, "%.0f", value);
  } else {
    text_add(text, "%.*g", digits, value);
  }
}

/* Damerau-Levenshtein distance without moving a part twice. */
static size_t distance(const char *a, const char *b) {
  enum { LONGEST = 64 };
  size_t m = strlen(a), n = strlen(b);
  if (m >= LONGEST || n >= LONGEST) return SIZE_MAX;
  size_t rows[3][LONGEST + 1];
  size_t *before = rows[0], *last = rows[1], *now = rows[2];
  for (size_t j = 0; j <= n; j++) last[j] = j;
  for (size_t i = 1; i <= m; i++) {
    now[0] = i;
    for (size_t j = 1; j <= n; j++) {
      size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
      if (last[j] + 1 < best) best = last[j] + 1;
      if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
      bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped && before[j - 2] + 1 < best) best = before[j - 2] + 1;
      now[j] = best;
    }
    size_t *free_row = before;
    before = last;
    last = now;
    now = free_row;
  }
  return last[n];
}

enum { SQUEEZED = 128, PART_LEAST = 3 };

/* Letters and digits alone. */
static size_t squeeze(const char *word, char out[SQUEEZED]) {
  size_t length = 0;
  for (; *word != '\0' && length < SQUEEZED - 1; word++) {
    if (strchr("_- .", *word) == NULL) out[length++] = *word;
  }
  out[length] = '\0';
  return length;
}

/* The only one that `word` is a part of; NULL: none, or several. */
static const char *whole_of(const char *word, const char *const *words, size_t count) {
  char part[SQUEEZED], whole[SQUEEZED];
  const char *found = NULL;
  if (squeeze(word, part) < PART_LEAST) return NULL;
  for (size_t i = 0; i < count; i++) {
    (void)squeeze(words[i], whole);
    if (strstr(whole, part) == NULL) continue;
    if (found != NULL) return NULL;
    found = words[i];
  }
  return found;
}

const char *text_nearest(const char *word, const char *const *words, size_t count) {
  const char *nearest = NULL;
  size_t allowed = strlen(word) / 3;
  size_t best = (allowed > 1 ? allowed : 1) + 1;
  for (size_t i = 0; i < count; i++) {
    size_t changes = distance(word, words[i]);
    if (changes < best) {
      best = changes;
      nearest = words[i];
    }
  }
  const char *whole = best > 1 ? whole_of(word, words, count) : NULL;
  return whole != NULL ? whole : nearest;
}

size_t text_character(const char *text, const char *text_end) {
  const unsigned char *at = (const unsigned char *)text, *end = (const unsigned char *)text_end;
  if (*at < 0x80) return (*at >= 0x20 && *at != 0x7F) || *at == '\t' || *at == '\n' || *at == '\r';
  size_t count = *at >= 0xF0 ? 4 : *at >= 0xE0 ? 3 : 2;
  if (*at < 0xC2 || *at > 0xF4 || (size_t)(end - at) < count) return 0;
  for (size_t i = 1; i < count; i++) {
    if ((at[i] & 0xC0) != 0x80) return 0;
  }
  /* Overlong forms, surrogates, and what lies above U+10FFFF. */
  if ((*at == 0xE0 && at[1] < 0xA0) || (*at == 0xED && at[1] > 0x9F)) return 0;
  if ((*at == 0xF0 && at[1] < 0x90) || (*at == 0xF4 && at[1] > 0x8F)) return 0;
  return count;
}
