/* What is read of a file of the bench, and what follows from its times. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "speeds/speeds.h"

static void near(double found, double expected) {
  assert_true(fabs(found - expected) <= 1e-9 * fabs(expected));
}

/* A file with these rows; `rows` are objects, joined by commas. */
static void parse(const char *rows, struct speeds *speeds) {
  struct text text = {0};
  struct error error = {0};
  text_add(&text, "{\"context\": {\"crosslane_cpu\": \"made up\"}, \"benchmarks\": [%s]}", rows);
  if (!speeds_parse("t.json", text.text, text.length, speeds, &error)) {
    fail_msg("%s", error.message);
  }
  text_clear(&text);
}

#define ROW(time, unit, launch)                                      \
  "{\"name\": \"adam/4720/hot/avx2/crosslane\", \"cpu_time\": " time \
  ", "                                                               \
  "\"real_time\": " time ", \"time_unit\": \"" unit "\", \"launch\": " launch "}"

static void times_are_nanoseconds_whatever_their_unit(void **state) {
  (void)state;
  static const struct {
    const char *row;
    double ns;
  } cases[] = {{ROW("2.5", "ns", "0"), 2.5},
               {ROW("2.5", "us", "0"), 2500},
               {ROW("2.5", "ms", "0"), 2.5e6},
               {ROW("2.5", "s", "0"), 2.5e9}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct speeds speeds;
    parse(cases[i].row, &speeds);
    assert_int_equal(speeds.rows, 1);
    near(speeds.row[0].median, cases[i].ns);
    speeds_clear(&speeds);
  }
}

/* Launch 0: 10 20 30; launch 1: 40 50. Quartiles 20 and 40. */
static void a_row_has_its_median_spread_and_launches(void **state) {
  (void)state;
  struct speeds speeds;
  parse(ROW("30", "ns", "0") "," ROW("10", "ns", "0") "," ROW("20", "ns", "0") "," ROW(
            "50", "ns", "1") "," ROW("40", "ns", "1"),
        &speeds);
  const struct speed *row = &speeds.row[0];
  assert_int_equal(speeds.rows, 1);
  assert_int_equal(speeds.launches, 2);
  assert_int_equal(row->count, 5);
  near(row->median, 30);
  near(row->low, 20);
  near(row->high, 45);
  near(row->spread, 10.0 / 30);
  near(row->busy, 1);
  speeds_clear(&speeds);
}

/* Peaks of 100 FLOP and 10 bytes a nanosecond. */
#define PEAKS                                                                           \
  "{\"name\": \"peak/fma/hot/avx2/machine\", \"cpu_time\": 10, \"real_time\": 10, "     \
  "\"time_unit\": \"ns\", \"launch\": 0, \"flop\": 1000},"                              \
  "{\"name\": \"peak/read-L1/hot/avx2/machine\", \"cpu_time\": 10, \"real_time\": 10, " \
  "\"time_unit\": \"ns\", \"launch\": 0, \"bytes\": 100},"
#define WORK(kernel, time, real)                                                                 \
  "{\"name\": \"" kernel "/a/hot/avx2/crosslane\", \"cpu_time\": " time ", \"real_time\": " real \
  ", \"time_unit\": \"ns\", \"launch\": 0, \"flop\": 1000, \"bytes\": 8, \"level\": 1}"

static void only_a_kernel_that_the_machine_limits_has_a_roof(void **state) {
  (void)state;
  struct speeds speeds;
  parse(PEAKS WORK("dense_forward", "20", "20") "," WORK("activate", "20", "20"), &speeds);
  near(speeds_of_roof(&speeds, speeds_best(&speeds, "dense_forward", "a", "hot", "crosslane")),
       0.5);
  assert_true(speeds_of_roof(&speeds, speeds_best(&speeds, "activate", "a", "hot", "crosslane")) ==
              0);
  speeds_clear(&speeds);
}

static void a_row_over_its_roof_or_from_a_disturbed_machine_is_marked(void **state) {
  (void)state;
  static const struct {
    const char *row, *doubt;
  } cases[] = {
      {PEAKS WORK("dense_forward", "10", "10"), ""},
      {PEAKS WORK("dense_forward", "9.9", "9.9"), "over roof"},
      {PEAKS WORK("activate", "9.9", "9.9"), ""},
      {PEAKS WORK("dense_forward", "20", "22"), "disturbed"}, /* others had a tenth */
      {PEAKS WORK("dense_forward", "20", "20") "," WORK("dense_forward", "30", "30"), "disturbed"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct speeds speeds;
    parse(cases[i].row, &speeds);
    const struct speed *row =
        speeds_best(&speeds, i == 2 ? "activate" : "dense_forward", "a", "hot", "crosslane");
    assert_string_equal(speeds_doubt(&speeds, row), cases[i].doubt);
    speeds_clear(&speeds);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(times_are_nanoseconds_whatever_their_unit),
      cmocka_unit_test(a_row_has_its_median_spread_and_launches),
      cmocka_unit_test(only_a_kernel_that_the_machine_limits_has_a_roof),
      cmocka_unit_test(a_row_over_its_roof_or_from_a_disturbed_machine_is_marked),
  };
  return cmocka_run_group_tests_name("speeds", tests, NULL, NULL);
}
