/* What a sweep says while it runs, on standard error: a plain line for each
 * trial, and on a terminal one more that is rewritten. */
#ifndef CROSSLANE_CLI_PROGRESS_H
#define CROSSLANE_CLI_PROGRESS_H

#include <stdbool.h>

#include "experiments/run.h"

struct progress_style {
  bool terminal, color;
};

/* As standard error and NO_COLOR ask for. */
struct progress_style progress_style(void);

/* For run_options.progress; its context is a struct progress_style. */
void progress_print(void *style, const struct run_progress *progress, const struct record *record);

#endif
