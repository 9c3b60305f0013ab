#include "base/width.h"

#include <stdbool.h>
#include <string.h>

struct range {
  uint32_t first, last;
};

static const struct range wide[] = {
    {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},
    {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},
    {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f64f},
    {0x1f900, 0x1f9ff}, {0x20000, 0x2fffd}, {0x30000, 0x3fffd},
};
static const struct range combining[] = {
    {0x0300, 0x036f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f},
    {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
};

static bool within(const struct range *ranges, size_t count, uint32_t point) {
  for (size_t i = 0; i < count; i++) {
    if (point >= ranges[i].first && point <= ranges[i].last) return true;
  }
  return false;
}

/* The code point at `*at`, which moves past it; a stray byte as itself. */
static uint32_t next_point(const char **at) {
  const unsigned char *bytes = (const unsigned char *)*at;
  size_t more = bytes[0] >= 0xf0 ? 3 : bytes[0] >= 0xe0 ? 2 : bytes[0] >= 0xc0 ? 1 : 0;
  uint32_t point = more > 0 ? bytes[0] & (0x3fu >> more) : bytes[0];
  for (size_t i = 1; i <= more; i++) {
    if ((bytes[i] & 0xc0) != 0x80) {
      *at += 1;
      return bytes[0];
    }
    point = point << 6 | (bytes[i] & 0x3fu);
  }
  *at += 1 + more;
  return point;
}

static size_t point_width(uint32_t point) {
  if (within(combining, sizeof combining / sizeof combining[0], point)) return 0;
  return within(wide, sizeof wide / sizeof wide[0], point) ? 2 : 1;
}

size_t width_of(const char *text) {
  size_t width = 0;
  while (*text != '\0') width += point_width(next_point(&text));
  return width;
}

/* Whether the line may be broken at `at`, within `text`: at a blank, but not before a sign that
 * belongs to what is before it; after a comma or a star that joins; between wide characters. */
static bool may_break(const char *text, const char *at, uint32_t before, uint32_t point) {
  static const char *const signs[] = {"+", "*", "~", "\u2248"};
  if (at == text) return false;
  if (*at == ' ') {
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
      if (strncmp(at + 1, signs[i], strlen(signs[i])) == 0) return false;
    }
    return true;
  }
  return at[-1] == ',' || at[-1] == '*' || (point_width(before) == 2 && point_width(point) == 2);
}

size_t width_fit(const char *text, size_t columns) {
  const char *at = text, *place = NULL, *between_words = NULL, *blank = NULL;
  uint32_t last = 0;
  size_t width = 0, words_width = 0;
  while (*at != '\0') {
    const char *before = at;
    const uint32_t point = next_point(&at);
    if (may_break(text, before, last, point)) {
      place = before;
      if (*before == ' ') between_words = before;
      if (*before == ' ') words_width = width;
    }
    if (*before == ' ' && before > text) blank = before;
    last = point;
    width += point_width(point);
    if (width <= columns) continue;
    if (between_words != NULL && 2 * words_width >= columns) return (size_t)(between_words - text);
    if (place != NULL || blank != NULL) return (size_t)((place != NULL ? place : blank) - text);
    return (size_t)((before > text ? before : at) - text);
  }
  return (size_t)(at - text);
}

size_t width_least(const char *text) {
  const char *at = text;
  uint32_t last = 0;
  size_t width = 0, least = 0;
  while (*at != '\0') {
    const char *before = at;
    const uint32_t point = next_point(&at);
    const bool first = may_break(text, before, last, point);
    if (first) width = 0;
    if (!first || *before != ' ') width += point_width(point);
    if (width > least) least = width;
    last = point;
  }
  return least;
}
