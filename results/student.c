#include "results/student.h"

#include <float.h>
#include <math.h>

enum { TERMS_MAX = 10000 };

/* Keeps Lentz' quotients away from 0. */
static double not_zero(double value) {
  return fabs(value) < DBL_MIN ? DBL_MIN : value;
}

/* The continued fraction of the incomplete beta function (NIST: Digital
 * Library of Mathematical Functions, 8.17.22), by Lentz' method in Thompson
 * and Barnett's form. It converges fast for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double x, double a, double b) {
  double c = 1, d = 1 / not_zero(1 - (a + b) * x / (a + 1)), value = d;
  for (int term = 1; term < TERMS_MAX; term++) {
    double m = term;
    double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / not_zero(1 + even * d);
    c = not_zero(1 + even / c);
    value *= c * d;
    d = 1 / not_zero(1 + odd * d);
    c = not_zero(1 + odd / c);
    value *= c * d;
    if (fabs(c * d - 1) < DBL_EPSILON) break;
  }
  return value;
}

/* I_x(a, b), regularised; `y` is 1 - x, given so that no digit of a small one
 * is lost. */
static double beta_regularised(double x, double y, double a, double b) {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  double logarithm = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(y);
  double front = exp(logarithm);
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
  return 1 - front * beta_fraction(y, b, a) / b;
}

double student_tail(double t, double freedom) {
  double square = t * t;
  if (isnan(square) || isnan(freedom)) return NAN;
  if (isinf(square)) return 0;
  double sum = freedom + square;
  return beta_regularised(freedom / sum, square / sum, freedom / 2, 0.5);
}

/* By bisection down to neighbouring doubles: the tail falls as t grows. */
double student_critical(double tail, double freedom) {
  if (tail >= 1) return 0;
  double low = 0, high = 1;
  while (student_tail(high, freedom) > tail && isfinite(high)) high *= 2;
  for (;;) {
    double middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) return high;
    if (student_tail(middle, freedom) > tail) {
      low = middle;
    } else {
      high = middle;
    }
  }
}
