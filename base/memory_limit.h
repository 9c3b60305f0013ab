/* How much memory this process can come to hold without swapping: what is free
 * on the machine, or below the limit of its control group (a container, a unit
 * of systemd, a job of Slurm), whichever is less; what it holds already counts
 * as free.
 *
 *   machine   MemAvailable of /proc/meminfo; without it, all of the memory
 *   group     limit - usage + pages of files, which the system gives up, of
 *             each group from the process's own up to the root:
 *             v2  memory.max, memory.current, memory.stat (inactive_file,
 *                 active_file)
 *             v1  memory.limit_in_bytes, memory.usage_in_bytes, memory.stat
 *                 (total_inactive_file, total_active_file)
 *
 * The kernel's cgroup-v2.rst and cgroup-v1/memory.rst describe these files. */
#ifndef CROSSLANE_BASE_MEMORY_LIMIT_H
#define CROSSLANE_BASE_MEMORY_LIMIT_H

#include <stdint.h>

#include "base/error.h"

struct memory_limit {
  uint64_t bytes;   /* UINT64_MAX: not known */
  char source[256]; /* who sets it: "this machine", or "the control group /sys/fs/..." */
};

/* `root` stands before every path of the system's files: "", but in tests.
 * False: out of memory. */
bool memory_limit_read(const char *root, struct memory_limit *limit, struct error *error);

#endif
