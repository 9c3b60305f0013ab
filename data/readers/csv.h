/* CSV (RFC 4180) as a stream: one record at a time from a descriptor, any
 * length, in constant memory. Other delimiters than the comma too. */
#ifndef CROSSLANE_DATA_READERS_CSV_H
#define CROSSLANE_DATA_READERS_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "data/readers/lines.h"

enum {
  CSV_RECORD_MAX = 1 << 20, /* bytes of one record */
  CSV_FIELDS_MAX = 1024,
  CSV_NUMBER = 32
};

struct csv_reader {
  int descriptor;
  const char *name;  /* for messages */
  char delimiter[3]; /* one character, or two */
  bool quoted;       /* fields may stand in quotation marks */
  char *bytes;       /* [room] */
  size_t room, begin, end;
  bool ended;         /* nothing is left in the descriptor */
  size_t line, lines; /* the record's first line, from 1; those that it has */
  /* The record: its fields without their quotation marks (valid until the next
   * one is read), and its bytes as they stood, without the line's end. */
  size_t fields;
  struct span field[CSV_FIELDS_MAX];
  struct span raw;
  bool crlf; /* its line ended in \r\n */
  char *unquoted;
};

/* `descriptor` stays the caller's. Fields are separated by commas and may be quoted;
 * csv_delimit, before the first record, changes that. */
bool csv_open(struct csv_reader *reader, int descriptor, const char *name, struct error *error);
void csv_delimit(struct csv_reader *reader, const char *delimiter, bool quoted);
void csv_close(struct csv_reader *reader);

/* The next record; false at the end (error empty) and at a fault (ERROR_DATA,
 * with its line). Empty lines are passed over, and so is a byte-order mark. */
bool csv_next(struct csv_reader *reader, struct error *error);

/* Whether the next record may have to wait for what is not written yet: no line's end has
 * been read after this one. */
bool csv_waits(const struct csv_reader *reader);

/* The value with six decimals, the digits of "%.6f"; beyond +-1e9, or not a
 * number, those of "%.9g". Returns the length; no zero is added. */
size_t csv_number(float value, char out[CSV_NUMBER]);

#endif
