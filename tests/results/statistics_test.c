/* results/student.h, results/paired_test.h
 *
 * The numbers wanted were computed with Python's mpmath at 40 digits, from the
 * definitions alone: the tail as betainc(v/2, 1/2, 0, v/(v + t^2),
 * regularized=True), its inverse by bisection, and the interval as
 * mean -+ t(v) * sqrt((1/n + ratio) * variance). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "results/paired_test.h"
#include "results/student.h"

enum { MANY = 6 };

static void assert_near(double value, double wanted, double relative) {
  if (fabs(value - wanted) <= relative * fabs(wanted)) return;
  fail_msg("%.17g instead of %.17g", value, wanted);
}

static void the_tail_is_that_of_the_tables(void **state) {
  (void)state;
  static const struct {
    double t, freedom, tail;
  } wanted[] = {
      {1, 1, 0.5},
      {0.5, 2, 0.66666666666666667},
      {2, 4, 0.11611652351681559},
      {2.776, 4, 0.050022778319976402},
      {0.001, 9, 0.99922393032597327},
      {10, 4, 0.00056200362271599116},
      {3, 9, 0.014956363910414215},
      {40, 4, 2.3340163226012686e-6},
      {1.5, 30, 0.144065929128646},
      {2, 999, 0.045770616973757003},
      {6, 1000, 2.7553691733774691e-9},
  };
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    assert_near(student_tail(wanted[i].t, wanted[i].freedom), wanted[i].tail, 1e-12);
    assert_near(student_tail(-wanted[i].t, wanted[i].freedom), wanted[i].tail, 1e-12);
  }
  assert_true(student_tail(0, 4) == 1);
  assert_true(student_tail(INFINITY, 4) == 0);
  assert_true(student_tail(1e200, 4) == 0);
  assert_true(isnan(student_tail(NAN, 4)));
}

static void the_critical_value_is_that_of_the_tables(void **state) {
  (void)state;
  static const struct {
    double tail, freedom, t;
  } wanted[] = {
      {0.05, 1, 12.706204736174705},  {0.05, 2, 4.3026527297494639},
      {0.05, 4, 2.7764451051977944},  {0.05, 9, 2.2621571627982055},
      {0.05, 30, 2.0422724563012383}, {0.05, 1000, 1.9623390808264085},
      {0.01, 4, 4.6040948713499932},  {0.5, 4, 0.74069708411268263},
  };
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    assert_near(student_critical(wanted[i].tail, wanted[i].freedom), wanted[i].t, 1e-12);
  }
  assert_near(student_critical(1, 4), 0, 0);
}

static struct architecture_comparison tested(const double *difference, size_t count, double ratio) {
  struct architecture_comparison result;
  paired_test(difference, count, ratio, &result);
  assert_int_equal(result.pairs, count);
  assert_true(isnan(result.p_holm));
  return result;
}

static void the_interval_has_nadeau_and_bengios_variance(void **state) {
  (void)state;
  const double five[] = {-0.02, -0.01, -0.03, -0.025, -0.015};
  struct architecture_comparison folds = tested(five, 5, 0.25);
  assert_near(folds.difference, -0.02, 1e-14);
  assert_near(folds.low, -0.034724323711081683, 1e-12);
  assert_near(folds.high, -0.0052756762889183173, 1e-12);
  assert_near(folds.p, 0.019583524603801412, 1e-12);
  struct architecture_comparison random = tested(five, 5, 0.2 / (0.8 * 0.9));
  assert_near(random.low, -0.035171973411194781, 1e-12);
  assert_near(random.high, -0.0048280265888052187, 1e-12);
  assert_near(random.p, 0.02158095980423482, 1e-12);
  const double two[] = {0.25, -0.125};
  struct architecture_comparison pair = tested(two, 2, 0.25);
  assert_near(pair.difference, 0.0625, 0);
  assert_near(pair.low, -2.8553485785277791, 1e-12);
  assert_near(pair.high, 2.9803485785277791, 1e-12);
  assert_near(pair.p, 0.83083158877024644, 1e-12);
}

/* s^2 = 0.00025 / 4, error = sqrt((1/5 + 1/4) s^2) = 0.0053033; of 5 comparisons the first
 * is at 1 %: t(0.995, 4) = 4.6040949 (tables of Student's t), and 4.6040949 * 0.0053033. */
static void the_least_difference_is_that_of_holms_first_step(void **state) {
  (void)state;
  const double five[] = {-0.02, -0.01, -0.03, -0.025, -0.015};
  struct architecture_comparison folds = tested(five, 5, 0.25);
  assert_near(paired_least(&folds, 5), 0.02441690028568339, 1e-12);
  assert_near(paired_least(&folds, 1), 0.014724323711081683, 1e-12); /* half of the interval */
  assert_true(isnan(paired_least(&folds, 0)));
  struct architecture_comparison one = tested(five, 1, 0.25);
  assert_true(isnan(paired_least(&one, 5)));
  const double same[] = {0.5, 0.5};
  struct architecture_comparison flat = tested(same, 2, 0.25);
  assert_true(isnan(paired_least(&flat, 5)));
}

/* By the definition of both: p < 5 % where the 95 % interval leaves 0 out. */
static void the_interval_and_the_p_value_agree(void **state) {
  (void)state;
  for (int shift = -40; shift <= 40; shift++) {
    double difference[MANY];
    for (int i = 0; i < MANY; i++) difference[i] = 0.03125 * shift + (i % 3 - 1);
    struct architecture_comparison result = tested(difference, MANY, 0.25);
    assert_true((result.p < PAIRED_LEVEL) == (result.low > 0 || result.high < 0));
  }
}

static void one_pair_or_unknown_sizes_give_no_interval(void **state) {
  (void)state;
  const double difference[] = {0.5, 0.75};
  struct architecture_comparison one = tested(difference, 1, 0.25);
  assert_true(one.difference == 0.5);
  assert_true(isnan(one.low) && isnan(one.high) && isnan(one.p));
  struct architecture_comparison unknown = tested(difference, 2, NAN);
  assert_true(unknown.difference == 0.625);
  assert_true(isnan(unknown.low) && isnan(unknown.high) && isnan(unknown.p));
  assert_true(isnan(tested(difference, 0, 0.25).difference));
}

static void equal_differences_leave_no_doubt(void **state) {
  (void)state;
  const double none[] = {0, 0, 0}, some[] = {0.1, 0.1, 0.1};
  struct architecture_comparison same = tested(none, 3, 0.25), other = tested(some, 3, 0.25);
  assert_true(same.p == 1 && same.low == 0 && same.high == 0);
  assert_true(other.p == 0 && other.low == 0.1 && other.high == 0.1);
}

/* Holm's steps for p = 0.01, 0.02, 0.02, 0.03, 0.5 by hand: 5 * 0.01 = 0.05;
 * 4 * 0.02 = 0.08; 3 * 0.02 = 0.06, raised to 0.08; 2 * 0.03 = 0.06, raised to
 * 0.08; 0.5. */
static void holm_steps_down_and_never_decreases(void **state) {
  (void)state;
  const double p[MANY] = {0.02, 0.5, NAN, 0.01, 0.03, 0.02};
  const double wanted[MANY] = {0.08, 0.5, NAN, 0.05, 0.08, 0.08};
  struct architecture_comparison result[MANY];
  struct architecture_comparison *family[MANY];
  for (size_t i = 0; i < MANY; i++) {
    paired_test(NULL, 0, NAN, &result[i]);
    result[i].p = p[i];
    family[i] = &result[i];
  }
  assert_int_equal(paired_holm(family, MANY), 5);
  for (size_t i = 0; i < MANY; i++) {
    assert_int_equal(paired_tested(&result[i]), !isnan(wanted[i]));
    if (!isnan(wanted[i])) assert_near(result[i].p_holm, wanted[i], 1e-15);
  }
  assert_true(paired_alike(&result[0]));
  assert_true(paired_alike(&result[3])); /* 0.05 itself is not below the level */
  assert_false(paired_alike(&result[2]));
}

static void holm_goes_no_further_than_one(void **state) {
  (void)state;
  struct architecture_comparison result[2];
  struct architecture_comparison *family[] = {&result[0], &result[1]};
  for (size_t i = 0; i < 2; i++) {
    paired_test(NULL, 0, NAN, &result[i]);
    result[i].p = 0.75;
  }
  assert_int_equal(paired_holm(family, 2), 2);
  assert_true(result[0].p_holm == 1 && result[1].p_holm == 1);
  assert_int_equal(paired_holm(family, 0), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_tail_is_that_of_the_tables),
      cmocka_unit_test(the_critical_value_is_that_of_the_tables),
      cmocka_unit_test(the_interval_has_nadeau_and_bengios_variance),
      cmocka_unit_test(the_least_difference_is_that_of_holms_first_step),
      cmocka_unit_test(the_interval_and_the_p_value_agree),
      cmocka_unit_test(one_pair_or_unknown_sizes_give_no_interval),
      cmocka_unit_test(equal_differences_leave_no_doubt),
      cmocka_unit_test(holm_steps_down_and_never_decreases),
      cmocka_unit_test(holm_goes_no_further_than_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
