/* `crosslane plot`: gnuplot pictures, each with its data file and its script
 * beside it. */
#ifndef CROSSLANE_RESULTS_PLOT_H
#define CROSSLANE_RESULTS_PLOT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

struct plot_options {
  bool svg, png, text;
  const char *out; /* folder; NULL: <run>/plots */
};

/* Draws mse-by-architecture and learning-curves of a run. The paths of what
 * was written go to `written`, one a line; text pictures go to `written`
 * themselves. Without gnuplot: data files and scripts are kept, and the error
 * names the package. */
bool plot_run(const char *run, const struct plot_options *options, struct text *written,
              struct error *error);

#endif
