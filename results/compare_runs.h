/* Within results/: the architectures that several runs share. */
#ifndef CROSSLANE_RESULTS_COMPARE_RUNS_H
#define CROSSLANE_RESULTS_COMPARE_RUNS_H

#include "results/summary.h"

/* Fills `first`, `first_mse` and `vs_first` of the rows of every run but the first: the
 * same architecture there is the one of that label, else the one of equal data, model
 * and training (architecture_identity). The difference is that of test MSE, own minus
 * first: over pairs as compare_architectures makes them, adjusted by Holm over the
 * architectures that a run shares; without a pair, on the same data, that of the means,
 * with no interval. Rows that were stopped are not compared. `summaries` must stay where
 * they are. */
bool compare_runs(struct summary *summaries, size_t count, struct error *error);

#endif
