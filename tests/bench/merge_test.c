/* The file of a bench, from what its children say; and which cache holds what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench/merge.h"
#include "bench/timed.h"

#define ROW(name, family, type, time)                                            \
  "{\"name\": \"" name "\", \"family_index\": " family ", \"run_type\": \"" type \
  "\", "                                                                         \
  "\"iterations\": 1000, \"real_time\": " time ", \"cpu_time\": " time           \
  ", "                                                                           \
  "\"time_unit\": \"ns\", \"flop\": 4096.0, \"bytes\": 1234567.0, \"level\": 2.0}"
#define CHILD(rows) "{\"context\": {\"date\": \"today\"}, \"benchmarks\": [" rows "]}"

static void add(struct merge *merge, enum isa isa, unsigned launch, const char *text) {
  struct error error = {0};
  if (!merge_child(merge, isa, launch, text, strlen(text), &error)) fail_msg("%s", error.message);
}

/* Two launches of AVX2, whose second benchmark ran first, and one of scalar. */
static void a_file_has_a_row_for_each_repetition(void **state) {
  (void)state;
  struct merge merge = {0};
  struct error error = {0};
  struct text out = {0};
  add(&merge, ISA_AVX2, 0,
      CHILD(ROW("b/2", "2", "iteration", "2.0") "," ROW(
          "a/1", "1", "iteration", "12.345678") "," ROW("a/1_mean", "1", "aggregate", "99.0")));
  add(&merge, ISA_AVX2, 1, CHILD(ROW("a/1", "1", "iteration", "0.000123456")));
  add(&merge, ISA_SCALAR, 0, CHILD(ROW("s/1", "1", "iteration", "123456789.0")));
  assert_true(merge_write(&merge, &(struct noise){0}, &out, &error));
  json_t *file = json_loads(out.text, 0, NULL), *rows = json_object_get(file, "benchmarks");
  static const struct {
    const char *name;
    int launch;
    double time;
    bool first;
  } expected[] = {{"s/1", 0, 123460000, true},
                  {"a/1", 0, 12.346, true},
                  {"a/1", 1, 0.00012346, false},
                  {"b/2", 0, 2, true}};
  assert_int_equal(json_array_size(rows), 4);
  for (size_t i = 0; i < 4; i++) {
    const json_t *row = json_array_get(rows, i);
    assert_string_equal(json_string_value(json_object_get(row, "name")), expected[i].name);
    assert_true(json_is_integer(json_object_get(row, "launch")));
    assert_int_equal(json_integer_value(json_object_get(row, "launch")), expected[i].launch);
    assert_true(json_number_value(json_object_get(row, "cpu_time")) == expected[i].time);
    assert_true(json_number_value(json_object_get(row, "iterations")) == 1000);
    assert_string_equal(json_string_value(json_object_get(row, "time_unit")), "ns");
    /* What a benchmark's repetitions have in common stands with the first. */
    const json_t *flop = json_object_get(row, "flop"), *bytes = json_object_get(row, "bytes");
    assert_int_equal(flop != NULL, expected[i].first);
    assert_int_equal(json_object_get(row, "level") != NULL, expected[i].first);
    if (!expected[i].first) continue;
    assert_true(json_number_value(flop) == 4096);
    assert_true(json_number_value(bytes) == 1234600);
  }
  json_decref(file);
  text_clear(&out);
  merge_clear(&merge);
}

static void operands_stay_in_the_first_cache_that_holds_them(void **state) {
  (void)state;
  const struct caches caches = {.l1 = 48 << 10, .l2 = 1 << 20, .last = 32 << 20};
  static const struct {
    size_t bytes;
    unsigned level;
  } cases[] = {
      {1, 1},        {48 << 10, 1},      {(48 << 10) + 1, 2}, {1 << 20, 2}, {(1 << 20) + 1, 3},
      {32 << 20, 3}, {(32 << 20) + 1, 4}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(level_of(&caches, cases[i].bytes), cases[i].level);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_file_has_a_row_for_each_repetition),
      cmocka_unit_test(operands_stay_in_the_first_cache_that_holds_them),
  };
  return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
