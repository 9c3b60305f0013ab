/* A whole sweep: load the data, expand the config, train what is not yet
 * recorded, record it. */
#ifndef CROSSLANE_EXPERIMENTS_RUN_H
#define CROSSLANE_EXPERIMENTS_RUN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "config/config.h"
#include "config/sweep.h"
#include "experiments/shard.h"
#include "kernels/kernels.h"
#include "records/record.h"

/* A rung of early_terminate, or the last stage after them. */
struct run_rung {
  size_t number, count; /* from 1; count 0: no early_terminate */
  uint32_t epochs;      /* 0: all that the config says */
  size_t architectures, trials, recorded;
  size_t going_on; /* of those to train, from their checkpoints */
};

enum { RUN_FLIGHTS = 4 };

/* Trainings: trials, counted again at each rung that they are in. */
struct run_progress {
  size_t total;
  size_t skipped;     /* recorded before this start */
  size_t ended;       /* in this start */
  size_t failed;      /* of all trials, recorded ones too */
  size_t left_out;    /* architectures, by sweep.constraint */
  bool validated;     /* there are validation rows, so that there is a best */
  struct shard shard; /* count 0: none */
  size_t all_trials;  /* of all shards */
  struct run_rung rung;
  struct sweep_rounds rounds; /* count 0: there is but one, of all trials */
  size_t flights;             /* trials that are being trained */
  struct run_flight {
    uint32_t epoch, epochs; /* from 1, 0: none yet; of how many at most */
  } flight[RUN_FLIGHTS];    /* of the first of them */
  double seconds;           /* since the first trial began */
  double left_seconds;      /* estimate; NaN before the first trial ended */
  /* Over the rungs until now, of the architectures whose trials of the rung are
   * all recorded: the lowest mean over them of the validation MSE. */
  double best_validation;
  const char *best_label; /* NULL: none is complete */
};

struct run_options {
  const struct config *config;
  struct dataset *dataset; /* the config's data, which the run takes */
  const char *data;        /* the path that they were loaded from; NULL: the config's */
  const char *folder;      /* of the run; NULL: none (experiments/single_trial.h) */
  struct shard shard;      /* what is trained of it; count 0: all */
  const char *rung;        /* list of who is in (experiments/rung_list.h); NULL: none */
  size_t jobs, threads;    /* worker processes; of each trial; 0: experiments/core_share.h */
  const struct kernels *kernels;
  bool retry_failed; /* train again what is recorded as failed */
  bool rerun;        /* train everything again; a record is replaced by one as long as it */
  bool allow_swap;   /* also with less memory than the estimate */
  bool fail_fast;    /* the first failure of this start is ERROR_TRIAL; trials in flight are lost */
  const volatile sig_atomic_t *interrupted;
  /* Called before the first trial of each rung (record NULL) and after each trial. */
  void (*progress)(void *context, const struct run_progress *progress, const struct record *record);
  /* Called some times a second between those; NULL: not wanted. */
  void (*waiting)(void *context, const struct run_progress *progress);
  void *progress_context;
  void (*warn)(struct text *message); /* what does not stop the sweep; clears it */
};

/* What was done, also when it returns false. */
struct run_summary {
  size_t trials, trained; /* of the config; in this start without a failure */
  size_t skipped;         /* recorded, and not trained in this start */
  size_t failed, stopped; /* of all trials of the config; stopped: by early_terminate */
  size_t left_out;        /* architectures */
};

bool run_sweep(const struct run_options *options, struct run_summary *summary, struct error *error);

#endif
