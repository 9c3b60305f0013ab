/* A run by architecture: each one's trials over seeds and folds, and their
 * means. What tables and plots are made of. */
#ifndef CROSSLANE_RESULTS_SUMMARY_H
#define CROSSLANE_RESULTS_SUMMARY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "results/paired_test.h"
#include "results/record.h"

/* Means are over the trials that are done, NaN without one; deviations are
 * over n - 1, NaN for fewer than two. What a stopped trial reached stands
 * apart: it does not compare with trials that ran to their end. */
struct summary_row {
  char *label;
  json_t *swept;         /* object */
  size_t planned;        /* trials that the config asks for */
  size_t trials, failed; /* done; failed */
  size_t stopped;        /* ended early by the sweep */
  size_t *trial;         /* [trials] the done ones in summary.records, in the config's order */
  size_t *stopped_trial; /* [stopped] likewise */
  const char *failure;   /* of the first failed trial; NULL when none failed */
  double mse, mse_sd;    /* test rows */
  double validation_mse, validation_mse_sd;
  double train_mse, rmse, mae;
  double cpu_seconds, seconds; /* of training: processor, wall; without a done trial: of the
                                * stopped ones */
  size_t stopped_epoch;        /* at which the last of the stopped ones ended; 0: none */
  double stopped_mse, stopped_validation_mse;       /* means over them, as it was then */
  struct comparison vs_baseline, vs_best;           /* of test MSE; empty in the row itself */
  uint64_t parameters, wide_columns, flops_per_row; /* the largest of its trials */
  bool baseline; /* this is the one that the others are compared with */
  bool best;     /* lowest mean validation MSE of the run; of none without validation rows */
};

struct summary {
  char *run;              /* the folder as given, without a slash at its end */
  char *name;             /* of the experiment; the folder's when no config is known */
  char *description;      /* "" when not known */
  char *data;             /* names of the data sets, "a, b"; "" without a record */
  bool synthetic;         /* some trial is on made-up data */
  bool emulated;          /* some trial ran on an emulated machine */
  bool validated;         /* some trial has validation rows */
  double irreducible_mse; /* NaN when not known or not the same for all */
  double rating_variance; /* of the test ratings: predicting their mean; likewise */
  size_t rows;
  struct summary_row *row; /* in the order of the config */
  struct record_list records;
};

/* The architectures of the run's newest config, from <run>/architectures.json;
 * without that file those of every record, by label and architecture_identity,
 * and none is the baseline. A folder without trials/ is
 * ERROR_USAGE. */
bool summary_read(const char *run, struct summary *summary, struct error *error);
void summary_clear(struct summary *summary);

#endif
