/* Slurm's programs, as they are asked: scontrol, sacctmgr, sbatch, squeue, scancel, sacct.
 * They are looked for in PATH and run without a shell. */
#ifndef CROSSLANE_EXPERIMENTS_LAUNCH_SLURM_H
#define CROSSLANE_EXPERIMENTS_LAUNCH_SLURM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/* Of an array that is submitted, Slurm's own default where nothing else is known. */
enum { SLURM_ARRAY_SIZE = 1001 };

struct slurm_limits {
  uint64_t array_size; /* MaxArraySize: the greatest index of an array, and 1 */
  uint64_t jobs;       /* how many a user may have submitted at a time, tasks counted each:
                          the least of MaxJobCount and the user's MaxSubmitJobs; 0: no limit known */
};

/* By `scontrol show config` and, where there is accounting, sacctmgr. `account`: of the jobs,
 * or NULL. *found false, and SLURM_ARRAY_SIZE: there is no scontrol here. */
bool slurm_limits_ask(const char *account, struct slurm_limits *limits, bool *found,
                      struct error *error);

enum slurm_state { SLURM_WAITING, SLURM_RUNNING };

#define SLURM_NO_INDEX UINT64_MAX

struct slurm_task {
  uint64_t job, index; /* of the array; SLURM_NO_INDEX: it is no array */
  enum slurm_state state;
};

/* Your jobs that are waiting or running, each task of an array one. */
struct slurm_queue {
  size_t tasks;
  struct slurm_task *task; /* [tasks], by job and index */
};
/* *found false, and an empty queue: there is no squeue here. */
bool slurm_queue_ask(struct slurm_queue *queue, bool *found, struct error *error);
void slurm_queue_clear(struct slurm_queue *queue);
/* A job's task; `index` SLURM_NO_INDEX: any of the job's. NULL: it is not in the queue. */
const struct slurm_task *slurm_queue_find(const struct slurm_queue *queue, uint64_t job,
                                          uint64_t index);

/* `sbatch --parsable [option]... script`. Options end with NULL. ERROR_SYSTEM has sbatch's own
 * message. */
bool slurm_submit(const char *const *options, const char *script, uint64_t *job,
                  struct error *error);
bool slurm_cancel(uint64_t job, struct error *error);

/* How the tasks of a job that has left the queue ended, where there is accounting: lines of
 * "123_4|TIMEOUT"; else nothing. */
void slurm_ends_ask(const uint64_t *job, size_t jobs, struct text *ends);

#endif
