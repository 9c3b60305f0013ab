/* Within results/: the axes of MSE against a quantity of a model. */
#ifndef CROSSLANE_RESULTS_PLOT_FRAME_H
#define CROSSLANE_RESULTS_PLOT_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include "results/plot_view.h"

struct plot_frame {
  double x_low, x_high, y_low, y_high;
  double clip; /* architectures above are drawn at the upper end */
  size_t above;
  bool log_x;
  double zero_at; /* where 0 stands on a logarithmic axis: a quarter of the least other x; NaN */
  size_t values;  /* distinct x */
  size_t points;  /* with an x */
  double room;    /* for the models of one x: of x, of its logarithm */
};

/* The range of all models that have an `x` ([rows], else NaN). An axis that spans a factor
 * of 10 is logarithmic; an x of 0 moves to where that can show it. The bars of up to
 * `bars` models are within. `scratch`: [rows] to sort in. */
struct plot_frame plot_frame_of(const struct plot_view *view, double *x, double *scratch,
                                size_t bars);

/* The least distance of two x; of their logarithms where the axis is logarithmic. */
double plot_frame_nearest(const struct plot_view *view, const double *x, bool log_x);

/* Adds the margins. `whole`: x is a count. `nearest`: the least distance of two x, whose
 * models stand beside each other; else 0. */
void plot_frame_widen(struct plot_frame *frame, bool whole, double nearest);

/* The place beside `x` at a `part`, from -0.5 to 0.5, of the room that models of one x
 * have. */
double plot_frame_beside(const struct plot_frame *frame, double x, double part);

#endif
