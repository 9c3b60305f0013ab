/* What gnuplot reads: variables of a script, and the cells of a data file. */
#ifndef CROSSLANE_PLOTS_PLOT_SYNTAX_H
#define CROSSLANE_PLOTS_PLOT_SYNTAX_H

#include <stddef.h>

#include "base/text.h"

/* Stands for a blank at which no line is broken. */
#define PLOT_NO_BREAK "\u00a0"

/* One variable. Long texts are broken.
 * NULL, as of an empty struct text, stands for "". */
void plot_add_variable(struct text *text, const char *name, const char *value);
void plot_add_line_variable(struct text *text, const char *name, const char *value); /* unbroken */
void plot_add_number_variable(struct text *text, const char *name, double value);
void plot_add_count_variable(struct text *text, const char *name, size_t value);

/* Of a data file, tab-separated: a quoted label, broken at `width` columns; a
 * tab and a number (NaN when it is not finite); a tab and a count. */
void plot_add_label(struct text *out, const char *label, size_t width);
void plot_add_number(struct text *text, double value);
void plot_add_count(struct text *text, size_t count);

/* The blank lines between two blocks of a data file, and what the next holds. */
void plot_add_block(struct text *text, const char *columns);

#endif
