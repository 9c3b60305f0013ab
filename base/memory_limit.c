#include "base/memory_limit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/control_group.h"
#include "base/memory.h"
#include "base/system_file.h"

enum { FILE_PART = 16 << 10 };

/* What a version of control groups calls its files and counters. */
struct version {
  const char *limit, *usage, *inactive, *active;
};
static const struct version versions[] = {
    {"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file", "total_active_file"},
    {"memory.max", "memory.current", "inactive_file", "active_file"}};

/* --- the machine --- */

static void read_machine(const char *root, char text[FILE_PART], struct memory_limit *limit) {
  uint64_t kib;
  *limit = (struct memory_limit){.bytes = UINT64_MAX, .source = "this machine"};
  if (system_file_read(root, "proc/meminfo", text, FILE_PART) &&
      system_file_named_number(text, "MemAvailable", &kib)) {
    limit->bytes = kib * 1024;
    return;
  }
  const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  if (pages > 0 && size > 0) limit->bytes = (uint64_t)pages * (uint64_t)size;
}

/* What this process holds now: the second number of statm, in pages. */
static uint64_t held(const char *root, char text[FILE_PART]) {
  uint64_t pages;
  if (!system_file_read(root, "proc/self/statm", text, FILE_PART)) return 0;
  const char *second = strchr(text, ' ');
  if (second == NULL || !system_file_number(second, &pages)) return 0;
  return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* --- control groups --- */

static uint64_t less(uint64_t from, uint64_t amount) {
  return from > amount ? from - amount : 0;
}

struct search {
  struct memory_limit *limit;
  char *text; /* [FILE_PART] */
};

static bool read_part(const struct search *search, const char *folder, const char *name) {
  return system_file_read(folder, name, search->text, FILE_PART);
}

/* One group. Where none is set, v1 gives a limit that is beyond any machine. */
static void read_group(void *context, int number, const char *folder) {
  const struct search *search = context;
  const struct version *version = &versions[number - 1];
  struct memory_limit *limit = search->limit;
  const char *text = search->text;
  uint64_t most, usage = 0, inactive = 0, active = 0;
  if (!read_part(search, folder, version->limit) || !system_file_number(text, &most)) return;
  if (read_part(search, folder, version->usage)) (void)system_file_number(text, &usage);
  if (read_part(search, folder, "memory.stat")) {
    (void)system_file_named_number(text, version->inactive, &inactive);
    (void)system_file_named_number(text, version->active, &active);
  }
  const uint64_t free = less(most, less(usage, inactive + active));
  if (free >= limit->bytes) return;
  limit->bytes = free;
  (void)snprintf(limit->source, sizeof limit->source, "the control group %.200s", folder);
}

bool memory_limit_read(const char *root, struct memory_limit *limit, struct error *error) {
  char *text = memory_array(1, FILE_PART, error);
  if (text == NULL) return false;
  read_machine(root, text, limit);
  control_group_each(root, "memory", read_group, &(struct search){limit, text});
  if (limit->bytes < UINT64_MAX) limit->bytes += held(root, text);
  free(text);
  return true;
}
