/* A Parzen estimator for one parameter of a search: where did good models have it, and bad
 * ones not? Pure functions, with the same bits everywhere.
 *
 * Bergstra, Bardenet, Bengio, Kégl: "Algorithms for hyper-parameter optimization", NIPS 2011,
 * section 4. Of n results the best PARZEN_GOOD percent are the good ones. l is the density of the
 * good values, g that of the others; of some candidates drawn from l the one with the largest
 * l / g is taken, which is the one of the largest expected improvement.
 *
 * The density of numbers is a mixture in equal parts of the uniform one over the range and of
 * one normal density about each value, cut to the range. A normal's width is the distance to
 * the farther of its two neighbours, at least range / min(100, 1 + n) and at most the range.
 * Choice k of N, taken c times of n, has the share (1 + c) / (N + n). */
#ifndef CROSSLANE_CONFIG_PARZEN_H
#define CROSSLANE_CONFIG_PARZEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/philox.h"

enum { PARZEN_GOOD = 15, PARZEN_CANDIDATES = 24 };

/* Of how many results are good: PARZEN_GOOD percent, rounded up. */
size_t parzen_good(size_t results);

enum parzen_kind {
  PARZEN_CHOICE,    /* 0, 1, ..., high */
  PARZEN_REAL,      /* low to high */
  PARZEN_WHOLE,     /* whole numbers from low to high; k stands for [k, k + 1) */
  PARZEN_LOG_WHOLE, /* the same, on a scale of logarithms; low >= 1 */
};

struct parzen_axis {
  enum parzen_kind kind;
  double low, high;
};

/* The mixture of one axis for some of its values: see above. */
struct parzen {
  const struct parzen_axis *axis;
  double low, high; /* of the range on which the normals are */
  size_t count;
  double *middle, *width; /* [count] the middles ascending; choices: values, in their order */
};

/* `value` [count] of the axis. Clear it after a failure too. */
bool parzen_init(struct parzen *parzen, const struct parzen_axis *axis, const double *value,
                 size_t count, struct error *error);
void parzen_clear(struct parzen *parzen);

/* Of a real number the density; of a whole one or a choice its share. Above 0. */
double parzen_density(const struct parzen *parzen, double value);
double parzen_draw(const struct parzen *parzen, struct random *random);

/* The value to try next, from those of the good and of the other results; `candidates` >= 1, of
 * which PARZEN_CANDIDATES are usual. */
bool parzen_choose(const struct parzen_axis *axis, const double *good, size_t goods,
                   const double *other, size_t others, unsigned candidates, struct random *random,
                   double *value, struct error *error);

#endif
