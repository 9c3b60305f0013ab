/* Within speeds/: the numbers of a roofline's points, where they cover neither each other
 * nor a point nor a roof. */
#ifndef CROSSLANE_SPEEDS_ROOFLINE_NUMBERS_H
#define CROSSLANE_SPEEDS_ROOFLINE_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Pixels, of the panel from its lower left corner. */
struct roofline_number {
  double x, y;             /* of the point */
  double label_x, label_y; /* middle of its number */
  bool led;                /* so far away that a line leads to it */
};

struct roofline_roof {
  double x, y, x_end, y_end;
};

/* Sets the places of the numbers: the nearest free one for each, the crowded first. False
 * when memory ran out. */
bool roofline_number_place(struct roofline_number *number, size_t count,
                           const struct roofline_roof *roof, size_t roofs, double width,
                           double height, struct error *error);

#endif
