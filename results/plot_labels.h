/* Within results/: labels that fit into a picture. */
#ifndef CROSSLANE_RESULTS_PLOT_LABELS_H
#define CROSSLANE_RESULTS_PLOT_LABELS_H

#include "base/error.h"
#include "base/text.h"
#include "results/plot_axes.h"
#include "results/summary.h"

/* A row's label without the parts ("name=value") that all rows have; `cut`: in
 * its middle when it is still far too long. Free it. */
char *plot_short_label(const struct summary *summary, size_t row, bool cut, struct error *error);

/* The words for the key at `path` in a label: of "crosses=ids hidden=[64, 32]"
 * and model.wide.crosses the name "crosses" and the value "ids"; of several that
 * end the path the longest. False when it has none. */
bool plot_label_part(const char *label, const char *path, struct text *name, struct text *value);

/* A tick's text for a data file: cut where it is far too long, broken at `width`
 * columns. */
void plot_add_tick(const char *label, size_t width, struct text *text);

/* A value of an axis in `width` columns: one that is longer loses its end, or its middle
 * where another value of the axis would look the same, or has its number. */
void plot_add_short_value(const struct plot_axis *axis, size_t value, size_t width,
                          struct text *text);

/* [rows] short labels with a letter instead of each value of a name that has a
 * long one: "crosses=B  hidden=[64, 32]"; `legend` gets "crosses=B:
 * [gender*genre]", a line each. NULL when memory ran out. */
char **plot_coded_labels(const struct summary *summary, struct text *legend, struct error *error);
void plot_free_labels(char **label, size_t rows);

#endif
