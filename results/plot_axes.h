/* Within results/: the swept keys of a run as axes, each with its values. */
#ifndef CROSSLANE_RESULTS_PLOT_AXES_H
#define CROSSLANE_RESULTS_PLOT_AXES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "results/summary.h"

#define PLOT_NO_VALUE SIZE_MAX

struct plot_value {
  char *text;    /* as labels show it: ids, [gender*genre], [64, 32], 0.2 */
  double number; /* NaN: not a number */
};

/* Numbers stand in ascending order, other values in that of the config. */
struct plot_axis {
  char *name;    /* as in labels, where they call it by an end of its key; else last part of
                  * the key, or all of it where two end alike */
  bool labelled; /* the name is that of the labels */
  bool hidden;   /* the key is model.deep.hidden */
  bool numeric;  /* every value is a number */
  size_t values;
  struct plot_value *value;
  size_t *of; /* [rows] the value of each row of the summary; PLOT_NO_VALUE */
};

struct plot_axes {
  size_t aside; /* rows that plot_axes_derive left aside */
  size_t count, rows;
  struct plot_axis *axis;
};

/* The keys of which the rows with a finished trial have two values or more. A
 * row that does not sweep a key has it from its config. */
bool plot_axes_init(struct plot_axes *axes, const struct summary *summary, struct error *error);

/* When `model.deep.hidden` alone is swept and depth with the width of the first
 * layer names each of its values: these two instead, *derived true. Where they do
 * not, models whose layers are not all of one width are left aside. A model
 * without hidden layers has depth 0 and no width; unless `flat`, no depth. */
bool plot_axes_derive(struct plot_axes *axes, const struct summary *summary, bool flat,
                      bool *derived, struct error *error);
void plot_axes_clear(struct plot_axes *axes);

/* The row at each combination of values, the last axis changing fastest. *grid
 * is NULL when some combination has no row with a finished trial, or two; rows
 * that lack one of the values are left aside. Free it. */
bool plot_axes_grid(const struct plot_axes *axes, const struct summary *summary, size_t **grid,
                    size_t *cells, struct error *error);

/* How many layers the deep part of a row's model has, and how many columns; NaN
 * when its config does not say. */
double plot_depth(const struct summary *summary, const struct summary_row *row);
double plot_deep_columns(const struct summary *summary, const struct summary_row *row);

/* The key at a dotted path of a config; NULL when there is none. Borrowed. */
const json_t *plot_config_at(const json_t *config, const char *path);

/* A value as labels show it. */
void plot_value_text(const json_t *value, struct text *text);

#endif
