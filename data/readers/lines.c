#include "data/readers/lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

static size_t count_newlines(const char *begin, const char *end) {
  size_t count = 0;
  for (const char *at = begin; at < end; at++) count += *at == '\n';
  return count;
}

static bool is_line_end(char byte) {
  return byte == '\n' || byte == '\r';
}

static bool check_text(struct lines *lines, size_t size, struct error *error) {
  const char *zero = memchr(lines->bytes, '\0', size);
  if (zero != NULL) {
    size_t line = count_newlines(lines->bytes, zero) + 1;
    return error_fault(error, ERROR_DATA, lines->path, line,
                       "not a text file: it holds a zero byte here");
  }
  if (lines->at == lines->end) {
    return error_fault(error, ERROR_DATA, lines->path, 0, "the file is empty");
  }
  return true;
}

bool lines_open(struct lines *lines, const char *folder, const char *name, struct error *error) {
  *lines = (struct lines){0};
  lines->path = file_join(folder, name, error);
  if (lines->path == NULL) return false;
  size_t size = 0;
  lines->bytes = file_read(lines->path, FILE_MOST_DATA, &size, ERROR_DATA, error);
  if (lines->bytes == NULL) {
    lines_close(lines);
    return false;
  }
  static const char mark[] = "\xef\xbb\xbf"; /* byte order mark, as Windows puts it */
  lines->at = lines->bytes;
  if (size >= 3 && memcmp(lines->at, mark, 3) == 0) lines->at += 3;
  lines->end = lines->bytes + size;
  while (lines->end > lines->at && is_line_end(lines->end[-1])) lines->end--;
  lines->count = count_newlines(lines->at, lines->end) + 1;
  if (!check_text(lines, size, error)) {
    lines_close(lines);
    return false;
  }
  return true;
}

static bool is_utf8(const char *at, const char *end) {
  while (at < end) {
    const size_t length = (unsigned char)*at < 0x80 ? 1 : text_character(at, end);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

bool lines_make_utf8(struct lines *lines, struct error *error) {
  if (is_utf8(lines->at, lines->end)) return true;
  char *bytes = memory_array(2 * (size_t)(lines->end - lines->at) + 1, 1, error);
  if (bytes == NULL) return false;
  char *out = bytes;
  for (const char *at = lines->at; at < lines->end; at++) {
    const unsigned byte = (unsigned char)*at;
    if (byte >= 0x80) *out++ = (char)(0xc0 | byte >> 6);
    *out++ = (char)(byte >= 0x80 ? 0x80 | (byte & 0x3f) : byte);
  }
  free(lines->bytes);
  lines->bytes = bytes;
  lines->at = bytes;
  lines->end = out;
  return true;
}

void lines_close(struct lines *lines) {
  free(lines->path);
  free(lines->bytes);
  *lines = (struct lines){0};
}

bool lines_next(struct lines *lines, struct span *line, struct error *error) {
  while (lines->at < lines->end) {
    size_t left = (size_t)(lines->end - lines->at);
    const char *newline = memchr(lines->at, '\n', left);
    line->begin = lines->at;
    line->end = newline != NULL ? newline : lines->end;
    lines->at = newline != NULL ? newline + 1 : lines->end;
    lines->line++;
    if (line->end > line->begin && line->end[-1] == '\r') line->end--;
    if (line->end - line->begin <= LINES_LONGEST) return true;
    lines_fault(lines, error, "the line is longer than %d bytes", LINES_LONGEST);
  }
  return false;
}

bool lines_fault(const struct lines *lines, struct error *error, const char *format, ...) {
  char what[512];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(what, sizeof what, format, arguments);
  va_end(arguments);
  return error_fault(error, ERROR_DATA, lines->path, lines->line, "%s", what);
}

bool lines_split(const struct lines *lines, struct span line, char separator, size_t count,
                 struct span *fields, const char *names, struct error *error) {
  if (line.begin == line.end) return lines_fault(lines, error, "the line is empty");
  size_t found = 0;
  const char *begin = line.begin;
  for (const char *at = line.begin; at <= line.end; at++) {
    if (at < line.end && *at != separator) continue;
    if (found < count) fields[found] = (struct span){begin, at};
    found++;
    begin = at + 1;
  }
  if (found == count) return true;
  return lines_fault(lines, error, "%zu field%s, expected %zu, separated by %s: %s", found,
                     found == 1 ? "" : "s", count, separator == '\t' ? "tabs" : "'|'", names);
}

bool lines_number(const struct lines *lines, struct span field, const char *what, uint64_t low,
                  uint64_t high, uint64_t *value, struct error *error) {
  char shown[SPAN_SHOWN];
  if (field.begin == field.end) return lines_fault(lines, error, "%s is missing", what);
  if (!text_u64(field.begin, field.end, value)) {
    return lines_fault(lines, error, "%s '%s' is not a whole number", what,
                       span_show(field, shown));
  }
  if (*value < low || *value > high) {
    return lines_fault(lines, error, "%s %s is outside %llu to %llu", what, span_show(field, shown),
                       (unsigned long long)low, (unsigned long long)high);
  }
  return true;
}

bool lines_word(const struct lines *lines, struct span field, const char *what, size_t room,
                struct error *error) {
  char shown[SPAN_SHOWN];
  if (field.begin == field.end) return lines_fault(lines, error, "%s is missing", what);
  for (const char *at = field.begin; at < field.end; at++) {
    if ((unsigned char)*at >= 0x20 && *at != 0x7f) continue;
    return lines_fault(lines, error, "%s '%s' holds the control character 0x%02x", what,
                       span_show(field, shown), (unsigned)(unsigned char)*at);
  }
  if ((size_t)(field.end - field.begin) < room) return true;
  return lines_fault(lines, error, "%s '%s' is longer than %zu bytes", what,
                     span_show(field, shown), room - 1);
}

const char *span_show(struct span span, char out[SPAN_SHOWN]) {
  size_t length = (size_t)(span.end - span.begin);
  bool cut = length >= SPAN_SHOWN;
  size_t kept = cut ? SPAN_SHOWN - 4 : length;
  for (size_t i = 0; i < kept; i++) {
    char byte = span.begin[i];
    out[i] = byte >= 0x20 && byte < 0x7f ? byte : '?';
  }
  memcpy(out + kept, cut ? "..." : "", cut ? 4 : 1);
  return out;
}
