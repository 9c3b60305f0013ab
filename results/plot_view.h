/* Within results/: what all pictures of one run share. */
#ifndef CROSSLANE_RESULTS_PLOT_VIEW_H
#define CROSSLANE_RESULTS_PLOT_VIEW_H

#include "plots/picture.h"
#include "results/plot_axes.h"
#include "results/summary.h"

/* The test MSE that the student report gives for its model on MovieLens 100K. */
#define PLOT_REPORT_MSE 1.21

/* Lines to compare an MSE with; NaN where there is none. */
struct plot_lines {
  double irreducible;    /* of made-up data */
  double mean_predictor; /* predicting the mean of all ratings, mean over the trials */
  double report;         /* PLOT_REPORT_MSE, for trials on the real data only */
};

struct plot_view {
  const struct summary *summary;
  size_t *order;   /* [rows] by mean validation MSE, or as in the config without validation rows;
                    * rows without a finished trial after those, stopped ones last */
  size_t finished; /* how many have one */
  size_t stopped;  /* how many the sweep stopped early */
  size_t best;     /* the row of the lowest validation MSE; PLOT_NO_VALUE */
  char **label;    /* [rows] without the keys in which all rows agree, and cut */
  struct plot_lines lines;
  bool hover; /* svg pictures get the number of a point's row as its hypertext */
};

bool plot_view_init(struct plot_view *view, const struct summary *summary, bool hover,
                    struct error *error);
void plot_view_clear(struct plot_view *view);

/* The largest of `values` that is not far from the others: beyond q3 + 4 (q3 -
 * q1) and 5 % above q3 a value would squeeze the rest. All of fewer than 5.
 * Sorts `values`. */
double plot_robust_high(double *values, size_t count);

/* Above the picture the title, one line with the run, what is drawn and the data, and
 * the question that the experiment asks; `hover`. */
void plot_view_variables(const struct plot_view *view, const char *title, struct text *text);

/* Below it, after `first` (which may be NULL): what is left out, where `limit` rows of the
 * run are drawn one by one. */
void plot_view_note(const struct plot_view *view, const char *first, size_t limit,
                    struct text *text);

/* A picture: data and variables. Where it would say nothing it stays without a
 * script, and `why` says the reason. */
typedef bool plot_maker(const struct plot_view *view, struct picture *picture, struct text *why,
                        struct error *error);
plot_maker plot_make_mse, plot_make_curves, plot_make_runtime, plot_make_parameters, plot_make_wide,
    plot_make_deep, plot_make_depth, plot_make_heat_map, plot_make_importance, plot_make_parallel;

/* Whether there is anything to draw. */
bool plot_has_trial(const struct summary *summary);

/* Every picture that has a meaning for the run, in the order of the report, and
 * for the others "name (why)", parted by "; ". Free with pictures_clear and free. */
bool plot_pictures(const struct plot_view *view, struct picture **pictures, size_t *count,
                   struct text *left_out, struct error *error);

/* Pareto front of rows with a finished trial: least cost and least error, where
 * the error is the validation MSE, or the test MSE in a run without validation
 * rows. Fills `front` with the rows by ascending cost; how many they are. */
size_t plot_front(const struct plot_view *view, const double *cost, size_t *front);

#endif
