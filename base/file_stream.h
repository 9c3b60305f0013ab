/* A file that is written piece by piece, under a temporary name until all is there. */
#ifndef CROSSLANE_BASE_FILE_STREAM_H
#define CROSSLANE_BASE_FILE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Starts from {0}. A fault is kept, and told by file_stream_end. */
struct file_stream {
  char *path, *temporary;
  int descriptor;
  bool open;
  int fault; /* errno; 0: none */
  size_t length;
  char *bytes; /* what is not written yet */
};

bool file_stream_open(struct file_stream *stream, const char *path, struct error *error);

void file_stream_add(struct file_stream *stream, const char *bytes, size_t count);
void file_stream_add_text(struct file_stream *stream, const char *text);
void file_stream_add_number(struct file_stream *stream, uint64_t number);

/* Writes what is left and syncs it; the file has its temporary name still. */
bool file_stream_end(struct file_stream *stream, struct error *error);
/* Gives it its name. */
bool file_stream_commit(struct file_stream *stream, struct error *error);

/* Removes what has no name yet, and releases the rest; fine on {0}. */
void file_stream_clear(struct file_stream *stream);

#endif
