#define _GNU_SOURCE /* sched_getaffinity */
#include "base/cores.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined(__linux__)
#include <sched.h>
#endif

#include "base/control_group.h"
#include "base/system_file.h"
#include "base/text.h"

#if defined(__linux__)
/* More cores than cpu_set_t has places for fail: then all of them are taken. */
static size_t allowed(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 0;
  const int count = CPU_COUNT(&set);
  return count > 0 ? (size_t)count : 0;
}
#else
static size_t allowed(void) {
  return 0;
}
#endif

enum { NUMBERS = 128 };

/* Microseconds of all cores in each period; false: the group sets none. */
static bool read_quota(int version, const char *folder, uint64_t *quota, uint64_t *period) {
  char text[NUMBERS];
  if (version == 2) {
    if (!system_file_read(folder, "cpu.max", text, sizeof text)) return false;
    const char *second = strchr(text, ' ');
    return second != NULL && system_file_number(text, quota) && system_file_number(second, period);
  }
  return system_file_read(folder, "cpu.cfs_quota_us", text, sizeof text) &&
         system_file_number(text, quota) &&
         system_file_read(folder, "cpu.cfs_period_us", text, sizeof text) &&
         system_file_number(text, period);
}

static void limit_by_group(void *context, int version, const char *folder) {
  size_t *cores = context;
  uint64_t quota, period;
  if (!read_quota(version, folder, &quota, &period) || period == 0) return;
  if (quota / period < *cores) *cores = (size_t)(quota / period);
}

size_t cores_within(size_t cores, const char *root, const char *slurm) {
  uint64_t task;
  control_group_each(root, "cpu", limit_by_group, &cores);
  if (slurm != NULL && text_u64(slurm, slurm + strlen(slurm), &task) && task < cores) {
    cores = (size_t)task;
  }
  return cores > 0 ? cores : 1;
}

size_t cores_usable(void) {
  size_t cores = allowed();
  if (cores == 0) {
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    cores = online > 0 ? (size_t)online : 1;
  }
  return cores_within(cores, "", getenv("SLURM_CPUS_PER_TASK"));
}
