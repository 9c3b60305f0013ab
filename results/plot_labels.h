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

/* A whole label for a data file in one line of `width` columns: a longer one loses its
 * middle. */
void plot_add_cut_label(const char *label, size_t width, struct text *text);

/* A value of an axis in `width` columns: one that is longer loses its end, or its middle
 * where another value of the axis would look the same, or has its number. */
void plot_add_short_value(const struct plot_axis *axis, size_t value, size_t width,
                          struct text *text);

/* Labels whose parts all have the same names, as a table: a column for each name that does
 * not have one value in all rows. */
struct plot_label_table {
  size_t count, rows; /* no column: the labels are not of that kind */
  struct plot_axis *column;
};

bool plot_label_table_init(struct plot_label_table *table, const struct summary *summary,
                           struct error *error);
/* The values of a row, or the names of the columns (PLOT_NO_VALUE): "ids · [64, 32]". */
void plot_label_table_add(const struct plot_label_table *table, size_t row, struct text *text);
void plot_label_table_clear(struct plot_label_table *table);

void plot_free_labels(char **label, size_t rows);

#endif
