/* Within results/: what the pictures of kernel speeds are made of. */
#ifndef CROSSLANE_SPEEDS_SPEED_PARTS_H
#define CROSSLANE_SPEEDS_SPEED_PARTS_H

#include "plots/picture.h"
#include "speeds/plot_speeds.h"
#include "speeds/speeds.h"

/* The scripts of speeds/scripts/, built in by plots/embed.py. */
extern const char plot_script_kernel_speed[];
extern const char plot_script_roofline[];

/* What was measured natively, in the order of the files. */
struct machines {
  const struct speeds *at[PLOT_SPEEDS_FILES];
  size_t count;
};

/* A kernel at a shape, hot or cold: a line of the picture, whoever has it. */
struct speed_line {
  const char *kernel, *shape, *temperature;
};

/* Every line that some machine has timed of Crosslane's own kernels, each once;
 * the shapes of a kernel together. Free it. NULL when memory ran out. */
struct speed_line *speed_lines(const struct machines *machines, size_t *count, struct error *error);

/* Crosslane's time of that line; NULL: none. */
const struct speed *speed_of(const struct speeds *machine, const struct speed_line *line,
                             const char *isa);

/* Does any machine have that instruction set? */
bool speed_has_isa(const struct machines *machines, const char *isa);

/* Variables machine_N (the processor) and build_N (file, commit, launches). */
void speed_add_machine(const struct speeds *machine, size_t number, struct text *variables);

enum speed_part { PART_DENSE, PART_TABLES, PART_VECTORS, PARTS };

/* False when memory ran out. `drawn` tells whether there is anything to draw. */
bool speed_picture(const struct machines *machines, enum speed_part part, struct picture *picture,
                   bool *drawn, struct error *error);
bool roofline_picture(const struct machines *machines, struct picture *picture, bool *drawn,
                      struct error *error);

#endif
