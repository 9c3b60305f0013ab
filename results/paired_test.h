/* The corrected resampled t test: whether two architectures that were trained
 * and tested on the same splits differ.
 *
 * Splits of one data set share training rows, so that the differences of n
 * splits are correlated and s^2 / n is too small a variance for their mean.
 * Nadeau and Bengio (Inference for the generalization error; Machine Learning
 * 52, 2003, pages 239-281) take the correlation as n_test / (n_test + n_train)
 * and get
 *     variance of the mean = (1 / n + n_test / n_train) * s^2,
 * and Student's t with n - 1 degrees of freedom. */
#ifndef CROSSLANE_RESULTS_PAIRED_TEST_H
#define CROSSLANE_RESULTS_PAIRED_TEST_H

#include <stdbool.h>
#include <stddef.h>

/* Of the intervals and the tests. */
#define PAIRED_LEVEL 0.05

/* Numbers that do not exist are NaN: all without a pair; low, high and the
 * p values with one pair, or when the parts' sizes are not known. */
struct architecture_comparison {
  double difference; /* mean of own minus other */
  double low, high;  /* its 95 % interval, of this comparison alone */
  double p;          /* two-sided, that there is no difference */
  double p_holm;     /* the same, over all comparisons of the family */
  size_t pairs;      /* n: differences that the mean is over */
  bool by_fold;      /* each of them the mean of a fold's seeds */
  size_t unlike;     /* trials of one seed and fold that are no pair: other test rows */
};

/* `ratio` is n_test / n_train. Differences that are all the same give an
 * interval without width, and p 0, or 1 when they are 0. */
void paired_test(const double *difference, size_t count, double ratio,
                 struct architecture_comparison *result);

/* Sets p_holm of those that have a p (Holm: A simple sequentially rejective
 * multiple test procedure; Scandinavian Journal of Statistics 6, 1979), and
 * sorts `family` by p. Returns how many they are. */
size_t paired_holm(struct architecture_comparison **family, size_t count);

/* The smallest difference, either way, that these pairs could have shown among so
 * many comparisons: with the standard error of paired_test and Holm's first step, at
 * which the smallest p is compared with PAIRED_LEVEL / comparisons,
 *     t(1 - PAIRED_LEVEL / (2 comparisons), n - 1) * error.
 * A later step needs less. NaN without an interval, or with one that has no width. */
double paired_least(const struct architecture_comparison *comparison, size_t comparisons);

/* Whether `comparison` has a verdict, and whether it is that there is no
 * significant difference. */
bool paired_tested(const struct architecture_comparison *comparison);
bool paired_alike(const struct architecture_comparison *comparison);

#endif
