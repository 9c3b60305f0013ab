/* The section `launcher`: how a cluster trains the sweep. It determines no number. */
#ifndef CROSSLANE_CONFIG_LAUNCHER_SPEC_H
#define CROSSLANE_CONFIG_LAUNCHER_SPEC_H

#include <stddef.h>
#include <stdint.h>

enum { LAUNCHER_LINES_MAX = 64 };

struct launcher_lines {
  size_t count;
  const char *line[LAUNCHER_LINES_MAX]; /* each without an end of line */
};

/* Texts belong to the config's documents. */
struct launcher_spec {
  const char *partition, *account, *qos, *time, *mem; /* Slurm's; NULL: its default */
  uint32_t cpus_per_task;
  uint64_t threads;           /* of a trial; 0: experiments/core_share.h */
  uint64_t array_parallelism; /* tasks of an array at a time; 0: no bound */
  uint64_t trials_per_task;   /* about; 0: by task_minutes */
  uint32_t task_minutes;
  uint32_t gflops;              /* of a core: 10^9 a second of what trials are taken to cost */
  struct launcher_lines setup;  /* of the script, before the sweep begins */
  struct launcher_lines sbatch; /* options of sbatch, each with its dashes */
};

#endif
