/* Within results/: the scripts of results/scripts/, built in by plots/embed.py. */
#ifndef CROSSLANE_RESULTS_PLOT_PARTS_H
#define CROSSLANE_RESULTS_PLOT_PARTS_H

extern const char plot_script_mse_by_architecture[];
extern const char plot_script_learning_curves[];
extern const char plot_script_mse_against[];
extern const char plot_script_heat_map[];
extern const char plot_script_importance[];
extern const char plot_script_parallel_coordinates[];

#endif
