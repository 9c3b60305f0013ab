/* How many cores this process may use. */
#ifndef CROSSLANE_BASE_CORES_H
#define CROSSLANE_BASE_CORES_H

#include <stddef.h>

/* The least of these; at least 1:
 *
 *   - those that the system lets it run on (on Linux by its affinity, which taskset
 *     and batch systems set);
 *   - the time that each of its control groups gives it, as whole cores: 1 for 1.5.
 *     v2  cpu.max: "quota period" or "max period"
 *     v1  cpu.cfs_quota_us / cpu.cfs_period_us; -1: none
 *     (the kernel's cgroup-v2.rst and scheduler/sched-bwc.rst);
 *   - SLURM_CPUS_PER_TASK, which Slurm sets where --cpus-per-task is asked for. */
size_t cores_usable(void);

/* The same with what the system says given: `cores` by affinity, `root` before every
 * path of the system's files, `slurm` the variable's value or NULL. */
size_t cores_within(size_t cores, const char *root, const char *slurm);

#endif
