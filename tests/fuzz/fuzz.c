#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 600, NAME_BYTES = 100 };

static char folder[PATH_BYTES / 2];

static void remove_below(const char *path, bool itself) {
  DIR *entries = opendir(path);
  for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
    char below[PATH_BYTES];
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    (void)snprintf(below, sizeof below, "%.300s/%.255s", path, entry->d_name);
    if (unlink(below) != 0) remove_below(below, true);
  }
  if (entries != NULL) (void)closedir(entries);
  if (itself) (void)rmdir(path);
}

static void remove_folder(void) {
  remove_below(folder, true);
}

const char *fuzz_folder(void) {
  if (folder[0] != '\0') return folder;
  const char *const base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
  (void)snprintf(folder, sizeof folder, "%s/crosslane-fuzz-XXXXXX", base);
  if (mkdtemp(folder) == NULL || atexit(remove_folder) != 0) abort();
  return folder;
}

const char *fuzz_write(const char *name, const uint8_t *bytes, size_t size) {
  static char path[PATH_BYTES];
  (void)snprintf(path, sizeof path, "%s/%.200s", fuzz_folder(), name);
  char *slash = strrchr(path, '/');
  *slash = '\0';
  (void)mkdir(path, 0700);
  *slash = '/';
  const int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return path; /* a folder of that name */
  if (write(descriptor, bytes, size) != (ssize_t)size) abort();
  (void)close(descriptor);
  return path;
}

static const uint8_t *find(const uint8_t *bytes, size_t size, const char *text) {
  return size == 0 ? NULL : memmem(bytes, size, text, strlen(text));
}

/* The name of the line at `at`; false: none that is fit for a file. */
static bool read_name(const uint8_t *at, size_t size, char name[NAME_BYTES]) {
  const uint8_t *end = find(at, size, "\n");
  const size_t length = end != NULL ? (size_t)(end - at) : size;
  if (length == 0 || length >= NAME_BYTES || memchr(at, '\0', length) != NULL) return false;
  memcpy(name, at, length);
  name[length] = '\0';
  const char *slash = strchr(name, '/');
  return strstr(name, "..") == NULL && name[0] != '/' &&
         (slash == NULL || strchr(slash + 1, '/') == NULL);
}

void fuzz_write_files(const uint8_t *bytes, size_t size) {
  static const char mark[] = "=== ";
  remove_below(fuzz_folder(), false);
  const uint8_t *end = bytes + size, *at = find(bytes, size, mark);
  while (at != NULL) {
    char name[NAME_BYTES];
    at += strlen(mark);
    const bool named = read_name(at, (size_t)(end - at), name);
    const uint8_t *line = find(at, (size_t)(end - at), "\n");
    const uint8_t *from = line != NULL ? line + 1 : end;
    const uint8_t *next = find(from, (size_t)(end - from), mark);
    const uint8_t *to = next != NULL ? next : end;
    if (named) (void)fuzz_write(name, from, (size_t)(to - from));
    at = next;
  }
}
