#include "base/quantile.h"

#include <math.h>
#include <stdlib.h>

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

void quantile_sort(double *values, size_t count) {
  qsort(values, count, sizeof *values, ascending);
}

double quantile_of(const double *sorted, size_t count, double at) {
  if (count == 0) return NAN;
  double rank = at * (double)(count - 1);
  size_t low = (size_t)rank;
  if (low + 1 >= count) return sorted[count - 1];
  return sorted[low] + (rank - (double)low) * (sorted[low + 1] - sorted[low]);
}
