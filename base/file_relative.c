#define _XOPEN_SOURCE 700 /* realpath */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

/* What is not there keeps its own name below a folder that is. */
static char *absolute(const char *path, struct error *error) {
  char *real = realpath(path, NULL);
  if (real != NULL || errno == ENOMEM) {
    if (real == NULL) error_set(error, ERROR_SYSTEM, "out of memory");
    return real;
  }
  if (strcmp(path, ".") == 0 || strcmp(path, "/") == 0) {
    error_set(error, ERROR_SYSTEM, "%s: %s", path, strerror(errno));
    return NULL;
  }
  char *folder = file_folder(path, error), *parent = NULL, *joined = NULL;
  if (folder != NULL) parent = absolute(folder, error);
  const char *slash = strrchr(path, '/');
  if (parent != NULL) joined = file_join(parent, slash != NULL ? slash + 1 : path, error);
  free(folder);
  free(parent);
  return joined;
}

/* How many bytes of both name the folders that they share. */
static size_t shared(const char *one, const char *other) {
  size_t length = 0;
  for (size_t i = 0;; i++) {
    const bool ends_one = one[i] == '/' || one[i] == '\0';
    const bool ends_other = other[i] == '/' || other[i] == '\0';
    if (ends_one && ends_other) length = i;
    if (one[i] != other[i] || one[i] == '\0') return length;
  }
}

static void add_way(const char *from, const char *to, struct text *way) {
  const size_t length = strcmp(from, "/") == 0 || strcmp(to, "/") == 0 ? 0 : shared(from, to);
  for (const char *at = from + length; *at != '\0'; at++) {
    if (*at == '/' && at[1] != '\0') text_add(way, way->length > 0 ? "/.." : "..");
  }
  const char *rest = to + length;
  while (*rest == '/') rest++;
  if (*rest != '\0') text_add(way, "%s%s", way->length > 0 ? "/" : "", rest);
  if (way->length == 0) text_add(way, ".");
}

char *file_relative(const char *folder, const char *path, struct error *error) {
  char *from = absolute(folder, error), *to = from != NULL ? absolute(path, error) : NULL;
  struct text way = {0};
  char *relative = NULL;
  if (to != NULL) {
    add_way(from, to, &way);
    if (way.failed) error_set(error, ERROR_SYSTEM, "out of memory");
    relative = way.failed ? NULL : memory_text(way.text, error);
  }
  text_clear(&way);
  free(from);
  free(to);
  return relative;
}
