/* How many jobs a sweep has, and how many threads each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "experiments/core_share.h"

static void assert_share(size_t cores, size_t trials, size_t jobs, size_t threads,
                         size_t expected_jobs, size_t expected_threads) {
  const struct core_share share = core_share_of(cores, trials, jobs, threads);
  assert_int_equal(share.jobs, expected_jobs);
  assert_int_equal(share.threads, expected_threads);
}

static void with_enough_trials_each_core_has_one(void **state) {
  (void)state;
  assert_share(8, 8, 0, 0, 8, 1);
  assert_share(8, 100, 0, 0, 8, 1);
  assert_share(1, 1, 0, 0, 1, 1);
}

static void with_fewer_trials_than_cores_each_has_threads(void **state) {
  (void)state;
  assert_share(8, 1, 0, 0, 1, 8);
  assert_share(8, 2, 0, 0, 2, 4);
  assert_share(8, 3, 0, 0, 3, 2);
  assert_share(8, 5, 0, 0, 5, 1);
  assert_share(8, 7, 0, 0, 7, 1);
}

static void what_is_asked_for_is_given(void **state) {
  (void)state;
  assert_share(8, 1, 3, 5, 3, 5);
  assert_share(8, 1, 1, 0, 1, 1);
  assert_share(2, 1, 4, 0, 4, 1);
}

static void threads_alone_leave_the_other_cores_to_other_jobs(void **state) {
  (void)state;
  assert_share(8, 100, 0, 1, 8, 1);
  assert_share(8, 100, 0, 3, 2, 3);
  assert_share(8, 100, 0, 8, 1, 8);
  assert_share(8, 100, 0, 20, 1, 20);
}

/* Nothing is left to train of a sweep without trials. */
static void no_trials_are_no_reason_for_threads(void **state) {
  (void)state;
  assert_share(8, 0, 0, 0, 8, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(with_enough_trials_each_core_has_one),
      cmocka_unit_test(with_fewer_trials_than_cores_each_has_threads),
      cmocka_unit_test(what_is_asked_for_is_given),
      cmocka_unit_test(threads_alone_leave_the_other_cores_to_other_jobs),
      cmocka_unit_test(no_trials_are_no_reason_for_threads),
  };
  return cmocka_run_group_tests_name("core_share", tests, NULL, NULL);
}
