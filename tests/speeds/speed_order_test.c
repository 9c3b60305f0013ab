/* speeds/speed_order.h, on made files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "speeds/speed_order.h"

#define ROW(isa, by, time)                                                               \
  "{\"name\": \"l2/9/hot/" isa "/" by "\", \"cpu_time\": " time ", \"real_time\": " time \
  ", \"time_unit\": \"ns\", \"launch\": 0}"

static void parse(const char *context, const char *rows, struct speeds *speeds) {
  struct text text = {0};
  struct error error = {0};
  text_add(&text, "{\"context\": {\"crosslane_cpu\": \"made up\"%s}, \"benchmarks\": [%s]}",
           context, rows);
  if (!speeds_parse("t.json", text.text, text.length, speeds, &error)) {
    fail_msg("%s", error.message);
  }
  text_clear(&text);
}

static void a_wider_instruction_set_that_is_slower_is_named(void **state) {
  (void)state;
  static const struct {
    const char *rows;
    const char *narrower; /* NULL: in order */
  } cases[] = {
      {ROW("avx2", "crosslane", "100") "," ROW("avx512", "crosslane", "106"), "avx2"},
      {ROW("avx2", "crosslane", "100") "," ROW("avx512", "crosslane", "104"), NULL},
      {ROW("scalar", "crosslane", "100") "," ROW("neon", "crosslane", "106"), "scalar"},
      {ROW("scalar", "crosslane", "13") "," ROW("avx2", "crosslane", "17"), NULL},
      {ROW("scalar", "crosslane", "13") "," ROW("avx2", "crosslane", "19"), "scalar"},
      /* The fastest of the wider ones, the median of the narrower. */
      {ROW("avx2", "crosslane", "100") "," ROW("avx512", "crosslane", "300") "," ROW(
           "avx512", "crosslane", "99"),
       NULL},
      {ROW("avx2", "crosslane", "40") "," ROW("avx2", "crosslane", "100") "," ROW(
           "avx2", "crosslane", "101") "," ROW("avx512", "crosslane", "104"),
       NULL},
      /* AVX-512 beats scalar, but not AVX2. */
      {ROW("scalar", "crosslane", "900") "," ROW("avx2", "crosslane", "100") "," ROW(
           "avx512", "crosslane", "200"),
       "avx2"},
      /* Other makers' rows judge nothing. */
      {ROW("avx2", "autovec", "10") "," ROW("avx512", "crosslane", "100"), NULL},
      {ROW("avx2", "libxsmm", "10") "," ROW("avx512", "libxsmm", "100"), NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct speeds speeds;
    struct text filter = {0}, lines = {0};
    parse("", cases[i].rows, &speeds);
    speed_order_filter(&speeds, &filter);
    const size_t count = speed_order_write(&speeds, &lines);
    if (count != (cases[i].narrower != NULL)) fail_msg("case %zu: %zu", i + 1, count);
    if (count > 0) {
      assert_string_equal(filter.text, "^(l2/9/hot)$");
      assert_non_null(strstr(lines.text, "out of order: l2/9/hot/"));
      assert_non_null(strstr(lines.text, cases[i].narrower));
    } else {
      assert_int_equal(filter.length, 0);
    }
    text_clear(&filter);
    text_clear(&lines);
    speeds_clear(&speeds);
  }
}

#define FAR(temperature, level, isa, time)                                     \
  "{\"name\": \"l2/9/" temperature "/" isa "/crosslane\", \"cpu_time\": " time \
  ", \"real_time\": " time ", \"time_unit\": \"ns\", \"launch\": 0, \"level\": " level "}"

/* Part of one access to memory is no verdict on a kernel; nor is what others do there. */
static void operands_from_shared_levels_leave_room(void **state) {
  (void)state;
  static const struct {
    const char *rows;
    size_t count;
  } cases[] = {{FAR("hot", "4", "scalar", "23") "," FAR("hot", "4", "avx2", "29"), 0},
               {FAR("hot", "4", "scalar", "23") "," FAR("hot", "4", "avx2", "49"), 1},
               {FAR("hot", "3", "scalar", "1000") "," FAR("hot", "3", "avx2", "1249"), 0},
               {FAR("hot", "3", "scalar", "1000") "," FAR("hot", "3", "avx2", "1251"), 1},
               {FAR("hot", "2", "scalar", "1000") "," FAR("hot", "2", "avx2", "1051"), 1},
               {FAR("cold", "4", "scalar", "1000") "," FAR("cold", "4", "avx2", "2000"), 0}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct speeds speeds;
    struct text lines = {0};
    parse("", cases[i].rows, &speeds);
    assert_int_equal(speed_order_write(&speeds, &lines), cases[i].count);
    text_clear(&lines);
    speeds_clear(&speeds);
  }
}

static void an_emulated_machine_has_no_order(void **state) {
  (void)state;
  struct speeds speeds;
  struct text lines = {0};
  parse(", \"crosslane_emulated\": \"true\"",
        ROW("avx2", "crosslane", "100") "," ROW("avx512", "crosslane", "200"), &speeds);
  assert_int_equal(speed_order_write(&speeds, &lines), 0);
  text_clear(&lines);
  speeds_clear(&speeds);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_wider_instruction_set_that_is_slower_is_named),
      cmocka_unit_test(operands_from_shared_levels_leave_room),
      cmocka_unit_test(an_emulated_machine_has_no_order),
  };
  return cmocka_run_group_tests_name("speed_order", tests, NULL, NULL);
}
