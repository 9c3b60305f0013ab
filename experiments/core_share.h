/* How the cores are shared: trials at a time, and threads of each. */
#ifndef CROSSLANE_EXPERIMENTS_CORE_SHARE_H
#define CROSSLANE_EXPERIMENTS_CORE_SHARE_H

#include <stddef.h>

struct core_share {
  size_t jobs, threads; /* worker processes; threads of each trial, the same for all */
};

/* Of `cores`, for a sweep of so many trials; `jobs` and `threads` are what was asked
 * for, 0: nothing.
 *
 *   jobs and threads   as they are
 *   threads alone      cores / threads jobs, at least one
 *   jobs alone         one thread
 *   neither            fewer trials than cores: one job for each trial, and cores /
 *                      trials threads; else one job for each core, and one thread */
struct core_share core_share_of(size_t cores, size_t trials, size_t jobs, size_t threads);

#endif
