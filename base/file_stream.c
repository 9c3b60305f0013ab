#include "base/file_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

enum { ROOM = 1 << 16 };

bool file_stream_open(struct file_stream *stream, const char *path, struct error *error) {
  *stream = (struct file_stream){.path = memory_text(path, error)};
  if (stream->path == NULL) return false;
  stream->temporary = file_temporary(path, error);
  stream->bytes = memory_array(ROOM, 1, error);
  if (stream->temporary == NULL || stream->bytes == NULL) return false;
  stream->descriptor = open(stream->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  stream->open = stream->descriptor >= 0;
  return stream->open || error_system(error, errno, "%s: cannot create", path);
}

static void flush(struct file_stream *stream) {
  if (stream->fault == 0 && !file_write_all(stream->descriptor, stream->bytes, stream->length)) {
    stream->fault = errno;
  }
  stream->length = 0;
}

void file_stream_add(struct file_stream *stream, const char *bytes, size_t count) {
  while (count > 0) {
    if (stream->length == ROOM) flush(stream);
    const size_t room = ROOM - stream->length, part = count < room ? count : room;
    memcpy(stream->bytes + stream->length, bytes, part);
    stream->length += part;
    bytes += part;
    count -= part;
  }
}

void file_stream_add_text(struct file_stream *stream, const char *text) {
  file_stream_add(stream, text, strlen(text));
}

void file_stream_add_number(struct file_stream *stream, uint64_t number) {
  char digits[20];
  size_t first = sizeof digits;
  do {
    digits[--first] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  file_stream_add(stream, digits + first, sizeof digits - first);
}

bool file_stream_end(struct file_stream *stream, struct error *error) {
  flush(stream);
  if (stream->fault == 0 && fsync(stream->descriptor) != 0) stream->fault = errno;
  if (close(stream->descriptor) != 0 && stream->fault == 0) stream->fault = errno;
  stream->open = false;
  return stream->fault == 0 || error_system(error, stream->fault, "%s: cannot write", stream->path);
}

bool file_stream_commit(struct file_stream *stream, struct error *error) {
  const bool done = file_replace(stream->temporary, stream->path, error);
  if (done) {
    free(stream->temporary);
    stream->temporary = NULL;
  }
  return done;
}

void file_stream_clear(struct file_stream *stream) {
  if (stream->open) (void)close(stream->descriptor);
  if (stream->temporary != NULL) (void)unlink(stream->temporary);
  free(stream->path);
  free(stream->temporary);
  free(stream->bytes);
  *stream = (struct file_stream){0};
}
