#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

static bool read_all(int descriptor, char *bytes, size_t size, size_t *got) {
  *got = 0;
  while (*got < size) {
    ssize_t count = read(descriptor, bytes + *got, size - *got);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    if (count == 0) return true;
    *got += (size_t)count;
  }
  return true;
}

char *file_read(const char *path, size_t most, size_t *size, enum error_kind kind,
                struct error *error) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not block */
  if (descriptor < 0) {
    error_set(error, kind, "%s: cannot open: %s", path, strerror(errno));
    return NULL;
  }
  char *bytes = NULL;
  struct stat status;
  if (fstat(descriptor, &status) != 0) {
    error_set(error, kind, "%s: cannot read: %s", path, strerror(errno));
  } else if (!S_ISREG(status.st_mode)) {
    error_set(error, kind,
              S_ISDIR(status.st_mode) ? "%s: is a folder, not a file" : "%s: not a regular file",
              path);
  } else if ((uintmax_t)status.st_size > most) {
    error_set(error, kind, "%s: longer than %zu MiB, the most that is read of such a file", path,
              most >> 20);
  } else if ((bytes = memory_array((size_t)status.st_size + 1, 1, error)) != NULL) {
    if (read_all(descriptor, bytes, (size_t)status.st_size, size)) {
      bytes[*size] = '\0';
    } else {
      error_set(error, kind, "%s: cannot read: %s", path, strerror(errno));
      free(bytes);
      bytes = NULL;
    }
  }
  (void)close(descriptor);
  return bytes;
}

bool file_write_all(int descriptor, const void *bytes, size_t size) {
  const char *at = bytes;
  while (size > 0) {
    ssize_t count = write(descriptor, at, size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    at += count;
    size -= (size_t)count;
  }
  return true;
}

bool file_sync_folder(const char *folder, struct error *error) {
  int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool done = descriptor >= 0 && fsync(descriptor) == 0;
  if (!done) error_system(error, errno, "%s: cannot sync", folder);
  if (descriptor >= 0) (void)close(descriptor);
  return done;
}

static bool sync_folder_of(const char *path, struct error *error) {
  char *folder = file_folder(path, error);
  const bool done = folder != NULL && file_sync_folder(folder, error);
  free(folder);
  return done;
}

/* `named`: what it will be called. */
static bool write_synced(const char *path, const char *named, const void *bytes, size_t size,
                         struct error *error) {
  int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) return error_system(error, errno, "%s: cannot create", named);
  bool done = file_write_all(descriptor, bytes, size) && fsync(descriptor) == 0;
  int fault = errno;
  if (close(descriptor) != 0 && done) {
    done = false;
    fault = errno;
  }
  return done ? true : error_system(error, fault, "%s: cannot write", named);
}

char *file_temporary(const char *path, struct error *error) {
  size_t length = strlen(path) + 32 + sizeof FILE_TEMPORARY_SUFFIX;
  char *temporary = memory_array(length, 1, error);
  if (temporary == NULL) return NULL;
  (void)snprintf(temporary, length, "%s.%ld%s", path, (long)getpid(), FILE_TEMPORARY_SUFFIX);
  return temporary;
}

bool file_replace(const char *temporary, const char *path, struct error *error) {
  if (rename(temporary, path) != 0) {
    return errno == EISDIR ? error_set(error, ERROR_SYSTEM, "%s: is a folder, not a file", path)
                           : error_system(error, errno, "%s: cannot rename to it", path);
  }
  return sync_folder_of(path, error);
}

bool file_write_atomic(const char *path, const void *bytes, size_t size, struct error *error) {
  char *temporary = file_temporary(path, error);
  if (temporary == NULL) return false;
  const bool done =
      write_synced(temporary, path, bytes, size, error) && file_replace(temporary, path, error);
  if (!done) (void)unlink(temporary);
  free(temporary);
  return done;
}

bool file_copy_atomic(const char *from, const char *to, size_t most, struct error *error) {
  size_t size;
  char *bytes = file_read(from, most, &size, ERROR_SYSTEM, error);
  const bool done = bytes != NULL && file_write_atomic(to, bytes, size, error);
  free(bytes);
  return done;
}

bool file_exists(const char *path) {
  return access(path, F_OK) == 0;
}

bool file_is_folder(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool file_make_folders(const char *path, struct error *error) {
  char *partial = memory_text(path, error);
  if (partial == NULL) return false;
  bool done = true;
  for (char *at = partial + 1; done; at++) {
    if (*at != '/' && *at != '\0') continue;
    char kept = *at;
    *at = '\0';
    if (mkdir(partial, 0777) != 0 && !(errno == EEXIST && file_is_folder(partial))) {
      done = errno == EEXIST
                 ? error_set(error, ERROR_SYSTEM, "%s: is a file, not a folder", partial)
                 : error_system(error, errno, "%s: cannot make the folder", partial);
    }
    *at = kept;
    if (kept == '\0') break;
  }
  free(partial);
  return done;
}

char *file_join(const char *folder, const char *name, struct error *error) {
  if (name[0] == '/' || folder[0] == '\0') return memory_text(name, error);
  size_t length = strlen(folder) + strlen(name) + 2;
  char *path = memory_array(length, 1, error);
  if (path == NULL) return NULL;
  bool slash = folder[strlen(folder) - 1] == '/';
  (void)snprintf(path, length, "%s%s%s", folder, slash ? "" : "/", name);
  return path;
}

char *file_folder(const char *path, struct error *error) {
  const char *slash = strrchr(path, '/');
  if (slash == NULL) return memory_text(".", error);
  if (slash == path) return memory_text("/", error);
  char *folder = memory_text(path, error);
  if (folder != NULL) folder[slash - path] = '\0';
  return folder;
}

bool file_remove_temporaries(const char *folder, struct error *error) {
  DIR *entries = opendir(folder);
  if (entries == NULL) return error_system(error, errno, "%s: cannot list", folder);
  size_t suffix = strlen(FILE_TEMPORARY_SUFFIX);
  for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
    size_t length = strlen(entry->d_name);
    if (length <= suffix || strcmp(entry->d_name + length - suffix, FILE_TEMPORARY_SUFFIX) != 0) {
      continue;
    }
    (void)unlinkat(dirfd(entries), entry->d_name, 0);
  }
  (void)closedir(entries);
  return true;
}
