/* The jobs that were submitted of a launch: RUN/launch/jobs.tsv, a line for each. */
#ifndef CROSSLANE_EXPERIMENTS_LAUNCH_JOBS_H
#define CROSSLANE_EXPERIMENTS_LAUNCH_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "experiments/launch_slurm.h"

enum { LAUNCH_STARTED = 24 };

struct launch_job {
  uint64_t job;
  size_t array;                      /* which script, array-1.sbatch and so on; 0: merge.sbatch */
  size_t tasks;                      /* of all arrays of its launch together: N of --shard I/N */
  size_t offset;                     /* I of --shard is the index in the array and this */
  uint32_t cpus;                     /* of a task */
  char *indices;                     /* of the array, "1-3,7"; "-" for merge.sbatch */
  char submitted_at[LAUNCH_STARTED]; /* ISO 8601, UTC */
};

struct launch_jobs {
  size_t count, room;
  struct launch_job *job;
};

/* In the folder `launch`; none without the file. */
bool launch_jobs_read(const char *folder, struct launch_jobs *jobs, struct error *error);
/* Adds a copy and writes all, so that a job that was submitted is known of whatever comes. */
bool launch_jobs_add(const char *folder, struct launch_jobs *jobs, const struct launch_job *job,
                     struct error *error);
void launch_jobs_clear(struct launch_jobs *jobs);

/* Appends a list of indices, ascending, to "1-3,7"; `last` is how it ends. Start from {0}. */
struct launch_range {
  uint64_t first, last; /* first 0: none yet */
};
void launch_range_add(struct launch_range *range, uint64_t index, struct text *text);
void launch_range_end(struct launch_range *range, struct text *text);

/* Whether the index is in "1-3,7". */
bool launch_range_has(const char *indices, uint64_t index);

/* The task of the queue that trains shard `shard` of `tasks`, or NULL; *job: the newest job that
 * was to train it, in the queue or not, or NULL. */
const struct slurm_task *launch_jobs_find(const struct launch_jobs *jobs,
                                          const struct slurm_queue *queue, size_t tasks,
                                          size_t shard, const struct launch_job **job);

/* How many of the jobs are in the queue; of arrays alone, or of merges. */
size_t launch_jobs_active(const struct launch_jobs *jobs, const struct slurm_queue *queue,
                          bool merges);

#endif
