/* Within results/: every architecture of a run against its baseline and
 * against its best. */
#ifndef CROSSLANE_RESULTS_COMPARE_ARCHITECTURES_H
#define CROSSLANE_RESULTS_COMPARE_ARCHITECTURES_H

#include "results/summary.h"

/* The test rows over the training rows of a record's split: by its counts,
 * else by its config: random splits, and the folds u1 to u5, of which each
 * tests on a fifth of the rows. NaN when neither says it (ua and ub). */
double compare_overlap(const struct record *record);

/* Whether two records are of one data set, by its digest. */
bool compare_same_data(const struct record *own, const struct record *other);

/* Names the best (lowest mean validation MSE of the rows that are done) and
 * fills each row's `vs_baseline` and `vs_best` from the test MSE of the trials
 * that are done. Stopped rows are not compared.
 *
 * A pair is two trials of the same seed and fold that are tested on the same
 * rows: one data set, one way to split it, one share of test rows, and as many
 * of them where the records say so. Which other folds a config names, and how
 * many of the other rows validate, does not matter.
 * Random splits, and the seeds of one fold, count each pair as one difference.
 * With two folds or more the pairs of a fold are averaged first and n is the
 * number of folds: its seeds share their test rows, so that counting each would
 * make the interval too narrow. Of a single given fold the interval says
 * nothing of how another fold would turn out.
 * Each of the two families is adjusted by Holm on its own, and has only the
 * rows that are done, when what they are compared with is done as well: others
 * have the difference over the pairs that there are, and its interval, but no
 * p_holm. */
bool compare_architectures(struct summary *summary, struct error *error);

/* The pairs of two rows, of one run or of two, each with the records of its run. */
bool compare_rows(const struct record_list *records, const struct summary_row *row,
                  const struct record_list *others, const struct summary_row *other,
                  struct architecture_comparison *result, struct error *error);

#endif
