/* `crosslane plot`: gnuplot pictures, each with its data file and its script
 * beside it: `cd FOLDER && gnuplot NAME.gp` draws the same picture again. */
#ifndef CROSSLANE_RESULTS_PLOT_H
#define CROSSLANE_RESULTS_PLOT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "plots/picture.h"
#include "results/summary.h"

/* Drawn one by one; more are summarised. They are those with the lowest
 * validation MSE, or the first ones of the config without validation rows. */
enum { PLOT_ARCHITECTURES = 40, PLOT_CURVES = 6 };

/* Draws the pictures that have a meaning for a run:
 *   mse_by_architecture       means, spreads and trials, with lines to compare with
 *   mse_against_runtime       CPU seconds of a trial, the Pareto front named
 *   mse_against_parameters    likewise
 *   mse_against_wide_columns, mse_against_deep_columns, mse_against_depth
 *   heat_map                  a grid of two keys, or depth x width of `hidden`
 *   importance                share of the variance of the MSE that each swept key has
 *   parallel_coordinates      two keys or more
 *   learning_curves           training, validation, test
 * The paths of the pictures go to `written`, one a line; text pictures go to
 * `written` themselves. Names and reasons of those not drawn go to `left_out`,
 * "name (why); ...", and, of plot_run, records that cannot be believed to `damaged`. Default
 * folder: <run>/plots.
 * The same records give the same bytes.
 *
 * gnuplot is found by PATH; the environment variable CROSSLANE_GNUPLOT names
 * another. No other variable and no start-up file changes a picture. Without
 * gnuplot data files and scripts are written all the same, and the error
 * (ERROR_SYSTEM) names the package. A run without a finished trial is
 * ERROR_USAGE. */
bool plot_summary(const struct summary *summary, const struct plot_options *options,
                  struct text *written, struct text *left_out, struct error *error);

/* The same of a folder. */
bool plot_run(const char *run, const struct plot_options *options, struct text *written,
              struct text *left_out, struct text *damaged, struct error *error);

#endif
