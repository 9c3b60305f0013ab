/* Whether the instruction sets of a machine are in order: a wider one is no slower
 * than a narrower one, kernel by kernel and shape by shape. */
#ifndef CROSSLANE_SPEEDS_SPEED_ORDER_H
#define CROSSLANE_SPEEDS_SPEED_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "speeds/speeds.h"

/* Is this row slower than the same on a narrower instruction set, beyond what noise
 * does? Others on a machine only ever make a time longer: so the row's fastest
 * repetition counts, against the median of the narrower one, with 5 % to spare. The
 * narrower row, or NULL: it is in order. Never of an emulated machine's file. */
const struct speed *speed_order_narrower(const struct speeds *speeds, const struct speed *row);

/* The kernels and shapes that are not in order, as an expression that matches their
 * names and no others, for `--filter`. Nothing when all are in order. */
void speed_order_filter(const struct speeds *speeds, struct text *out);

/* A line for each row that is not in order: by how much, and what to do. Returns
 * how many. */
size_t speed_order_write(const struct speeds *speeds, struct text *out);

#endif
