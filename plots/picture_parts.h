/* Within plots/: what opens every script, built in by plots/embed.py. */
#ifndef CROSSLANE_PLOTS_PICTURE_PARTS_H
#define CROSSLANE_PLOTS_PICTURE_PARTS_H

extern const char plot_script_opening[];

#endif
