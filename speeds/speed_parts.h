/* Within speeds/: what the pictures of kernel speeds are made of. */
#ifndef CROSSLANE_SPEEDS_SPEED_PARTS_H
#define CROSSLANE_SPEEDS_SPEED_PARTS_H

#include "plots/picture.h"
#include "speeds/plot_speeds.h"
#include "speeds/speed_lines.h"
#include "speeds/speeds.h"

/* The scripts of speeds/scripts/, built in by plots/embed.py. */
extern const char plot_script_kernel_speed[];
extern const char plot_script_roofline[];

/* "kernels.json, c0ffee, 3 launches": file, commit, launches. */
void speed_add_build(const struct speeds *machine, struct text *out);

/* Each part of the kernels has its picture. */
enum speed_part { PART_DENSE, PART_TABLES, PART_VECTORS, PARTS };
enum speed_part speed_part_of(const char *kernel);

/* GFLOP/s of dense layers, else GB/s. */
double speed_part_rate(enum speed_part part, const struct speed *row);

/* The name of its picture. */
void speed_name_part(enum speed_part part, struct text *name);

/* "dense layers" */
const char *speed_part_title(enum speed_part part);

/* Variables unit and shapes (what they mean). */
void speed_add_part(enum speed_part part, struct text *variables);

/* False when memory ran out. `drawn` tells whether there is anything to draw: a part that
 * would be taller than a screen has several pages, from 0. Of one machine each instruction
 * set, of several the best of each. `emulated`: what the note says of files that are not
 * drawn. */
bool speed_picture(const struct machines *machines, enum speed_part part, size_t page,
                   const char *emulated, struct picture *picture, bool *drawn, struct error *error);
bool roofline_picture(const struct machines *machines, const char *emulated,
                      struct picture *picture, bool *drawn, struct error *error);

#endif
