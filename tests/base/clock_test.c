#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"

/* A sleeper's time passes; its processor's does not. */
static void sleep_takes_wall_time_alone(void **state) {
  (void)state;
  const struct timespec pause = {.tv_nsec = 200000000};
  const double wall = clock_wall(), cpu = clock_cpu();
  assert_int_equal(nanosleep(&pause, NULL), 0);
  assert_true(clock_wall() - wall >= 0.2);
  assert_true(clock_cpu() - cpu < 0.1);
}

/* Work takes both, and no more of the processor than of the time. */
static void work_takes_both(void **state) {
  (void)state;
  const double wall = clock_wall(), cpu = clock_cpu();
  volatile unsigned rounds = 0;
  while (clock_cpu() - cpu < 0.05) rounds++;
  const double used = clock_cpu() - cpu;
  assert_true(rounds > 0);
  assert_true(used >= 0.05 && used <= clock_wall() - wall + 0.02);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sleep_takes_wall_time_alone),
      cmocka_unit_test(work_takes_both),
  };
  return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
