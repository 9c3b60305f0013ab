/* Statistics of timings: few values, skewed, with outliers. */
#ifndef CROSSLANE_SPEEDS_SPEED_STATISTICS_H
#define CROSSLANE_SPEEDS_SPEED_STATISTICS_H

#include <stddef.h>

/* Mann-Whitney's U test (Mann, Whitney: Annals of Mathematical Statistics
 * 18(1), 1947), two-sided. Exact for up to MANN_WHITNEY_EXACT values a side
 * without ties, else the normal approximation with corrections for ties and
 * continuity. */
enum { MANN_WHITNEY_EXACT = 20 };
struct mann_whitney {
  double u;      /* pairs in which a's value is above b's, ties as half */
  double p;      /* 1 when a side is empty */
  double effect; /* Cliff's delta: 2 u / (n m) - 1, from -1 to 1 */
};
struct mann_whitney mann_whitney(const double *a, size_t n, const double *b, size_t m);

/* Of positive values; NaN when there are none. */
double geometric_mean(const double *values, size_t count);

#endif
