#include "base/memory_limit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

enum { FILE_PART = 16 << 10, PATH_LENGTH = 4096 };

/* What a version of control groups calls its files and counters. */
struct version {
  const char *mount, *limit, *usage, *inactive, *active;
};
static const struct version version_1 = {"/sys/fs/cgroup/memory", "memory.limit_in_bytes",
                                         "memory.usage_in_bytes", "total_inactive_file",
                                         "total_active_file"};
static const struct version version_2 = {"/sys/fs/cgroup", "memory.max", "memory.current",
                                         "inactive_file", "active_file"};

/* The first FILE_PART bytes of a file whose size is not known beforehand, as of
 * all files in /proc; false: there is none. */
static bool read_part(const char *path, char text[FILE_PART]) {
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  size_t length = 0;
  ssize_t got = 1;
  while (got > 0 && length < FILE_PART - 1) {
    got = read(descriptor, text + length, FILE_PART - 1 - length);
    if (got > 0) length += (size_t)got;
  }
  (void)close(descriptor);
  text[length] = '\0';
  return got >= 0;
}

static bool read_file(char text[FILE_PART], const char *folder, const char *name) {
  char path[PATH_LENGTH];
  return snprintf(path, sizeof path, "%s/%s", folder, name) < PATH_LENGTH && read_part(path, text);
}

/* The number at the beginning; false for others, such as "max". */
static bool leading_number(const char *text, uint64_t *value) {
  text += strspn(text, " \t");
  return text_u64(text, text + strspn(text, "0123456789"), value);
}

/* The number of the line that begins with `name`. */
static bool named_number(const char *text, const char *name, uint64_t *value) {
  const size_t length = strlen(name);
  for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
    if (*line == '\n') line++;
    const bool same = strncmp(line, name, length) == 0;
    if (same && strchr(": \t", line[length]) != NULL && line[length] != '\0') {
      return leading_number(line + length + 1, value);
    }
  }
  return false;
}

/* --- the machine --- */

static void read_machine(const char *root, char text[FILE_PART], struct memory_limit *limit) {
  uint64_t kib;
  *limit = (struct memory_limit){.bytes = UINT64_MAX, .source = "this machine"};
  if (read_file(text, root, "proc/meminfo") && named_number(text, "MemAvailable", &kib)) {
    limit->bytes = kib * 1024;
    return;
  }
  const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  if (pages > 0 && size > 0) limit->bytes = (uint64_t)pages * (uint64_t)size;
}

/* What this process holds now: the second number of statm, in pages. */
static uint64_t held(const char *root, char text[FILE_PART]) {
  uint64_t pages;
  if (!read_file(text, root, "proc/self/statm")) return 0;
  const char *second = strchr(text, ' ');
  if (second == NULL || !leading_number(second, &pages)) return 0;
  return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* --- control groups --- */

static uint64_t less(uint64_t from, uint64_t amount) {
  return from > amount ? from - amount : 0;
}

/* One group. Where none is set, v1 gives a limit that is beyond any machine. */
static void read_group(const struct version *version, const char *folder, char text[FILE_PART],
                       struct memory_limit *limit) {
  uint64_t most, usage = 0, inactive = 0, active = 0;
  if (!read_file(text, folder, version->limit) || !leading_number(text, &most)) return;
  if (read_file(text, folder, version->usage)) (void)leading_number(text, &usage);
  if (read_file(text, folder, "memory.stat")) {
    (void)named_number(text, version->inactive, &inactive);
    (void)named_number(text, version->active, &active);
  }
  const uint64_t free = less(most, less(usage, inactive + active));
  if (free >= limit->bytes) return;
  limit->bytes = free;
  (void)snprintf(limit->source, sizeof limit->source, "the control group %.200s", folder);
}

/* The process's group and all above it. A container that has no view of its own
 * is named a path that is not there: what is there is the mount, its root. */
static void read_groups(const struct version *version, const char *root, const char *group,
                        char text[FILE_PART], struct memory_limit *limit) {
  char folder[PATH_LENGTH];
  const int mount = snprintf(folder, sizeof folder, "%s%s", root, version->mount);
  const int length = snprintf(folder, sizeof folder, "%s%s%s", root, version->mount, group);
  if (length >= PATH_LENGTH) return;
  for (char *end = folder + length; end != NULL && end >= folder + mount;) {
    *end = '\0';
    read_group(version, folder, text, limit);
    end = strrchr(folder, '/');
  }
}

/* Lines "number:controllers:path"; of v2 "0::path". */
static void find_groups(const char *root, const char *lines, char text[FILE_PART],
                        struct memory_limit *limit) {
  for (const char *line = lines; line != NULL && *line != '\0';) {
    const char *controllers = strchr(line, ':');
    const char *path = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
    if (path == NULL) return;
    char names[256], group[PATH_LENGTH];
    (void)snprintf(names, sizeof names, ",%.*s,", (int)(path - controllers - 1), controllers + 1);
    const size_t length = strcspn(path + 1, "\n");
    (void)snprintf(group, sizeof group, "%.*s", (int)length, path + 1);
    if (strcmp(group, "/") == 0) group[0] = '\0';
    if (strcmp(names, ",,") == 0) read_groups(&version_2, root, group, text, limit);
    if (strstr(names, ",memory,") != NULL) read_groups(&version_1, root, group, text, limit);
    line = path + 1 + length;
    line += *line == '\n';
  }
}

bool memory_limit_read(const char *root, struct memory_limit *limit, struct error *error) {
  char *text = memory_array(2, FILE_PART, error), *lines = text != NULL ? text + FILE_PART : NULL;
  if (text == NULL) return false;
  read_machine(root, text, limit);
  if (read_file(lines, root, "proc/self/cgroup")) find_groups(root, lines, text, limit);
  if (limit->bytes < UINT64_MAX) limit->bytes += held(root, text);
  free(text);
  return true;
}
