/* Within results/: which swept key matters: shares of the variance of the mean
 * test MSE of architectures. */
#ifndef CROSSLANE_RESULTS_PLOT_IMPORTANCE_H
#define CROSSLANE_RESULTS_PLOT_IMPORTANCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "results/plot_axes.h"

/* Functional ANOVA over a full grid, each cell of the same weight (Hutter,
 * Hoos and Leyton-Brown: An efficient approach for assessing hyperparameter
 * importance; ICML 2014). With y the mean MSE of a cell and y_v the mean of the
 * cells that have value v of an axis,
 *     share of the axis = mean over v of (y_v - mean)^2 / variance of y,
 * and what the axes leave is that of their interactions.
 *
 * Without a full grid each axis alone, rows grouped by its values (numbers of
 * more than GROUPS values in GROUPS groups of like size, by rank):
 *     share = (SS_between - (groups - 1) SS_within / (n - groups)) / SS_total,
 * at least 0, epsilon squared (Kelley: An unbiased correlation ratio measure;
 * PNAS 21, 1935). These shares need not add up to 1. */
struct importance {
  bool grid;
  size_t rows;         /* architectures that it is over */
  double *share;       /* [axes->count], 0 to 1 */
  double interactions; /* of a grid; else NaN */
  double luck;         /* share that the seeds and folds would give by themselves: residual mean
                        * square of architecture x seed and fold over their number; NaN when
                        * architectures have not all the same ones, or only one */
};

enum { IMPORTANCE_GROUPS = 4, IMPORTANCE_ROWS = 10, IMPORTANCE_ROWS_A_KEY = 3 };

/* *known is false, with the reason in `why`, when there are fewer than two axes,
 * all MSE are the same, or without a grid fewer than IMPORTANCE_ROWS rows, or
 * IMPORTANCE_ROWS_A_KEY for each axis. */
bool importance_init(struct importance *importance, const struct plot_axes *axes,
                     const struct summary *summary, bool *known, struct text *why,
                     struct error *error);
void importance_clear(struct importance *importance);

#endif
