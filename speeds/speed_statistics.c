#include "speeds/speed_statistics.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/quantile.h"

/* The chance of at most `u` among all orders of n and m values. The number of
 * orders with the value u obeys f(u, n, m) = f(u - m, n - 1, m) + f(u, n, m - 1);
 * `ways` holds the rows of one n for all m. */
static double exact_at_most(size_t u, size_t n, size_t m) {
  enum { MOST = MANN_WHITNEY_EXACT };
  static double ways[2][MOST + 1][MOST * MOST + 1];
  const size_t values = n * m;
  for (size_t i = 0; i <= n; i++) {
    for (size_t j = 0; j <= m; j++) {
      for (size_t v = 0; v <= values; v++) {
        double *out = &ways[i % 2][j][v];
        if (i == 0 || j == 0) {
          *out = v == 0;
          continue;
        }
        *out = (v >= j ? ways[(i - 1) % 2][j][v - j] : 0) + ways[i % 2][j - 1][v];
      }
    }
  }
  double below = 0, all = 0;
  for (size_t v = 0; v <= values; v++) {
    all += ways[n % 2][m][v];
    if (v <= u) below += ways[n % 2][m][v];
  }
  return below / all;
}

/* Sum of t^3 - t over the groups of equal values. */
static double tie_term(double *both, size_t count) {
  quantile_sort(both, count);
  double term = 0;
  for (size_t i = 0; i < count;) {
    size_t same = 1;
    while (i + same < count && both[i + same] == both[i]) same++;
    double t = (double)same;
    term += t * t * t - t;
    i += same;
  }
  return term;
}

static double normal_p(double u, double n, double m, double ties) {
  double all = n + m;
  double variance = n * m / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)));
  if (variance <= 0) return 1.0;
  double z = (fabs(u - n * m / 2.0) - 0.5) / sqrt(variance);
  return z <= 0 ? 1.0 : erfc(z / sqrt(2.0));
}

struct mann_whitney mann_whitney(const double *a, size_t n, const double *b, size_t m) {
  struct mann_whitney test = {.p = 1.0};
  if (n == 0 || m == 0) return test;
  double *both = calloc(n + m, sizeof *both);
  if (both == NULL) return test;
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < m; j++) test.u += a[i] > b[j] ? 1.0 : a[i] < b[j] ? 0.0 : 0.5;
  }
  for (size_t i = 0; i < n + m; i++) both[i] = i < n ? a[i] : b[i - n];
  const double ties = tie_term(both, n + m);
  free(both);
  const double pairs = (double)n * (double)m;
  test.effect = 2.0 * test.u / pairs - 1.0;
  const bool exact = ties == 0 && n <= MANN_WHITNEY_EXACT && m <= MANN_WHITNEY_EXACT;
  if (exact) {
    double smaller = test.u < pairs - test.u ? test.u : pairs - test.u;
    test.p = fmin(1.0, 2.0 * exact_at_most((size_t)smaller, n, m));
  } else {
    test.p = normal_p(test.u, (double)n, (double)m, ties);
  }
  return test;
}

double geometric_mean(const double *values, size_t count) {
  if (count == 0) return NAN;
  double sum = 0;
  for (size_t i = 0; i < count; i++) sum += log(values[i]);
  return exp(sum / (double)count);
}
