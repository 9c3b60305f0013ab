/* The kernels of an ordinal head: a rating is one of `levels` >= 2 ascending numbers, and
 * the score f of a row says which are likely, by a cumulative logit with proportional odds
 * (McCullagh: "Regression Models for Ordinal Data", JRSS B 42(2), 1980, section 2):
 *
 *   P(rating <= level[k]) = s(slope (t[k] - f)),  s(z) = 1 / (1 + e^-z),  0 <= k < levels - 1
 *
 * The parameters are `cut` (levels - 1): the first threshold, then the logarithms of the
 * gaps, so that the thresholds ascend whatever an optimizer's step makes of them:
 *
 *   t[0] = cut[0];  t[k] = t[k - 1] + e^cut[k]
 *
 * With u[k] = slope (t[k] - f), and gap g[k] = slope e^cut[k] between u[k - 1] and u[k]; of
 * the first level u[k - 1] is -inf, of the last u[k] is inf, and of both g is inf:
 *
 *   P(level[k]) = s(u[k]) - s(u[k - 1]) = s(u[k]) s(-u[k - 1]) (1 - e^-g[k])
 *
 * which does not cancel. e^x, log and 1 - e^-x are SLEEF's. */
#ifndef CROSSLANE_KERNELS_ORDINAL_H
#define CROSSLANE_KERNELS_ORDINAL_H

#include <stddef.h>

enum { ORDINAL_LEVELS_MAX = 64 };

/* The likelihood of m rows and its gradients. Row r has level k, where k of the levels but
 * the last are less than target[r]; what it adds to *sum, in double, in ascending r, is
 *
 *   -log P(level[k]) = (max(-u[k], 0) + max(u[k - 1], 0)) +
 *                      log((1 + e^-|u[k]|) (1 + e^-|u[k - 1]|)) - log(1 - e^-g[k])
 *   gradient[r]      = gradient_scale * slope * (s(-u[k]) - s(u[k - 1]))
 *
 * the derivative by the score, times gradient_scale. That by cut[j], of all rows, goes to
 * cut_gradient[j]: added up in double, for each level s(-u[k]), s(u[k - 1]) and the number of
 * rows in ascending r, then the thresholds from the last to the first. */
struct ordinal_loss {
  size_t m, levels;
  const float *score, *target; /* (m) */
  const float *level;          /* (levels) */
  const float *cut;            /* (levels - 1) */
  float slope, gradient_scale;
  float *gradient;     /* (m) */
  float *cut_gradient; /* (levels - 1) */
  double *sum;         /* (1) */
};

/* y (m): from scores to expected ratings, in place: one chain in ascending k from level[0] of
 * fma(level[k + 1] - level[k], s(-u[k]), sum), and at most the last level; NaN stays. */
struct ordinal_expectation {
  size_t m, levels;
  const float *level; /* (levels) */
  const float *cut;   /* (levels - 1) */
  float slope;
  float *y;
};

/* out (levels,m): row k has P(level[k]) of the m scores. */
struct ordinal_probabilities {
  size_t m, levels;
  const float *score; /* (m) */
  const float *cut;   /* (levels - 1) */
  float slope;
  float *out;
  size_t out_ld;
};

#endif
