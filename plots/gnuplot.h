/* Runs gnuplot: no shell, its messages in the error. */
#ifndef CROSSLANE_PLOTS_GNUPLOT_H
#define CROSSLANE_PLOTS_GNUPLOT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

/* Runs `script`, a file of `folder`, with that folder as gnuplot's own. What
 * gnuplot prints goes to `output`. ERROR_SYSTEM: not installed (with the
 * package's name), or it failed (with its message). */
bool gnuplot_run(const char *folder, const char *script, struct text *output, struct error *error);

#endif
