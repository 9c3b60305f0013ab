/* A text file before it is read: its encoding and its delimiter, by looking. */
#ifndef CROSSLANE_DATA_READERS_TEXT_FILE_H
#define CROSSLANE_DATA_READERS_TEXT_FILE_H

#include <stdbool.h>

#include "base/error.h"

struct text_file {
  int descriptor; /* at the beginning; the caller's to close */
  bool latin1;    /* not UTF-8 */
  char delimiter[3];
};

/* Looks at all of the file. One that is missing, empty, no text (a zero byte), or of two
 * encodings is ERROR_DATA with its line. The delimiter is the one of "::", tab, ';', '|'
 * and ',' that the first line has most of. */
bool text_file_open(struct text_file *file, const char *path, struct error *error);

#endif
