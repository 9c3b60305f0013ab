#include "experiments/core_share.h"

struct core_share core_share_of(size_t cores, size_t trials, size_t jobs, size_t threads) {
  if (threads == 0 && jobs == 0 && trials > 0 && trials < cores) {
    return (struct core_share){.jobs = trials, .threads = cores / trials};
  }
  if (threads == 0) threads = 1;
  if (jobs == 0) jobs = cores > threads ? cores / threads : 1;
  return (struct core_share){jobs, threads};
}
