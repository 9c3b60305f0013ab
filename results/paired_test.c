#include "results/paired_test.h"

#include <math.h>
#include <stdlib.h>

#include "results/student.h"

void paired_test(const double *difference, size_t count, double ratio,
                 struct architecture_comparison *result) {
  *result = (struct architecture_comparison){NAN, NAN, NAN, NAN, NAN, count, false, 0};
  if (count == 0) return;
  double sum = 0, squares = 0, n = (double)count;
  for (size_t i = 0; i < count; i++) sum += difference[i];
  result->difference = sum / n;
  if (count < 2 || !(ratio >= 0)) return;
  /* The mean of equal numbers may be rounded away from them. */
  bool same = true;
  for (size_t i = 0; i < count; i++) {
    double away = difference[i] - result->difference;
    squares += away * away;
    same = same && difference[i] >= difference[0] && difference[i] <= difference[0];
  }
  if (same) {
    result->difference = result->low = result->high = difference[0];
    result->p = fabs(difference[0]) > 0 ? 0 : 1;
    return;
  }
  double error = sqrt((1 / n + ratio) * squares / (n - 1));
  double half = student_critical(PAIRED_LEVEL, n - 1) * error;
  result->low = result->difference - half;
  result->high = result->difference + half;
  result->p = student_tail(result->difference / error, n - 1);
}

double paired_least(const struct architecture_comparison *comparison, size_t comparisons) {
  const double width = comparison->high - comparison->low;
  if (!(width > 0) || comparisons == 0) return NAN;
  const double freedom = (double)comparison->pairs - 1;
  const double error = width / 2 / student_critical(PAIRED_LEVEL, freedom);
  return student_critical(PAIRED_LEVEL / (double)comparisons, freedom) * error;
}

static int by_p(const void *a, const void *b) {
  double left = (*(struct architecture_comparison *const *)a)->p,
         right = (*(struct architecture_comparison *const *)b)->p;
  if (isnan(left) || isnan(right)) return isnan(left) - isnan(right);
  return (left > right) - (left < right);
}

size_t paired_holm(struct architecture_comparison **family, size_t count) {
  qsort(family, count, sizeof *family, by_p);
  size_t tested = count;
  while (tested > 0 && isnan(family[tested - 1]->p)) tested--;
  double largest = 0;
  for (size_t i = 0; i < tested; i++) {
    double adjusted = (double)(tested - i) * family[i]->p;
    if (adjusted > largest) largest = adjusted;
    family[i]->p_holm = largest < 1 ? largest : 1;
  }
  return tested;
}

bool paired_tested(const struct architecture_comparison *comparison) {
  return !isnan(comparison->p_holm);
}

bool paired_alike(const struct architecture_comparison *comparison) {
  return comparison->p_holm >= PAIRED_LEVEL;
}
