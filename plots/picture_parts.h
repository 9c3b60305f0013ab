/* Within plots/: the scripts of plots/scripts/, built in by plots/embed.py. */
#ifndef CROSSLANE_PLOTS_PICTURE_PARTS_H
#define CROSSLANE_PLOTS_PICTURE_PARTS_H

extern const char plot_script_opening[]; /* stands above every picture's */
extern const char plot_script_png_ability[];

#endif
