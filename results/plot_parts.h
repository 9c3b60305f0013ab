/* Within results/: what a picture is made of. */
#ifndef CROSSLANE_RESULTS_PLOT_PARTS_H
#define CROSSLANE_RESULTS_PLOT_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "results/summary.h"

/* The scripts of results/plots/, built in by results/plots/embed.py. */
extern const char plot_script_mse_by_architecture[];
extern const char plot_script_learning_curves[];
extern const char plot_script_kernel_speed[];
extern const char plot_script_roofline[];

/* Whether row `number` is among the `limit` shown: trials before none, then
 * lowest validation MSE, then the order of the config. */
bool plot_shows(const struct summary *summary, size_t number, size_t limit);

/* Data files: tab-separated, labels quoted, one block a kind or architecture. */
void plot_data_mse(const struct summary *summary, struct text *text);
void plot_data_curves(const struct summary *summary, struct text *text);

/* What stands above the script: its variables, each only where `gnuplot -e`
 * has not set it. */
void plot_variables(const struct summary *summary, const char *title, size_t limit,
                    struct text *text);

/* One variable, unless `gnuplot -e` has set it. Long texts are broken. */
void plot_add_variable(struct text *text, const char *name, const char *value);
void plot_add_number_variable(struct text *text, const char *name, double value);

/* Of a data file: a quoted label, broken at `width` columns; a tab and a number. */
void plot_add_label(struct text *out, const char *label, size_t width);
void plot_add_number(struct text *text, double value);

#endif
