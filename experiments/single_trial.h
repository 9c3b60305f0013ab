/* One trial by itself: no run folder, and nothing written. */
#ifndef CROSSLANE_EXPERIMENTS_SINGLE_TRIAL_H
#define CROSSLANE_EXPERIMENTS_SINGLE_TRIAL_H

#include <stdbool.h>

#include "base/error.h"
#include "experiments/run.h"
#include "records/record.h"

/* Trains the only trial of options->config, in a worker process, as a sweep would: the same
 * key, the same bits. Of the options `config`, `dataset`, `data`, `threads` (0: 1), `kernels`,
 * `allow_swap` and `interrupted` are read. ERROR_CONFIG when the config asks for more than one,
 * with what chooses one of them. A trial that failed is a record too. `record` is to be cleared
 * when it returns true. */
bool single_trial(const struct run_options *options, struct record *record, struct error *error);

#endif
