/* `crosslane report`: one HTML page with everything of one run or several, to
 * be opened without a network. Of several it begins with what they share. */
#ifndef CROSSLANE_RESULTS_REPORT_H
#define CROSSLANE_RESULTS_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/* Writes the page to `out`, or to <run>/report.html when it is NULL and there
 * is one run (several without `out`: ERROR_USAGE). Folders with parts of one
 * experiment are one run (summary_read_all), and <run> is the first of them. The path goes to
 * `written`. The page asks for nothing beyond itself; every text of a run is escaped.
 *
 * Pictures need gnuplot (plot_run says how it is found). Without it the page is
 * written all the same and says that they are missing; `notes` gets why, a line
 * each. Where gnuplot runs and a picture does not come out whole, there is no page
 * (ERROR_SYSTEM). `damaged` gets the records that cannot be believed. */
bool report_write(const char *const *runs, size_t count, const char *out, struct text *written,
                  struct text *notes, struct text *damaged, struct error *error);

#endif
