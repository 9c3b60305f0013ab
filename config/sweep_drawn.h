/* A value that was drawn for one of the axes. */
#ifndef CROSSLANE_CONFIG_SWEEP_DRAWN_H
#define CROSSLANE_CONFIG_SWEEP_DRAWN_H

#include "base/philox.h"
#include "base/text.h"
#include "config/sweep_axes.h"

/* A drawn number as it would stand in the file, at the place of its range. */
struct drawn {
  struct yaml_node node;
  char text[TEXT_DOUBLE];
};

/* From the axis' own distribution: the index of one of its values, or a number of its range. */
double axis_draw_value(const struct axis *axis, struct random *random);

/* Puts such a value into the combination in hand. `drawn` lives until the next one is put
 * there. */
bool axes_choose_drawn(struct axes *axes, size_t index, double value, struct drawn *drawn,
                       struct error *error);

/* The part of a random stream that belongs to the axis alone. */
uint32_t axis_stream(const struct axis *axis);

#endif
