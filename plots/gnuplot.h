/* Runs gnuplot: no shell, its messages in the error. */
#ifndef CROSSLANE_PLOTS_GNUPLOT_H
#define CROSSLANE_PLOTS_GNUPLOT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

/* Runs `script`, a file of `folder`, whose data it finds there. What it draws goes
 * to the folder `place`, or to `folder` when that is NULL; what it prints goes to
 * `output`. ERROR_SYSTEM: not installed (with the package's name), or it failed
 * (with its message). */
bool gnuplot_run(const char *folder, const char *script, const char *place, struct text *output,
                 struct error *error);

/* Whether gnuplot can be run here. */
bool gnuplot_found(void);

#endif
