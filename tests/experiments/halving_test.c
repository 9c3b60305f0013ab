/* Who goes on at a rung. */
#include "experiments/halving.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { MOST = 12 };

/* Who goes on, as "x.x": x goes on. All are in at first. */
static void assert_goes_on(const double *mse, size_t count, uint32_t eta, const char *expected) {
  bool in[MOST];
  char found[MOST + 1] = {0};
  struct error error = {0};
  for (size_t i = 0; i < count; i++) in[i] = true;
  assert_true(halving_choose(mse, count, eta, in, &error));
  for (size_t i = 0; i < count; i++) found[i] = in[i] ? 'x' : '.';
  assert_string_equal(found, expected);
}

static void rungs_are_powers_of_eta_below_the_longest_training(void **state) {
  (void)state;
  struct halving halving;
  struct early_terminate_spec spec = {.on = true, .min_iter = 4, .eta = 3};
  halving_init(&halving, &spec, 50);
  assert_int_equal(halving.rungs, 3);
  assert_int_equal(halving.epochs[0], 4);
  assert_int_equal(halving.epochs[1], 12);
  assert_int_equal(halving.epochs[2], 36);
  halving_init(&halving, &spec, 36);
  assert_int_equal(halving.rungs, 2);
  halving_init(&halving, &spec, 4);
  assert_int_equal(halving.rungs, 0);
}

static void there_are_no_rungs_when_it_is_off(void **state) {
  (void)state;
  struct halving halving;
  struct early_terminate_spec spec = {.on = false, .min_iter = 4, .eta = 3};
  halving_init(&halving, &spec, 50);
  assert_int_equal(halving.rungs, 0);
}

static void the_longest_series_of_rungs_fits(void **state) {
  (void)state;
  struct halving halving;
  struct early_terminate_spec spec = {.on = true, .min_iter = 1, .eta = 2};
  halving_init(&halving, &spec, UINT32_MAX);
  assert_int_equal(halving.rungs, HALVING_RUNGS_MAX);
  assert_int_equal(halving.epochs[HALVING_RUNGS_MAX - 1], 1u << 31);
}

static void the_part_that_goes_on_is_rounded_up(void **state) {
  (void)state;
  assert_int_equal(halving_keep(9, 3), 3);
  assert_int_equal(halving_keep(10, 3), 4);
  assert_int_equal(halving_keep(11, 3), 4);
  assert_int_equal(halving_keep(2, 3), 1);
  assert_int_equal(halving_keep(1, 3), 1);
  assert_int_equal(halving_keep(0, 3), 0);
}

static void the_lowest_means_go_on(void **state) {
  (void)state;
  const double mse[] = {0.9, 1.2, 0.8, 1.1, 1.0, 0.95};
  assert_goes_on(mse, 6, 3, "x.x...");
  assert_goes_on(mse, 6, 2, "x.x..x");
  assert_goes_on(mse, 5, 2, "x.x.x");
}

static void ties_go_by_the_order_of_the_config(void **state) {
  (void)state;
  const double mse[] = {1.0, 0.9, 0.9, 0.9, 0.9};
  assert_goes_on(mse, 5, 3, ".xx..");
}

static void an_architecture_without_a_mean_ranks_last(void **state) {
  (void)state;
  const double mse[] = {NAN, 5.0, INFINITY, 4.0};
  assert_goes_on(mse, 4, 2, ".x.x");
  const double most_failed[] = {INFINITY, NAN, INFINITY, 4.0};
  assert_goes_on(most_failed, 4, 2, "x..x");
}

static void who_is_out_stays_out(void **state) {
  (void)state;
  const double mse[] = {0.1, 0.5, 0.2, 0.4, 0.3};
  bool in[] = {false, true, false, true, true};
  struct error error = {0};
  assert_true(halving_choose(mse, 5, 2, in, &error));
  assert_false(in[0] || in[1] || in[2]);
  assert_true(in[3] && in[4]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rungs_are_powers_of_eta_below_the_longest_training),
      cmocka_unit_test(there_are_no_rungs_when_it_is_off),
      cmocka_unit_test(the_longest_series_of_rungs_fits),
      cmocka_unit_test(the_part_that_goes_on_is_rounded_up),
      cmocka_unit_test(the_lowest_means_go_on),
      cmocka_unit_test(ties_go_by_the_order_of_the_config),
      cmocka_unit_test(an_architecture_without_a_mean_ranks_last),
      cmocka_unit_test(who_is_out_stays_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
