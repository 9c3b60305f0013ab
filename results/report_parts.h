/* Within results/: parts of the HTML page. */
#ifndef CROSSLANE_RESULTS_REPORT_PARTS_H
#define CROSSLANE_RESULTS_REPORT_PARTS_H

#include "base/error.h"
#include "base/text.h"
#include "results/summary.h"

/* The files of results/report/, built in by plots/embed.py. */
extern const char report_css[];
extern const char page_table_js[];
extern const char page_picture_js[];
extern const char report_js[];

/* The table with its controls and its legend. `run` numbers the ids. */
void report_add_table(const struct summary *summary, size_t run, struct text *page);

/* The architectures that later runs share with the first, with their changes; nothing
 * where there are none. */
void report_add_changes(const struct summary *summaries, size_t count, struct text *page);

/* Config, machine, build, data and the commands to get it again. */
bool report_add_origin(const struct summary *summary, struct text *page, struct error *error);

/* The pictures inline, drawn in a temporary folder. What gnuplot is missing for
 * goes to `notes`. */
bool report_add_pictures(const struct summary *summary, size_t run, struct text *page,
                         struct text *notes, struct error *error);

/* gnuplot's `svg` as an element of the page: its ids and references begin with
 * `prefix`, titles and scripts of gnuplot's are gone, and the hypertexts ("row" or
 * "row:epoch") are lines of a <template class="points"> after it: the row, counted from
 * 0, its place in the picture, and of an epoch the mean test MSE, validation MSE and
 * loss. */
void report_add_svg(const char *svg, const char *prefix, const char *title,
                    const struct summary *summary, struct text *page);

#endif
