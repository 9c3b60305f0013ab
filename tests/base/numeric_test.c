#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/numeric.h"
#include "base/philox.h"

/* The header's bound. libm is within 2.3e-16 of the exact value. */
#define BOUND 4e-15
enum { SAMPLES = 200000 };

/* Digests of the results' bits for the arguments drawn below. */
#define RECORDED_EXP 0x941f0d8d9c67b44a
#define RECORDED_LOG 0x9b4f807fe60eb6af
#define RECORDED_COS_PI 0xce5f84d0cdd40aea
#define RECORDED_NORMAL 0xaa50696105846426

static double between(struct random *random, double low, double high) {
  return low + (high - low) * random_double(random);
}

/* Of the two ends, of narrow ranges about 0, and of the whole range. */
static double exp_argument(struct random *random, int i) {
  if (i < 2) return i == 0 ? -700.0 : 700.0;
  const double width[4] = {700.0, 1.0, 1e-3, 1e-12};
  return between(random, -width[i % 4], width[i % 4]);
}

/* Any exponent of a normal number, and numbers about 1. */
static double log_argument(struct random *random, int i) {
  if (i % 4 == 3) return 1.0 + ldexp(between(random, -1.0, 1.0), -1 - i % 53);
  const int exponent = (int)random_below(random, 2045) - 1020;
  return ldexp(between(random, 0.5, 1.0), exponent);
}

static double cos_pi_argument(struct random *random, int i) {
  const double centre[4] = {0.0, 0.25, 0.5, 0.75};
  if (i % 2 == 0) return random_double(random);
  double x = centre[i / 2 % 4] + ldexp(between(random, -1.0, 1.0), -2 - i % 50);
  return x < 0 ? -x : x;
}

static int same(const char *name, double (*function)(double),
                double (*argument)(struct random *, int), uint64_t expected) {
  struct random random;
  random_init(&random, 1, STREAM_SYNTHETIC, 0, 0);
  uint64_t digest = 0;
  for (int i = 0; i < SAMPLES; i++) {
    double y = function(argument(&random, i));
    digest = digest_extend(digest, &y, sizeof y);
  }
  if (digest != expected) print_error("%s: 0x%016" PRIx64 "\n", name, digest);
  return digest == expected;
}

static double worst(double (*function)(double), double (*exact)(double),
                    double (*argument)(struct random *, int), int relative) {
  struct random random;
  random_init(&random, 2, STREAM_SYNTHETIC, 0, 0);
  double most = 0;
  for (int i = 0; i < SAMPLES; i++) {
    double x = argument(&random, i), y = exact(x);
    double off = fabs(function(x) - y);
    if (relative && off > 0) off /= fabs(y);
    if (!(off <= most)) most = off;
  }
  return most;
}

/* libm's cosine of the rounded product would be off by the rounding. */
static double cos_pi(double x) {
  const double pi = acos(-1.0);
  return x > 0.25 ? sin(pi * (0.5 - x)) : cos(pi * x);
}

static double normal_argument(struct random *random, int i) {
  if (i < 2) return i == 0 ? -700.0 : 700.0;
  const double width[4] = {10.0, 3.0, 1e-3, 1e-12};
  return between(random, -width[i % 4], width[i % 4]);
}

static double normal(double x) {
  return 0.5 * erfc(-x * sqrt(0.5));
}

static void each_function_is_within_its_bound(void **state) {
  (void)state;
  assert_true(worst(numeric_exp, exp, exp_argument, 1) <= BOUND);
  assert_true(worst(numeric_log, log, log_argument, 1) <= BOUND);
  assert_true(worst(numeric_cos_pi, cos_pi, cos_pi_argument, 0) <= BOUND);
  assert_true(worst(numeric_normal, normal, normal_argument, 0) <= BOUND);
}

static void the_exact_points_are_exact(void **state) {
  (void)state;
  assert_true(numeric_exp(0.0) == 1.0);
  assert_true(numeric_log(1.0) == 0.0);
  assert_true(numeric_cos_pi(0.0) == 1.0);
  assert_true(numeric_cos_pi(0.5) == 0.0);
  assert_true(numeric_cos_pi(1.0) == -1.0);
  assert_true(numeric_normal(0.0) == 0.5);
  assert_true(numeric_normal(-9.0) == 0.0);
  assert_true(numeric_normal(9.0) == 1.0);
}

static void a_cosine_falls_from_one_to_minus_one(void **state) {
  (void)state;
  for (int i = 0; i < 1000; i++) {
    assert_true(numeric_cos_pi(i / 1000.0) > numeric_cos_pi((i + 1) / 1000.0));
  }
}

static void every_machine_gives_the_recorded_bits(void **state) {
  (void)state;
  int right = same("exp", numeric_exp, exp_argument, RECORDED_EXP);
  right += same("log", numeric_log, log_argument, RECORDED_LOG);
  right += same("cos_pi", numeric_cos_pi, cos_pi_argument, RECORDED_COS_PI);
  right += same("normal", numeric_normal, normal_argument, RECORDED_NORMAL);
  assert_int_equal(right, 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_function_is_within_its_bound),
      cmocka_unit_test(the_exact_points_are_exact),
      cmocka_unit_test(a_cosine_falls_from_one_to_minus_one),
      cmocka_unit_test(every_machine_gives_the_recorded_bits),
  };
  return cmocka_run_group_tests_name("numeric", tests, NULL, NULL);
}
