#include "base/numeric.h"

#include <math.h>

#include "base/exact.h"

/* ln 2 in two parts: the first has 21 zero bits at its end, so that its product
 * with an exponent is exact (Cody, Waite: "Software Manual for the Elementary
 * Functions", 1980, chapter 6). */
#define LN2_HIGH 0x1.62e42feep-1
#define LN2_LOW 0x1.a39ef35793c76p-33
#define INVERSE_LN2 0x1.71547652b82fep+0
#define SQRT_HALF 0x1.6a09e667f3bcdp-1
#define PI 0x1.921fb54442d18p+1
#define INVERSE_SQRT_2PI 0x1.9884533d43651p-2

/* x = k ln 2 + r, |r| <= ln 2 / 2; e^x = 2^k e^r, by Taylor's series: the first
 * term left out is below r^14 / 14! < 5e-18. */
double numeric_exp(double x) {
  const int k = (int)(x * INVERSE_LN2 + (x < 0 ? -0.5 : 0.5));
  const double r = (x - k * LN2_HIGH) - k * LN2_LOW;
  double sum = 1.0;
  for (int n = 13; n > 0; n--) sum = 1.0 + r / n * sum;
  return ldexp(sum, k);
}

/* x = 2^k m, m in [sqrt(1/2), sqrt(2)); ln m = 2 atanh(s), s = (m - 1) / (m + 1),
 * |s| < 0.172, by the series s + s^3 / 3 + ...: the first term left out is below
 * s * 2e-20. */
double numeric_log(double x) {
  int k;
  double m = frexp(x, &k);
  if (m < SQRT_HALF) {
    m *= 2.0;
    k--;
  }
  const double s = (m - 1.0) / (m + 1.0), square = s * s;
  double sum = 0.0;
  for (int n = 23; n > 0; n -= 2) sum = sum * square + 1.0 / n;
  return k * LN2_HIGH + (2.0 * s * sum + k * LN2_LOW);
}

/* Taylor's series of the cosine and the sine for 0 <= y <= pi / 4: the first
 * terms left out are below 2e-19. */
static double cosine(double y) {
  const double square = y * y;
  double sum = 1.0;
  for (int n = 16; n > 0; n -= 2) sum = 1.0 - square / (n * (n - 1)) * sum;
  return sum;
}

static double sine(double y) {
  const double square = y * y;
  double sum = 1.0;
  for (int n = 17; n > 1; n -= 2) sum = 1.0 - square / (n * (n - 1)) * sum;
  return y * sum;
}

/* The differences are exact where they are taken. */
double numeric_cos_pi(double x) {
  if (x > 0.75) return -cosine(PI * (1.0 - x));
  if (x > 0.25) return x > 0.5 ? -sine(PI * (x - 0.5)) : sine(PI * (0.5 - x));
  return cosine(PI * x);
}

/* 1/2 + phi(x) (x + x^3/3 + x^5/(3 5) + x^7/(3 5 7) + ...), phi the density; until a term
 * changes nothing (Marsaglia: "Evaluating the normal distribution", J. Stat. Software 11(4),
 * 2004). Beyond 8.3 less than 6e-17 is left. */
double numeric_normal(double x) {
  if (!(x >= -8.3)) return 0.0; /* NaN too, of which no term would be the last */
  if (x > 8.3) return 1.0;
  const double square = x * x;
  double sum = x, term = x, before = 0.0;
  for (int n = 3; sum != before; n += 2) {
    before = sum;
    term *= square / n;
    sum += term;
  }
  return 0.5 + numeric_exp(-0.5 * square) * INVERSE_SQRT_2PI * sum;
}
