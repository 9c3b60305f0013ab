/* Within results/: which swept keys tell apart the models that share a place on
 * an axis, and how: by colour and by shape. */
#ifndef CROSSLANE_RESULTS_PLOT_ENCODING_H
#define CROSSLANE_RESULTS_PLOT_ENCODING_H

#include "results/plot_axes.h"
#include "results/plot_view.h"

/* The most values of a key that colours and shapes can tell apart. */
enum { ENCODING_VALUES = 7 };

struct plot_encoding {
  struct plot_axes axes;
  size_t colour, shape;   /* axes; PLOT_NO_VALUE: none. Of a single one both are it */
  size_t colours, shapes; /* how many: one more than values where a model has none of them */
  struct text hidden;     /* names of the keys that are not shown: "dropout, l2" */
};

/* Of the keys that differ between models of the same `x` ([rows]; NaN: not drawn)
 * and have few values, the two that explain most of the variance of the test MSE
 * (epsilon squared): the first as the colour, the second as the shape. */
bool plot_encoding_init(struct plot_encoding *encoding, const struct plot_view *view,
                        const double *x, struct error *error);
void plot_encoding_clear(struct plot_encoding *encoding);

/* From 1; one more than the axis has values for a row that has none of them, 1
 * without an axis. */
size_t plot_encoding_of(const struct plot_encoding *encoding, size_t axis, size_t row);

/* Where a row stands beside the others of its x, from -0.5 to 0.5: those of one
 * colour and shape at the same place everywhere. */
double plot_encoding_lane(const struct plot_encoding *encoding, size_t row);

/* Variables of the key: colours, colour_name, colour_1, ...; shapes likewise, 0 for the
 * one that also is the colour. */
void plot_encoding_variables(const struct plot_encoding *encoding, struct text *variables);

#endif
