#include "data/readers/csv.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

enum { BUFFER = 2 * CSV_RECORD_MAX };

bool csv_open(struct csv_reader *reader, int descriptor, const char *name, struct error *error) {
  *reader = (struct csv_reader){.descriptor = descriptor, .name = name, .room = BUFFER, .line = 1};
  csv_delimit(reader, ",", true);
  reader->bytes = memory_array(reader->room + 1, 1, error);
  reader->unquoted = memory_array(CSV_RECORD_MAX, 1, error);
  if (reader->bytes != NULL && reader->unquoted != NULL) return true;
  csv_close(reader);
  return false;
}

void csv_delimit(struct csv_reader *reader, const char *delimiter, bool quoted) {
  (void)snprintf(reader->delimiter, sizeof reader->delimiter, "%s", delimiter);
  reader->quoted = quoted;
}

void csv_close(struct csv_reader *reader) {
  free(reader->bytes);
  free(reader->unquoted);
  reader->bytes = reader->unquoted = NULL;
}

static bool fault(const struct csv_reader *reader, struct error *error, const char *what) {
  return error_at(error, ERROR_DATA, reader->name, reader->line, 0, "%s", what);
}

/* Moves what is left to the front and reads on after it: what is there, of a pipe, so that
 * a record is known as soon as it is. */
static bool fill(struct csv_reader *reader, struct error *error) {
  memmove(reader->bytes, reader->bytes + reader->begin, reader->end - reader->begin);
  reader->end -= reader->begin;
  reader->begin = 0;
  ssize_t got;
  do {
    got = read(reader->descriptor, reader->bytes + reader->end, reader->room - reader->end);
  } while (got < 0 && errno == EINTR);
  if (got < 0) {
    return error_set(error, ERROR_DATA, "%s: cannot read: %s", reader->name, strerror(errno));
  }
  reader->ended = got == 0;
  reader->end += (size_t)got;
  return true;
}

/* How a field or a record ended. */
enum stop { STOP_FIELD, STOP_RECORD, STOP_MORE, STOP_FAULT };

/* After a field: a delimiter, the end of the line, or of all. */
static enum stop stop_at(struct csv_reader *reader, const char **at, const char *end) {
  if (*at == end) return reader->ended ? STOP_RECORD : STOP_MORE;
  if (**at == reader->delimiter[0]) {
    *at += reader->delimiter[1] != '\0' ? 2 : 1;
    return STOP_FIELD;
  }
  if (**at == '\n') return STOP_RECORD;
  if (**at == '\r') {
    if (*at + 1 == end && !reader->ended) return STOP_MORE;
    if (*at + 1 < end && (*at)[1] == '\n') return STOP_RECORD;
  }
  return STOP_FAULT;
}

/* A field in quotation marks; `*at` stands after the first. */
static enum stop quoted_field(struct csv_reader *reader, const char **at, const char *end,
                              char **unquoted, struct span *field) {
  char *out = *unquoted;
  field->begin = out;
  for (const char *c = *at;; c++) {
    if (c == end) return reader->ended ? STOP_FAULT : STOP_MORE;
    if (*c == '"') {
      if (c + 1 == end && !reader->ended) return STOP_MORE;
      if (c + 1 == end || c[1] != '"') {
        *at = c + 1;
        break;
      }
      c++;
    } else if (*c == '\n') {
      reader->lines++;
    }
    if (out - reader->unquoted == CSV_RECORD_MAX) return STOP_MORE;
    *out++ = *c;
  }
  field->end = *unquoted = out;
  return stop_at(reader, at, end);
}

static enum stop plain_field(struct csv_reader *reader, const char **at, const char *end,
                             struct span *field) {
  const char *c = *at;
  field->begin = c;
  const char first = reader->delimiter[0], second = reader->delimiter[1];
  for (;; c++) {
    while (c < end && *c != first && *c != '\n' && *c != '\r' && *c != '"') c++;
    if (c == end) break;
    if (*c == '"' && !reader->quoted) continue;
    if (*c == first && second != '\0') {
      if (c + 1 == end && !reader->ended) return STOP_MORE;
      if (c + 1 == end || c[1] != second) continue; /* a part of the field */
    }
    break;
  }
  field->end = *at = c;
  return stop_at(reader, at, end);
}

/* One record from the buffer's front. */
static enum stop scan(struct csv_reader *reader) {
  const char *at = reader->bytes + reader->begin, *end = reader->bytes + reader->end;
  char *unquoted = reader->unquoted;
  reader->raw.begin = at;
  reader->fields = 0;
  reader->lines = 1;
  for (;;) {
    if (reader->fields == CSV_FIELDS_MAX) return STOP_FAULT;
    struct span *field = &reader->field[reader->fields++];
    enum stop stop;
    if (at < end && *at == '"' && reader->quoted) {
      at++;
      stop = quoted_field(reader, &at, end, &unquoted, field);
    } else {
      stop = plain_field(reader, &at, end, field);
    }
    if (stop == STOP_FIELD) continue;
    reader->raw.end = at;
    return stop;
  }
}

/* Past the record and its line's end. */
static void take(struct csv_reader *reader) {
  const char *at = reader->raw.end, *end = reader->bytes + reader->end;
  reader->crlf = at < end && *at == '\r';
  if (reader->crlf) at++;
  if (at < end) at++;
  reader->begin = (size_t)(at - reader->bytes);
}

static bool skip_mark(struct csv_reader *reader, struct error *error) {
  static const char mark[] = "\xef\xbb\xbf";
  while (reader->end < 3 && !reader->ended) {
    if (!fill(reader, error)) return false;
  }
  if (reader->end >= 3 && memcmp(reader->bytes, mark, 3) == 0) reader->begin = 3;
  return true;
}

static bool is_empty_line(const struct csv_reader *reader) {
  return reader->raw.begin == reader->raw.end;
}

bool csv_next(struct csv_reader *reader, struct error *error) {
  reader->line += reader->lines;
  if (reader->lines == 0) { /* before the first record */
    if (!skip_mark(reader, error)) return false;
  }
  for (;;) {
    const enum stop stop = reader->begin < reader->end ? scan(reader) : STOP_MORE;
    if (stop == STOP_RECORD) {
      take(reader);
      if (!is_empty_line(reader)) return true;
      reader->line++;
    } else if (stop == STOP_FAULT && reader->fields == CSV_FIELDS_MAX) {
      return fault(reader, error, "more than 1024 fields");
    } else if (stop == STOP_FAULT) {
      return fault(reader, error, "a quotation mark or return out of place");
    } else if (reader->begin == reader->end && reader->ended) {
      return false;
    } else if (reader->end - reader->begin >= CSV_RECORD_MAX) {
      return fault(reader, error, "a record longer than 1 MiB");
    } else if (!fill(reader, error)) {
      return false;
    }
  }
}

bool csv_waits(const struct csv_reader *reader) {
  const char *left = reader->bytes + reader->begin;
  return !reader->ended && memchr(left, '\n', reader->end - reader->begin) == NULL;
}

size_t csv_number(float value, char out[CSV_NUMBER]) {
  const double size = fabs((double)value);
  if (!(size < 1e9)) return (size_t)snprintf(out, CSV_NUMBER, "%.9g", (double)value);
  /* 24 bits times the 14 of 10^6 = 2^6 15625: exact in double. */
  const double exact = size * 1e6;
  uint64_t micro = (uint64_t)exact;
  const double rest = exact - (double)micro;
  micro += rest > 0.5 || (rest == 0.5 && micro % 2 == 1);
  char digits[CSV_NUMBER];
  size_t count = 0, length = 0;
  for (; count < 7 || micro > 0; micro /= 10) {
    if (count == 6) digits[count++] = '.';
    digits[count++] = (char)('0' + micro % 10);
  }
  if (signbit(value) && size > 0) out[length++] = '-';
  while (count > 0) out[length++] = digits[--count];
  return length;
}
