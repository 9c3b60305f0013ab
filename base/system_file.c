#include "base/system_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

bool system_file_read(const char *folder, const char *name, char *text, size_t room) {
  char path[SYSTEM_PATH];
  if (snprintf(path, sizeof path, "%s/%s", folder, name) >= SYSTEM_PATH) return false;
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  size_t length = 0;
  ssize_t got = 1;
  while (got > 0 && length < room - 1) {
    got = read(descriptor, text + length, room - 1 - length);
    if (got > 0) length += (size_t)got;
  }
  (void)close(descriptor);
  text[length] = '\0';
  return got >= 0;
}

bool system_file_number(const char *text, uint64_t *value) {
  text += strspn(text, " \t");
  return text_u64(text, text + strspn(text, "0123456789"), value);
}

bool system_file_named_number(const char *text, const char *name, uint64_t *value) {
  const size_t length = strlen(name);
  for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
    if (*line == '\n') line++;
    const bool same = strncmp(line, name, length) == 0;
    if (same && strchr(": \t", line[length]) != NULL && line[length] != '\0') {
      return system_file_number(line + length + 1, value);
    }
  }
  return false;
}
