/* A whole sweep: load the data, expand the config, train what is not yet
 * recorded, record it. */
#ifndef CROSSLANE_EXPERIMENTS_RUN_H
#define CROSSLANE_EXPERIMENTS_RUN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "experiments/config.h"
#include "kernels/kernels.h"
#include "results/record.h"

struct run_progress {
  size_t total;   /* trials of the config */
  size_t skipped; /* recorded before this start */
  size_t ended;   /* of this start */
  size_t failed;
  double seconds;         /* since the first trial began */
  double left_seconds;    /* estimate; NaN before the first trial ended */
  double best_validation; /* lowest so far, old records included; NaN: none */
  const char *best_label; /* of it; NULL: none */
};

struct run_options {
  const struct config *config;
  const char *data;   /* folder that replaces the config's; NULL: the config's */
  const char *folder; /* of the run */
  size_t jobs;        /* 0: one a core */
  const struct kernels *kernels;
  bool retry_failed;
  const volatile sig_atomic_t *interrupted;
  /* Called before the first trial (record NULL) and after each. */
  void (*progress)(void *context, const struct run_progress *progress, const struct record *record);
  void *progress_context;
};

/* What was done, also when it returns false after an interrupt. */
struct run_summary {
  size_t trials, trained, skipped, failed; /* failed: of all trials of the config */
};

bool run_sweep(const struct run_options *options, struct run_summary *summary, struct error *error);

#endif
