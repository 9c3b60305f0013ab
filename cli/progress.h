/* What a sweep says while it runs, on standard error: on a terminal one line that is
 * written anew and a line for each trial that fails; elsewhere a plain line for each
 * trial; with --quiet failures alone. */
#ifndef CROSSLANE_CLI_PROGRESS_H
#define CROSSLANE_CLI_PROGRESS_H

#include <stdbool.h>

#include "experiments/run.h"

struct progress_style {
  bool terminal, color, quiet;
  const char *named; /* the best architecture that a plain line has named last */
};

/* As standard error, NO_COLOR and --quiet ask for. */
struct progress_style progress_style(bool quiet);

/* For run_options.progress and, on a terminal, run_options.waiting; the context is a
 * struct progress_style. */
void progress_print(void *style, const struct run_progress *progress, const struct record *record);
void progress_wait(void *style, const struct run_progress *progress);

/* For run_options.warn: in place of the line of a terminal. Clears the message. */
void progress_warn(struct text *message);

/* On a terminal: that the data are being read; and no line any more. */
void progress_reading(const struct progress_style *style);
void progress_end(const struct progress_style *style);

#endif
