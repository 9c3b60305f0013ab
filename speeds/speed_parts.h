/* Within speeds/: what the pictures of kernel speeds are made of. */
#ifndef CROSSLANE_SPEEDS_SPEED_PARTS_H
#define CROSSLANE_SPEEDS_SPEED_PARTS_H

#include "plots/picture.h"
#include "speeds/plot_speeds.h"
#include "speeds/speed_lines.h"
#include "speeds/speeds.h"

/* The scripts of speeds/scripts/, built in by plots/embed.py. */
extern const char plot_script_kernel_speed[];
extern const char plot_script_kernel_speed_machines[];
extern const char plot_script_roofline[];

/* Variables machine_N (the processor) and build_N (file, commit, launches). */
void speed_add_machine(const struct speeds *machine, size_t number, struct text *variables);

/* Each part of the kernels has its picture. */
enum speed_part { PART_DENSE, PART_TABLES, PART_VECTORS, PARTS };
enum speed_part speed_part_of(const char *kernel);

/* GFLOP/s of dense layers, else GB/s. */
double speed_part_rate(enum speed_part part, const struct speed *row);

/* The name of its picture. */
void speed_name_part(enum speed_part part, struct text *name);

/* Variables title_text, unit and shapes (what they mean). */
void speed_add_part(enum speed_part part, struct text *variables);

/* False when memory ran out. `drawn` tells whether there is anything to draw. The
 * first is of one machine, by instruction set, the second of several, each with
 * its best. */
bool speed_picture(const struct machines *machines, enum speed_part part, struct picture *picture,
                   bool *drawn, struct error *error);
bool machines_picture(const struct machines *machines, enum speed_part part,
                      struct picture *picture, bool *drawn, struct error *error);
bool roofline_picture(const struct machines *machines, struct picture *picture, bool *drawn,
                      struct error *error);

#endif
