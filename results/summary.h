/* A run by architecture: each one's trials over seeds and folds, and their
 * means. What tables and plots are made of. */
#ifndef CROSSLANE_RESULTS_SUMMARY_H
#define CROSSLANE_RESULTS_SUMMARY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "records/record_list.h"
#include "results/paired_test.h"

/* What exists of an architecture. Only one that is done may be the best and is
 * tested: a mean over some of its seeds and folds is of easier or harder rows
 * than the others' means. */
enum summary_status {
  SUMMARY_DONE,    /* every planned trial */
  SUMMARY_STOPPED, /* the sweep ended some trial early, whatever else is done: early
                    * stopping may have ended other trials before that */
  SUMMARY_FAILED,  /* some trial failed */
  SUMMARY_PARTIAL, /* some trials are done, the others have not run */
  SUMMARY_PENDING  /* no trial has ended */
};

/* Means are over the trials that are done, NaN without one; deviations are
 * over n - 1, NaN for fewer than two. What a stopped row reached stands apart:
 * a stopped trial does not compare with those that ran to their end, and which
 * of the row's trials are done follows from how well they went. */
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
  double cpu_seconds, seconds; /* of training: processor, wall; of a stopped row over its done and
                                * its stopped trials */
  size_t stopped_epoch;        /* at which the last of the stopped ones ended; 0: none */
  double stopped_mse, stopped_validation_mse; /* of a stopped row, as it was then: over its done
                                               * and its stopped trials; else NaN */
  struct architecture_comparison vs_baseline, vs_best; /* of test MSE; empty in the row itself */
  const struct summary_row *first;         /* the same architecture in the first of several runs
                                            * (compare_runs.h); NULL: this is it, or there is none */
  double first_mse;                        /* its test MSE; NaN without one */
  struct architecture_comparison vs_first; /* of test MSE; empty without one */
  uint64_t parameters, wide_columns, flops_per_row; /* the largest of its trials */
  bool baseline; /* this is the one that the others are compared with */
  bool best;     /* lowest mean validation MSE of the rows that are done; of none without
                  * validation rows */
};

struct summary {
  char *run;              /* the folder as given, without a slash at its end */
  char *name;             /* of the experiment; the folder's when no config is known */
  char *description;      /* "" when not known */
  char *data;             /* names of the data sets, "a, b"; "" without a record */
  size_t folders;         /* that hold parts of it, the others beside `run`; else 1 */
  bool data_given;        /* the data are not where the config says */
  bool synthetic;         /* some trial is on made-up data */
  bool emulated;          /* some trial ran on an emulated machine */
  bool validated;         /* some trial has validation rows */
  double irreducible_mse; /* NaN when not known or not the same for all */
  double rating_variance; /* of all ratings: the MSE of predicting their mean; likewise */
  size_t rows;
  struct summary_row *row; /* in the order of the config */
  struct record_list records;
};

enum summary_status summary_status(const struct summary_row *row);

/* Whether its means are of trials that ran to their end: what pictures show. */
bool summary_finished(const struct summary_row *row);

/* "done", "stopped", "failed", "partial", "pending". */
const char *summary_status_name(enum summary_status status);

/* The architectures of the run's newest config, from <run>/architectures.json;
 * without that file those of every record, by label, data set and
 * architecture_identity, and none is the baseline. A folder without trials/ is
 * ERROR_USAGE. Records that cannot be believed are as if they were not there, and
 * `left_out` names them (records/record_list.h). */
bool summary_read(const char *run, struct summary *summary, struct text *left_out,
                  struct error *error);
void summary_clear(struct summary *summary);

/* Of several folders, into `summaries` [count], of which `*made` are used: those that
 * hold parts of one experiment are one, in the place of the first and with its name.
 * Parts ask for the same trials (their architectures.json says the same), and none of
 * them has all of these: a folder that has is a run of its own, beside another of the
 * same config. A trial that several parts have is taken from one of them, or refused
 * with ERROR_DATA where they differ (records/record_union.h). Later experiments are
 * compared with the first (compare_runs.h). On failure none is used. */
bool summary_read_all(const char *const *runs, size_t count, struct summary *summaries,
                      size_t *made, struct text *left_out, struct error *error);

#endif
