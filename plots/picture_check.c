#include "plots/picture_check.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

/* --- SVG --- */

enum { DEPTH = 64 }; /* gnuplot's have five levels */

struct name {
  const char *text;
  size_t length;
};

struct scan {
  const char *at, *end;
  struct name open[DEPTH]; /* the elements that the place is in */
  size_t depth;
  bool rooted; /* the root has begun */
};

static bool begins(const struct scan *scan, const char *with) {
  size_t length = strlen(with);
  return (size_t)(scan->end - scan->at) >= length && memcmp(scan->at, with, length) == 0;
}

static bool is_blank(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static void pass_blanks(struct scan *scan) {
  while (scan->at < scan->end && is_blank(*scan->at)) scan->at++;
}

/* Past the next `mark`; false when there is none. */
static bool pass_to(struct scan *scan, const char *mark) {
  for (; scan->at < scan->end; scan->at++) {
    if (begins(scan, mark)) {
      scan->at += strlen(mark);
      return true;
    }
  }
  return false;
}

/* "&amp;" or a number. */
static bool pass_entity(struct scan *scan) {
  static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (begins(scan, names[i])) {
      scan->at += strlen(names[i]);
      return true;
    }
  }
  if (!begins(scan, "&#")) return false;
  const char *digits = scan->at += 2;
  while (scan->at < scan->end && strchr("x0123456789abcdefABCDEF", *scan->at) != NULL) scan->at++;
  return scan->at > digits && scan->at < scan->end && *scan->at++ == ';';
}

/* One character of a text or a value. XML has no control characters, U+FFFE
 * or U+FFFF. */
static const char *pass_character(struct scan *scan) {
  if (*scan->at == '&') return pass_entity(scan) ? NULL : "'&' begins no entity";
  size_t length = text_character(scan->at, scan->end);
  bool excluded =
      length == 3 && memcmp(scan->at, "\xef\xbf\xbe", 2) == 0 && (unsigned char)scan->at[2] >= 0xbe;
  if (length == 0 || excluded) return "it has a character that XML excludes";
  scan->at += length;
  return NULL;
}

static struct name take_name(struct scan *scan) {
  const char *begin = scan->at;
  while (scan->at < scan->end && !is_blank(*scan->at) && strchr("<>/='\"&", *scan->at) == NULL) {
    scan->at++;
  }
  return (struct name){begin, (size_t)(scan->at - begin)};
}

static bool same_name(const struct name *left, const struct name *right) {
  return left->length == right->length && memcmp(left->text, right->text, left->length) == 0;
}

static const char *pass_attribute(struct scan *scan) {
  static const char cut[] = "it ends within a tag", wrong[] = "a tag has a wrong attribute";
  if (take_name(scan).length == 0) return wrong;
  pass_blanks(scan);
  if (scan->at == scan->end) return cut;
  if (*scan->at++ != '=') return wrong;
  pass_blanks(scan);
  if (scan->at == scan->end) return cut;
  const char quote = *scan->at++;
  if (quote != '"' && quote != '\'') return wrong;
  while (scan->at < scan->end && *scan->at != quote) {
    const char *fault = *scan->at == '<' ? wrong : pass_character(scan);
    if (fault != NULL) return fault;
  }
  if (scan->at == scan->end) return cut;
  scan->at++;
  return NULL;
}

static const char *pass_start_tag(struct scan *scan) {
  scan->at++;
  const struct name name = take_name(scan);
  if (name.length == 0 || scan->depth == DEPTH) return "a tag has no name";
  if (scan->depth == 0 && (scan->rooted || name.length != 3 || memcmp(name.text, "svg", 3) != 0)) {
    return "its root is not one <svg>";
  }
  scan->rooted = true;
  for (;;) {
    pass_blanks(scan);
    if (begins(scan, "/>")) {
      scan->at += 2;
      return NULL;
    }
    if (begins(scan, ">")) {
      scan->at++;
      scan->open[scan->depth++] = name;
      return NULL;
    }
    const char *fault = scan->at == scan->end ? "it ends within a tag" : pass_attribute(scan);
    if (fault != NULL) return fault;
  }
}

static const char *pass_end_tag(struct scan *scan) {
  scan->at += 2;
  const struct name name = take_name(scan);
  pass_blanks(scan);
  if (scan->at == scan->end) return "it ends within a tag";
  if (*scan->at++ != '>' || scan->depth == 0) return "a tag closes what is not open";
  if (!same_name(&name, &scan->open[--scan->depth])) return "a tag closes what is not open";
  return NULL;
}

static const char *pass_markup(struct scan *scan) {
  static const char *const marks[][2] = {
      {"<!--", "-->"}, {"<?", "?>"}, {"<![CDATA[", "]]>"}, {"<!DOCTYPE", ">"}};
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
    if (begins(scan, marks[i][0])) return pass_to(scan, marks[i][1]) ? NULL : "it ends early";
  }
  return begins(scan, "</") ? pass_end_tag(scan) : pass_start_tag(scan);
}

const char *picture_check_svg(const char *bytes, size_t size) {
  struct scan scan = {.at = bytes, .end = bytes + size};
  const char *fault = size == 0 ? "it is empty" : NULL;
  while (fault == NULL && scan.at < scan.end) {
    if (*scan.at == '<') {
      fault = pass_markup(&scan);
    } else if (scan.depth == 0 && !is_blank(*scan.at)) {
      fault = "it has text outside of <svg>";
    } else {
      fault = begins(&scan, "]]>") ? "']]>' stands in a text" : pass_character(&scan);
    }
  }
  if (fault == NULL && (!scan.rooted || scan.depth > 0)) fault = "its end is missing";
  return fault;
}

/* --- PNG --- */

static uint32_t number_at(const char *bytes) {
  const unsigned char *at = (const unsigned char *)bytes;
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* CRC-32 of ISO 3309, as annex D of the specification has it. */
static uint32_t checksum(const char *bytes, size_t size) {
  uint32_t sum = 0xffffffff;
  for (size_t i = 0; i < size; i++) {
    sum ^= (unsigned char)bytes[i];
    for (int bit = 0; bit < 8; bit++) sum = sum >> 1 ^ ((sum & 1) != 0 ? 0xedb88320 : 0);
  }
  return sum ^ 0xffffffff;
}

const char *picture_check_png(const char *bytes, size_t size) {
  enum { SIGNATURE = 8, AROUND = 12 }; /* a chunk: length, type, its bytes, checksum */
  if (size == 0) return "it is empty";
  if (size < SIGNATURE || memcmp(bytes, "\x89PNG\r\n\x1a\n", SIGNATURE) != 0) return "it is no PNG";
  bool data = false;
  for (size_t at = SIGNATURE; size - at >= AROUND;) {
    const size_t length = number_at(bytes + at);
    const char *type = bytes + at + 4;
    if (length > size - at - AROUND) break;
    if (checksum(type, 4 + length) != number_at(type + 4 + length)) return "a checksum is wrong";
    if ((at == SIGNATURE) != (memcmp(type, "IHDR", 4) == 0)) return "its head is wrong";
    data = data || memcmp(type, "IDAT", 4) == 0;
    at += AROUND + length;
    if (memcmp(type, "IEND", 4) == 0) return at == size && data ? NULL : "its end is wrong";
  }
  return "its end is missing";
}
