/* Files of the bench side by side, one row for each benchmark. */
#ifndef CROSSLANE_SPEEDS_SPEED_DETAILS_H
#define CROSSLANE_SPEEDS_SPEED_DETAILS_H

#include "speeds/grid.h"
#include "speeds/speeds.h"

/* `base` is the file that others are compared with: the first that is not
 * emulated; NULL: none.
 *
 * Where the files have the same instruction sets, a row is a benchmark by its
 * name. Where they differ, the first rows are `best`: at each kernel and shape
 * the fastest instruction set of each file, which a column of each file names.
 * Rows by name follow, for the instruction sets that several files have (scalar
 * is one). `families`: with a column of the kernel's family. */
void speed_details_fill(const struct speeds *file, size_t files, const struct speeds *base,
                        bool families, struct grid *grid);

/* The benchmark of that name in a file; NULL also where times are no speeds. */
const struct speed *speed_details_same(const struct speeds *file, const struct speed *row);

/* Is it a peak of the machine, and no kernel? */
bool speed_details_is_peak(const struct speed *row);

#endif
