/* Worker processes, one trial at a time each. They are forked from the parent,
 * so what it has loaded is theirs to read, shared. A worker writes no file but
 * the model that it has trained and its checkpoint, where they are asked for: it sends its outcome
 * through a pipe, and the parent alone records it. A worker
 * whose parent is gone ends within an epoch, as one that is told to end: its training
 * writes its checkpoint first, where it has one. */
#ifndef CROSSLANE_EXPERIMENTS_WORKERS_H
#define CROSSLANE_EXPERIMENTS_WORKERS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/train.h"

struct trial_outcome {
  bool warning; /* none yet: `error` has what its user should know of a trial that goes on */
  bool done;    /* else `error` says why not */
  bool killed;  /* not done, as its worker was gone */
  bool stopped; /* done, but ended by the sweep before its last epoch */
  size_t train_rows, validation_rows, test_rows;
  struct train_result result;
  struct error error;
  uint64_t peak_rss_kib; /* of the worker so far */
  int64_t started;       /* seconds since 1970 */
};

/* In a worker: what is to be handed on to train_run(). */
struct worker_link {
  bool (*stop)(void *context);
  void (*note)(void *context, uint32_t epoch);
  void (*warn)(void *context, const char *message); /* said by the parent, at once */
  void *context;
};

/* In the parent: a trial that is being trained, and its epoch, from 1; 0: none yet. */
struct worker_flight {
  size_t trial;
  uint32_t epoch;
};

struct worker_task {
  size_t jobs;
  const size_t *trials; /* [count], in the order in which they are begun */
  size_t count;
  size_t bound; /* every trial's number is below it */
  /* In a worker: train that trial. */
  void (*run)(void *context, size_t trial, const struct worker_link *link,
              struct trial_outcome *outcome);
  /* In the parent, in the order in which they end; false ends the work. */
  bool (*ended)(void *context, size_t trial, struct trial_outcome *outcome, struct error *error);
  /* In the parent, some times a second; NULL: not wanted. */
  void (*waiting)(void *context, const struct worker_flight *flight, size_t count);
  /* In the parent: a worker's warning. */
  void (*warn)(void *context, const char *message);
  /* Workers that are busy when the work ends early are told to end, and have so many seconds to
   * write their checkpoints; 0: they have none to write, and are killed. */
  double patience;
  /* In a worker, first: closes what must not outlive the parent. */
  void (*begin)(void *context);
  void *context;
  const volatile sig_atomic_t *interrupted; /* not 0: stop now */
};

/* A worker that crashes fails its trial alone and is replaced. An interrupt is
 * ERROR_INTERRUPTED; what had ended before it was recorded. */
bool workers_run(const struct worker_task *task, struct error *error);

#endif
