/* A text file line by line, cut into fields, its faults named by line. */
#ifndef CROSSLANE_DATA_READERS_LINES_H
#define CROSSLANE_DATA_READERS_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { LINES_LONGEST = 4096 }; /* bytes; a longer line is a fault */

struct span {
  const char *begin, *end;
};

struct lines {
  char *path;
  char *bytes;          /* the whole file; spans point into it */
  const char *at, *end; /* what is not read yet; empty last lines are left out */
  size_t count;         /* of lines in the file */
  size_t line;          /* of the last line returned, from 1 */
};

/* Refuses a file that is missing, empty, or not text (holds a zero byte). */
bool lines_open(struct lines *lines, const char *folder, const char *name, struct error *error);
/* Text that is not UTF-8 as a whole is taken for Latin-1 and rewritten. Before the
 * first line. */
bool lines_make_utf8(struct lines *lines, struct error *error);
void lines_close(struct lines *lines);

/* The next line without its end (\n or \r\n); false at the end of the file.
 * An overlong line becomes a fault of `error` and is skipped. */
bool lines_next(struct lines *lines, struct span *line, struct error *error);

/* One more fault of the current line. Returns false. */
bool lines_fault(const struct lines *lines, struct error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Cuts the line into exactly `count` fields; else a fault that lists `names`. */
bool lines_split(const struct lines *lines, struct span line, char separator, size_t count,
                 struct span *fields, const char *names, struct error *error);

/* A whole number in low..high; else a fault that calls it `what`. */
bool lines_number(const struct lines *lines, struct span field, const char *what, uint64_t low,
                  uint64_t high, uint64_t *value, struct error *error);

/* Not empty, shorter than `room` bytes, without control characters; else a
 * fault that calls it `what`. */
bool lines_word(const struct lines *lines, struct span field, const char *what, size_t room,
                struct error *error);

/* For messages: cut to what fits, what cannot be printed as '?'. */
enum { SPAN_SHOWN = 40 };
const char *span_show(struct span span, char out[SPAN_SHOWN]);

#endif
