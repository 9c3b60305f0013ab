/* The memory of a sweep, estimated before it starts:
 *
 *   PROGRAM + shared + jobs (WORKER + (threads - 1) THREAD + memory of the largest trial)
 *
 *   shared    what is loaded once, before any worker is forked, and only read
 *             after that: of R ratings 20 bytes each; users, films and their
 *             titles; 4 R slots + 8 codes of each cross, 8 R of each column of
 *             numbers; the test rows of folds; the list of trials
 *   trial     model/train_memory.h
 *   PROGRAM   code and libraries; WORKER the pages that a worker has of its own
 *             beside the training, and what its allocator does not use; THREAD the
 *             stack of one, and its blocks of a wide layer's operands
 *
 * A worker's peak_rss_kib is PROGRAM + shared + WORKER + (threads - 1) THREAD + its
 * largest trial's.
 * docs/experiments.md compares it with measured ones. */
#ifndef CROSSLANE_EXPERIMENTS_MEMORY_ESTIMATE_H
#define CROSSLANE_EXPERIMENTS_MEMORY_ESTIMATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory_limit.h"
#include "base/text.h"
#include "experiments/plan.h"
#include "experiments/run_data.h"

/* In bytes. */
uint64_t memory_estimate_shared(const struct run_data *data);
/* Of the process that trains it: what is shared, and its own. */
uint64_t memory_estimate_trial(const struct plan *plan, size_t trial);

struct memory_estimate {
  uint64_t shared, own; /* own: of a worker with the largest trial */
  size_t jobs, trials;  /* as many at a time; that are to be trained */
  const char *label;    /* of the largest trial; NULL: none is to be trained */
};

/* Of the trials that a sweep has yet to train, in this stage or a later one. */
struct memory_estimate memory_estimate_of(const struct plan *plan, size_t jobs);
uint64_t memory_estimate_needed(const struct memory_estimate *estimate);

/* "about 31 MiB for the largest trial, 53 MiB with --jobs 2; this machine has 3.1 GiB". */
void memory_estimate_say(const struct memory_estimate *estimate, const struct memory_limit *limit,
                         struct text *text);

/* False: it needs more than the limit. The error is one of the config, with the
 * figures and what can be done. */
bool memory_estimate_check(const struct memory_estimate *estimate, const struct memory_limit *limit,
                           struct error *error);

#endif
