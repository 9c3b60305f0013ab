#include "base/plain.h"

#include <string.h>

#define REPLACED "\xef\xbf\xbd" /* U+FFFD, the replacement character */

struct range {
  uint32_t first, last;
};

static const struct range controls[] = {{0, 0x1f}, {0x7f, 0x9f}, {0x2028, 0x2029}};
static const struct range others[] = {
    {0x202a, 0x202e}, {0x2066, 0x2069}, {0xfdd0, 0xfdef}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
};

static bool within(const struct range *ranges, size_t count, uint32_t point) {
  for (size_t i = 0; i < count; i++) {
    if (point >= ranges[i].first && point <= ranges[i].last) return true;
  }
  return false;
}

static bool is_control(uint32_t point) {
  return within(controls, sizeof controls / sizeof controls[0], point);
}

static uint32_t decode(const char *at, size_t length) {
  const unsigned char *bytes = (const unsigned char *)at;
  if (length == 1) return bytes[0];
  uint32_t point = bytes[0] & (0x7fu >> length);
  for (size_t i = 1; i < length; i++) point = point << 6 | (bytes[i] & 0x3fu);
  return point;
}

size_t plain_hidden(const char *at, const char *end, uint32_t *point) {
  size_t length = text_character(at, end);
  *point = decode(at, length > 0 ? length : 1);
  if (length == 0) return 1; /* a control character or a stray byte */
  const bool none = (*point & 0xfffe) == 0xfffe;
  return none || is_control(*point) || within(others, sizeof others / sizeof others[0], *point)
             ? length
             : 0;
}

/* The next character in its plain form; returns its bytes. `kept`: control
 * characters that stay. */
static size_t add_next(struct text *out, const char *at, const char *end, const char *kept) {
  uint32_t point;
  size_t length = plain_hidden(at, end, &point);
  if (length == 1 && *at != '\0' && strchr(kept, *at) != NULL) {
    text_add_bytes(out, at, 1);
  } else if (length == 0) {
    length = text_character(at, end);
    text_add_bytes(out, at, length);
  } else if (is_control(point) && (length > 1 || (unsigned char)*at < 0x80)) {
    text_add_bytes(out, " ", 1);
  } else {
    text_add_bytes(out, REPLACED, sizeof REPLACED - 1);
  }
  return length;
}

void plain_add_bytes(struct text *out, const char *bytes, size_t count) {
  for (const char *at = bytes; at < bytes + count;) at += add_next(out, at, bytes + count, "");
}

void plain_add(struct text *out, const char *string) {
  plain_add_bytes(out, string, strlen(string));
}

void plain_add_lines(struct text *out, const char *bytes, size_t count) {
  for (const char *at = bytes; at < bytes + count;) at += add_next(out, at, bytes + count, "\n\t");
}

static const char *entity(char byte) {
  switch (byte) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return NULL;
  }
}

void plain_add_markup(struct text *out, const char *string) {
  const char *end = string + strlen(string);
  while (string < end) {
    const char *name = entity(*string);
    if (name != NULL) text_add(out, "%s", name);
    string += name != NULL ? 1 : add_next(out, string, end, "\n\t");
  }
}
