/* Numbers, scaled. */
#include <math.h>

#include "data/encoding/encoding_parts.h"

void scaling_fit(struct scaling *scaling, const double *values, size_t count) {
  double sum = 0.0, squares = 0.0;
  size_t present = 0;
  for (size_t i = 0; i < count; i++) {
    double value = values[i];
    if (isnan(value)) continue;
    if (present == 0 || value < scaling->minimum) scaling->minimum = value;
    if (present == 0 || value > scaling->maximum) scaling->maximum = value;
    sum += value;
    present++;
  }
  if (present > 0) scaling->mean = sum / (double)present;
  for (size_t i = 0; i < count; i++) {
    double offset = values[i] - scaling->mean;
    if (!isnan(offset)) squares += offset * offset;
  }
  /* Of equal values the mean may be rounded, and the deviation is 0 all the same. */
  if (scaling->minimum < scaling->maximum) scaling->deviation = sqrt(squares / (double)present);
  scaling->fallback = scaling->mean;
}

double scaling_apply(const struct scaling *scaling, double value) {
  if (isnan(value)) value = scaling->fallback;
  if (scaling->scale == SCALE_STANDARD) {
    return scaling->deviation > 0.0 ? (value - scaling->mean) / scaling->deviation : 0.0;
  }
  double range = scaling->maximum - scaling->minimum;
  return range > 0.0 ? (value - scaling->minimum) / range : 0.0;
}
