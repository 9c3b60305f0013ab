/* Medians and their like. */
#ifndef CROSSLANE_BASE_QUANTILE_H
#define CROSSLANE_BASE_QUANTILE_H

#include <stddef.h>

/* Puts the values in ascending order. */
void quantile_sort(double *values, size_t count);

/* Of sorted values: linear between the two nearest ranks; `at` from 0 to 1.
 * 0.5 is the
 * median. NaN when there are none. */
double quantile_of(const double *sorted, size_t count, double at);

#endif
