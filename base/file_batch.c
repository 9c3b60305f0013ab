#if defined(__linux__)
#define _GNU_SOURCE /* syncfs */
#endif
#include "base/file_batch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"

/* Linux brings a whole file system to the disk at once, and says whether it failed (syncfs(2),
 * since 5.8). Elsewhere each file waits by itself. */
#if defined(__linux__)
static bool sync_file(int descriptor) {
  (void)descriptor;
  return true;
}

static bool sync_all(int folder) {
  return syncfs(folder) == 0;
}
#else
static bool sync_file(int descriptor) {
  return fsync(descriptor) == 0;
}

static bool sync_all(int folder) {
  (void)folder;
  return true;
}
#endif

static bool write_to(const char *path, const char *named, const char *bytes, size_t size,
                     struct error *error) {
  const int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) return error_system(error, errno, "%s: cannot create", named);
  bool done = file_write_all(descriptor, bytes, size) && sync_file(descriptor);
  int fault = errno;
  if (close(descriptor) != 0 && done) {
    done = false;
    fault = errno;
  }
  return done || error_system(error, fault, "%s: cannot write", named);
}

bool file_batch_copy(const char *from, const char *to, size_t most, struct error *error) {
  size_t size;
  char *bytes = file_read(from, most, &size, ERROR_SYSTEM, error);
  char *temporary = bytes != NULL ? file_temporary(to, error) : NULL;
  const bool done = temporary != NULL && write_to(temporary, to, bytes, size, error);
  if (!done && temporary != NULL) (void)unlink(temporary);
  free(temporary);
  free(bytes);
  return done;
}

bool file_batch_sync(const char *folder, struct error *error) {
  const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool done = descriptor >= 0 && sync_all(descriptor);
  if (!done) error_system(error, errno, "%s: cannot sync", folder);
  if (descriptor >= 0) (void)close(descriptor);
  return done;
}

bool file_batch_place(const char *to, struct error *error) {
  char *temporary = file_temporary(to, error);
  if (temporary == NULL) return false;
  const bool done = rename(temporary, to) == 0;
  if (!done) error_system(error, errno, "%s: cannot rename to it", to);
  free(temporary);
  return done;
}
