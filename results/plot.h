/* `crosslane plot`: gnuplot pictures, each with its data file and its script
 * beside it: `cd FOLDER && gnuplot NAME.gp` draws the same picture again. */
#ifndef CROSSLANE_RESULTS_PLOT_H
#define CROSSLANE_RESULTS_PLOT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

/* Without any format set: svg. */
struct plot_options {
  bool svg, png, text;
  const char *out; /* folder, made if need be; NULL: <run>/plots */
};

/* The most that fit into a picture; of more, those with the lowest validation
 * MSE, or the first ones of the config without validation rows. */
enum { PLOT_ARCHITECTURES = 40, PLOT_CURVES = 6 };

/* Draws mse_by_architecture and learning_curves of a run. The paths of the
 * pictures go to `written`, one a line; text pictures go to `written`
 * themselves. The same records give the same bytes.
 *
 * gnuplot is found by PATH; the environment variable CROSSLANE_GNUPLOT names
 * another. Without it data files and scripts are written all the same, and the
 * error (ERROR_SYSTEM) names the package. A run without a finished trial is
 * ERROR_USAGE. */
bool plot_run(const char *run, const struct plot_options *options, struct text *written,
              struct error *error);

#endif
