/* Machines compared in a few lines, one for each family of kernels: best
 * against best, which is the fastest instruction set of each file at each
 * kernel and shape, and scalar against scalar. */
#ifndef CROSSLANE_SPEEDS_SPEED_SUMMARY_H
#define CROSSLANE_SPEEDS_SPEED_SUMMARY_H

#include "base/text.h"
#include "speeds/grid.h"
#include "speeds/speed_lines.h"

/* The kernels and shapes that every machine has timed, hot; those with operands
 * from memory have a line of their own. Columns: the family, how many (n), for
 * each machine but the first the geometric means of its speed as a multiple of the
 * first one's, best against best (x) and scalar against scalar; then for each
 * machine those of its best as a multiple of its own scalar (gain) and as a
 * percentage of its own roof (% peak), empty where it was not measured. `left_out`:
 * with a column of how many some machine has no time of. */
void speed_summary_fill(const struct machines *machines, bool left_out, struct grid *grid);

/* Two lines on how to read it, three when the machines differ. */
void speed_summary_explain(const struct machines *machines, bool differ, struct text *out);

/* Best against best over all that the machines share. Nothing for one machine. */
void speed_summary_means(const struct machines *machines, struct text *out);

/* How many kernels and shapes a machine lacks that another has, and the first
 * few of them. */
void speed_summary_left_out(const struct machines *machines, struct text *out);

#endif
