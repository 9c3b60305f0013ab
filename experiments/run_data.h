/* What all trials of a sweep read: loaded and built once, before any worker is
 * forked, and shared by them. */
#ifndef CROSSLANE_EXPERIMENTS_RUN_DATA_H
#define CROSSLANE_EXPERIMENTS_RUN_DATA_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/sweep.h"
#include "data/dataset.h"
#include "data/features.h"
#include "data/split.h"
#include "model/train.h"

struct run_data {
  struct dataset dataset;
  struct folds folds;
  struct features features;
  struct trial_list list; /* keys cover the test rows of their folds */
};

/* Takes the data set and the list, whose keys cover the test rows of their folds when
 * it returns. `spec` and `folder` (NULL: the spec's) are for files of folds. Clear it
 * after a failure too. */
bool run_data_of(struct run_data *data, struct dataset *dataset, struct trial_list *list,
                 const struct data_spec *spec, const char *folder, struct error *error);

/* Of a config. Takes the data set. `folder` replaces the config's, for files of folds; NULL: the
 * config's. A signal in between is ERROR_INTERRUPTED. Clear it after a failure too. */
bool run_data_load(struct run_data *data, const struct config *config, struct dataset *dataset,
                   const char *folder, const volatile sig_atomic_t *interrupted,
                   struct error *error);
/* Adds what the config's sweep has had since; its folds are those of the sweep's first round. */
bool run_data_grow(struct run_data *data, const struct config *config, struct error *error);
void run_data_clear(struct run_data *data);

/* ERROR_INTERRUPTED when there was a signal. */
bool run_goes_on(const volatile sig_atomic_t *interrupted, struct error *error);

/* What train_run() and train_size() need for a trial. `split` is made for it, and
 * is to be cleared after them. */
bool run_data_request(const struct run_data *data, size_t trial, const struct kernels *kernels,
                      struct split *split, struct train_request *request, struct error *error);

#endif
