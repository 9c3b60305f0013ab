/* Statistics against values computed by hand, and comparisons of made files. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/quantile.h"
#include "speeds/speed_compare.h"
#include "speeds/speed_report.h"
#include "speeds/speed_statistics.h"

static void near(double value, double expected) {
  if (fabs(value - expected) > 1e-9 * (1 + fabs(expected))) {
    fail_msg("%.12g is not %.12g", value, expected);
  }
}

static void quantiles_lie_between_the_nearest_ranks(void **state) {
  (void)state;
  double values[] = {4, 1, 3, 2};
  quantile_sort(values, 4);
  near(quantile_of(values, 4, 0.5), 2.5);
  near(quantile_of(values, 4, 0.25), 1.75);
  near(quantile_of(values, 4, 1.0), 4);
  near(quantile_of(values, 1, 0.75), 1);
  assert_true(isnan(quantile_of(values, 0, 0.5)));
}

/* 3 and 3 values, all of one side above: 1 of the 20 orders, 2 / 20 two-sided. */
static void separate_samples_have_the_exact_p(void **state) {
  (void)state;
  const double a[] = {4, 5, 6}, b[] = {1, 2, 3};
  struct mann_whitney test = mann_whitney(a, 3, b, 3);
  near(test.u, 9);
  near(test.p, 0.1);
  near(test.effect, 1);
  test = mann_whitney(b, 3, a, 3);
  near(test.u, 0);
  near(test.p, 0.1);
  near(test.effect, -1);
}

/* a = 1, 3 and b = 2, 4, 5: u = 1. Of the 10 orders u <= 1 in 2: u = 0 once,
 * u = 1 once. p = 2 * 2 / 10. Cliff's delta: 2 / 6 - 1. */
static void a_small_mixed_sample_has_the_exact_p(void **state) {
  (void)state;
  const double a[] = {1, 3}, b[] = {2, 4, 5};
  const struct mann_whitney test = mann_whitney(a, 2, b, 3);
  near(test.u, 1);
  near(test.p, 0.4);
  near(test.effect, -2.0 / 3.0);
}

/* a = 1, 2, 2, b = 2, 3, 3: u = 1 of 9 pairs, ties 3 and 2: 24 + 6 = 30.
 * Variance 9 / 12 (7 - 30 / 30) = 4.5; z = (3.5 - 0.5) / sqrt(4.5) = sqrt(2);
 * p = erfc(1). */
static void ties_take_the_corrected_normal_p(void **state) {
  (void)state;
  const double a[] = {1, 2, 2}, b[] = {2, 3, 3};
  const struct mann_whitney test = mann_whitney(a, 3, b, 3);
  near(test.u, 1);
  near(test.p, erfc(1.0));
}

static void equal_samples_do_not_differ(void **state) {
  (void)state;
  const double a[] = {2, 2, 2};
  const struct mann_whitney test = mann_whitney(a, 3, a, 3);
  near(test.p, 1);
  near(test.effect, 0);
  near(mann_whitney(a, 3, a, 0).p, 1);
}

static void the_geometric_mean_of_2_and_8_is_4(void **state) {
  (void)state;
  const double values[] = {2, 8};
  near(geometric_mean(values, 2), 4);
  assert_true(isnan(geometric_mean(values, 0)));
}

/* --- made files --- */

static void add_one(struct text *text, const char *name, unsigned launch, double ns,
                    const char *more) {
  text_add(text,
           ",{\"name\":\"%s\",\"run_type\":\"iteration\",\"launch\":%u,\"cpu_time\":%g,"
           "\"real_time\":%g,\"time_unit\":\"ns\"%s}",
           name, launch, ns, ns, more);
}

/* Peaks of 100 GFLOP/s and 10 GB/s; `kernel` twice a launch in 3 launches. */
static void make_file(struct text *text, const char *cpu, const char *emulated,
                      const double kernel[3]) {
  text_add(text,
           "{\"context\":{\"date\":\"today\",\"crosslane_cpu\":\"%s\","
           "\"crosslane_emulated\":\"%s\"},\"benchmarks\":[{\"name\":\"x_mean\","
           "\"run_type\":\"aggregate\",\"cpu_time\":1}",
           cpu, emulated);
  for (unsigned launch = 0; launch < 3; launch++) {
    add_one(text, "peak/fma/hot/avx2/machine", launch, 10, ",\"flop\":1000");
    add_one(text, "peak/read-L1/hot/avx2/machine", launch, 10, ",\"bytes\":100,\"level\":1");
    for (unsigned again = 0; again < 2; again++) {
      const char *work = ",\"flop\":2000,\"bytes\":100,\"level\":1";
      add_one(text, "dense_forward/s/hot/avx2/crosslane", launch, kernel[launch] + again, work);
      add_one(text, "dense_forward/s/hot/scalar/crosslane", launch, 400, work);
    }
  }
  text_add(text, "]}");
}

static char *write_text(struct text *text) {
  static unsigned made;
  char path[64];
  (void)snprintf(path, sizeof path, "compare-test-%ld-%u.json", (long)getpid(), made++);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  assert_int_equal(fwrite(text->text, 1, text->length, file), text->length);
  assert_int_equal(fclose(file), 0);
  text_clear(text);
  return strdup(path);
}

static char *write_file(const char *cpu, const char *emulated, const double kernel[3]) {
  struct text text = {0};
  make_file(&text, cpu, emulated, kernel);
  return write_text(&text);
}

static void forget(char *path) {
  assert_int_equal(unlink(path), 0);
  free(path);
}

static void a_file_gives_medians_ratios_and_roofs(void **state) {
  (void)state;
  struct text text = {0};
  make_file(&text, "cpu", "false", (const double[]){39, 49, 59});
  struct speeds speeds;
  struct error error = {0};
  assert_true(speeds_parse("made", text.text, text.length, &speeds, &error));
  const struct speed *row = speeds_find(&speeds, "dense_forward", "s", "hot", "avx2", "crosslane");
  assert_non_null(row);
  assert_int_equal(speeds.launches, 3);
  near(row->median, 49.5); /* of 39, 40, 49, 50, 59, 60 */
  near(row->low, 39.5);
  near(row->high, 59.5);
  near(speeds_peak_flop(&speeds, "avx2"), 100);
  near(speeds_peak_bytes(&speeds, "avx2", 1), 10);
  /* 2000 FLOP at 100 a ns: 20 ns; 100 bytes at 10: 10 ns. */
  near(speeds_of_roof(&speeds, row), 20 / 49.5);
  near(speeds_by_scalar(&speeds, row), 400 / 49.5);
  speeds_clear(&speeds);
  text_clear(&text);
}

static void disturbed(const char *context, const char *needle) {
  struct text text = {0}, out = {0};
  struct speeds speeds;
  struct error error = {0};
  text_add(&text, "{\"context\":{\"crosslane_cpu\":\"c\",\"num_cpus\":4,%s},\"benchmarks\":[]}",
           context);
  assert_true(speeds_parse("made", text.text, text.length, &speeds, &error));
  assert_int_equal(speeds_disturbed(&speeds, &out), needle != NULL);
  if (needle == NULL) assert_null(out.text);
  if (needle != NULL && strstr(out.text, needle) == NULL) {
    fail_msg("no '%s' in: %s", needle, out.text);
  }
  speeds_clear(&speeds);
  text_clear(&text);
  text_clear(&out);
}

static void other_processes_are_warned_of(void **state) {
  (void)state;
  const char *quiet =
      "\"crosslane_cores_of_others\":\"0.39\",\"crosslane_cores_stolen\":\"0.00\","
      "\"load_avg\":[9,9,9]";
  disturbed(quiet, NULL); /* what was counted goes before the load average */
  disturbed("\"crosslane_cores_of_others\":\"0.41\",\"crosslane_cores_stolen\":\"0.00\"",
            "other processes kept 0.41 of the 4 cores busy");
  disturbed("\"crosslane_cores_of_others\":\"0.00\",\"crosslane_cores_stolen\":\"0.05\"",
            "the hypervisor took 0.05 of the 4 cores");
  disturbed("\"load_avg\":[2.1,0,0]", "the load average was 2.1 on 4 cores");
  disturbed("\"load_avg\":[1.9,9,9]", NULL);
  disturbed("\"date\":\"\"", NULL);
}

/* Forgets both files. */
static void compared_files(char *first, char *second, double above, size_t regressions,
                           const char *needle) {
  const char *paths[] = {first, second};
  struct speed_comparison c;
  struct error error = {0};
  assert_true(compare_read(&c, paths, 2, above, &error));
  struct text text = {0};
  compare_write(&c, &(struct compare_form){.all = true}, &text);
  assert_false(text.failed);
  assert_int_equal(c.regressions, regressions);
  if (strstr(text.text, needle) == NULL) fail_msg("no '%s' in:\n%s", needle, text.text);
  text_clear(&text);
  compare_clear(&c);
  forget(first);
  forget(second);
}

static void compared(const double a[3], const double b[3], double above, size_t regressions,
                     const char *needle, const char *emulated) {
  compared_files(write_file("cpu one", "false", a), write_file("cpu two", emulated, b), above,
                 regressions, needle);
}

/* The medians of A's launches are 100.5, 100.5 and 130, those of B's 120.5: one
 * launch of A was as slow as B, though for one of its repetitions only. */
static void launches_whose_medians_overlap_are_no_regression(void **state) {
  (void)state;
  struct text text = {0};
  make_file(&text, "a", "false", (const double[]){100, 100, 100});
  char *last = NULL;
  for (char *at = text.text; (at = strstr(at, "\"cpu_time\":101,")) != NULL; at++) last = at;
  assert_non_null(last);
  memcpy(last, "\"cpu_time\":160,", strlen("\"cpu_time\":160,"));
  compared_files(write_text(&text), write_file("a", "false", (const double[]){120, 120, 120}), 10,
                 0, "");
}

static void a_slower_median_outside_the_launches_is_a_regression(void **state) {
  (void)state;
  compared((const double[]){100, 101, 102}, (const double[]){120, 121, 122}, 10, 1,
           "regression: B dense_forward/s/hot/avx2/crosslane", "false");
}

static void a_slower_median_within_the_launches_is_none(void **state) {
  (void)state;
  compared((const double[]){100, 101, 130}, (const double[]){120, 121, 122}, 10, 0,
           "geometric mean", "false");
}

/* Launches of 100 to 110 and of 125 to 145: 15 lie between them, less than the
 * 20 over which one of them spreads. */
static void a_slower_median_nearer_than_the_launches_spread_is_none(void **state) {
  (void)state;
  compared((const double[]){100, 105, 110}, (const double[]){125, 135, 145}, 10, 0,
           "geometric mean", "false");
}

/* Each launch repeats twice, here at two speeds; B meets the slower one in the
 * middle of each: medians of 150, but its fastest is that of A. */
static void another_mix_of_two_speeds_is_none(void **state) {
  (void)state;
  char *first = write_file("cpu", "false", (const double[]){100, 100, 100});
  struct text text = {0};
  make_file(&text, "cpu", "false", (const double[]){150, 150, 150});
  text.length -= strlen("]}");
  for (unsigned launch = 0; launch < 3; launch++) {
    add_one(&text, "dense_forward/s/hot/avx2/crosslane", launch, 100, ",\"level\":1");
  }
  text_add(&text, "]}");
  compared_files(first, write_text(&text), 10, 0, "geometric mean");
}

static void a_slower_median_below_the_percentage_is_none(void **state) {
  (void)state;
  compared((const double[]){100, 101, 102}, (const double[]){120, 121, 122}, 25, 0,
           "Different machines", "false");
}

/* A file in which Crosslane's kernel takes `kernel` ns; `controls` copies of
 * operands in L1, and as many in memory, take 100 ns times `l1` and `memory`;
 * the same source as the compiler vectorises it, of eight shapes, 5 times the
 * kernel's. */
static char *write_drifted(double kernel, int controls, double l1, double memory) {
  struct text text = {0};
  make_file(&text, "cpu", "false", (const double[]){kernel, kernel, kernel});
  text.length -= strlen("]}");
  text.text[text.length] = '\0';
  for (unsigned launch = 0; launch < 3; launch++) {
    char name[64];
    for (int i = 0; i < controls; i++) {
      (void)snprintf(name, sizeof name, "embedding_gather/%d/hot/avx2/copy", i);
      add_one(&text, name, launch, 100 * l1, ",\"bytes\":100,\"level\":1");
      (void)snprintf(name, sizeof name, "embedding_bag/%d/hot/avx2/copy", i);
      add_one(&text, name, launch, 100 * memory, ",\"bytes\":100,\"level\":4");
    }
    for (int i = 0; i < 8; i++) {
      (void)snprintf(name, sizeof name, "dense_forward/%d/hot/avx2/autovec", i);
      add_one(&text, name, launch, 5 * kernel, ",\"bytes\":100,\"level\":1");
    }
  }
  text_add(&text, "]}");
  return write_text(&text);
}

static void drifted(double kernel, int controls, double l1, double memory, size_t regressions,
                    const char *needle) {
  char *first = write_drifted(100, controls, 1, 1);
  char *second = write_drifted(kernel, controls, l1, memory);
  compared_files(first, second, 10, regressions, needle);
}

static const char regression[] = "regression: B dense_forward/s/hot/avx2/crosslane";

/* Level 1 has five controls: the copies, and a peak that stays as it is. */
static void what_the_machine_lost_is_no_regression(void **state) {
  (void)state;
  drifted(115, 4, 1.1, 1, 0, "B: the machine itself was slower than in A: 1.100 times in L1 (");
  drifted(130, 4, 1.1, 1, 1, regression);
}

/* What the compiler makes of the same source is as slow, and counts for nothing. */
static void the_same_source_is_no_control(void **state) {
  (void)state;
  drifted(115, 4, 1, 1, 1, regression);
}

static void another_level_excuses_nothing(void **state) {
  (void)state;
  drifted(115, 4, 1, 1.5, 1, "1.500 times in memory");
}

static void a_faster_machine_makes_no_regression(void **state) {
  (void)state;
  drifted(105, 4, 0.5, 1, 0, "geometric mean");
}

/* Two copies and the peak. */
static void few_controls_say_nothing_of_the_machine(void **state) {
  (void)state;
  drifted(115, 2, 1.1, 1, 1, regression);
}

static void an_emulated_file_is_right_or_wrong_but_has_no_speed(void **state) {
  (void)state;
  compared((const double[]){100, 101, 102}, (const double[]){777, 777, 777}, 10, 0, "right",
           "true");
}

static void the_ratio_to_the_first_file_is_in_every_format(void **state) {
  (void)state;
  char *first = write_file("cpu", "false", (const double[]){99.5, 99.5, 99.5});
  char *second = write_file("cpu", "false", (const double[]){199.5, 199.5, 199.5});
  const char *paths[] = {first, second};
  static const char *const needles[] = {"0.500", ",0.5,", "\"B x A\": 0.5", "| 0.500 |"};
  for (int format = TEXT_TABLE_TEXT; format <= TEXT_TABLE_MARKDOWN; format++) {
    struct speed_comparison c;
    struct error error = {0};
    struct text text = {0};
    assert_true(compare_read(&c, paths, 2, -1, &error));
    const struct compare_form form = {.format = (enum text_table_format)format, .all = true};
    compare_write(&c, &form, &text);
    assert_false(text.failed);
    if (strstr(text.text, needles[format]) == NULL) {
      fail_msg("no '%s' in:\n%s", needles[format], text.text);
    }
    text_clear(&text);
    compare_clear(&c);
  }
  forget(first);
  forget(second);
}

static void refused(const char *text, const char *needle) {
  struct speeds speeds;
  struct error error = {0};
  assert_false(speeds_parse("made.json", text, strlen(text), &speeds, &error));
  assert_int_equal(error.kind, ERROR_DATA);
  if (strstr(error.message, needle) == NULL) fail_msg("no '%s' in: %s", needle, error.message);
}

static void a_file_of_another_kind_is_refused(void **state) {
  (void)state;
  refused("{\"context\":{}", "made.json:1");
  refused("[]", "no 'context'");
  refused("{\"context\":{},\"benchmarks\":[]}", "crosslane_cpu");
  refused("{\"context\":{\"crosslane_cpu\":\"c\"},\"benchmarks\":[{}]}", "no name");
  refused("{\"context\":{\"crosslane_cpu\":\"c\"},\"benchmarks\":[{\"name\":\"n\"}]}",
          "'n' has no positive cpu_time");
}

#define UNIT(unit)                                                                             \
  "{\"context\":{\"crosslane_cpu\":\"c\"},\"benchmarks\":[{\"name\":\"n\",\"cpu_time\":1" unit \
  ",\"launch\":0}]}"

static void an_unknown_unit_or_launch_is_refused(void **state) {
  (void)state;
  refused(UNIT(",\"time_unit\":\"fortnight\""),
          "made.json: benchmark 'n' has the time_unit 'fortnight', not ns, us, ms or s");
  refused(UNIT(",\"time_unit\":\"NS\""), "has the time_unit 'NS'");
  refused(UNIT(",\"time_unit\":1"), "has the time_unit '(none)'");
  refused(UNIT(""), "has the time_unit '(none)'");
  refused(
      "{\"context\":{\"crosslane_cpu\":\"c\"},\"benchmarks\":[{\"name\":\"n\",\"cpu_time\":1,"
      "\"time_unit\":\"ns\",\"launch\":-1}]}",
      "'n' has no sound launch");
}

/* `changed`: what stands in the second file for the kernel's `first` text. */
static void gated(const char *first, const char *changed, bool passes, const char *needle) {
  const double kernel[] = {100, 101, 102};
  char *before = write_file("cpu", "false", kernel);
  struct text text = {0}, other = {0};
  make_file(&text, "cpu", "false", kernel);
  for (const char *at = text.text, *found; at != NULL; at = found) {
    found = strstr(at, first);
    text_add_bytes(&other, at, found != NULL ? (size_t)(found - at) : strlen(at));
    if (found != NULL) text_add(&other, "%s", changed);
    if (found != NULL) found += strlen(first);
  }
  char *after = write_text(&other);
  text_clear(&text);
  for (double above = -1; above < 10; above += 6) {
    const char *paths[] = {before, after};
    struct speed_comparison c;
    struct error error = {0};
    assert_true(compare_read(&c, paths, 2, above, &error));
    compare_write(&c, &(struct compare_form){.all = true}, &text);
    assert_true(compare_passes(&c) == (passes || above < 0));
    if (above >= 0 && strstr(text.text, needle) == NULL) fail_msg("%s: %s", needle, text.text);
    text_clear(&text);
    compare_clear(&c);
  }
  forget(before);
  forget(after);
}

static void a_gate_does_not_pass_what_was_not_compared(void **state) {
  (void)state;
  static const char wide[] = "dense_forward/s/hot/avx2/crosslane";
  gated(wide, wide, true, "geometric mean 1.000");
  gated(wide, "dense_forward/s/hot/avx512/crosslane", false,
        "not compared: B dense_forward/s/hot/avx2/crosslane: not in the file");
  gated("dense_forward", "dense_forward_v2", false,
        "nothing was compared: --fail-above does not pass");
  gated("dense_forward/s/hot/avx2/crosslane\"",
        "dense_forward/s/hot/avx2/crosslane\",\"error_occurred\":true,\"error_message\":\"other "
        "bits\"",
        false, "not compared: B dense_forward/s/hot/avx2/crosslane: other bits");
  gated("\"crosslane_emulated\":\"false\"", "\"crosslane_emulated\":\"true\"", false,
        "emulated, so without speeds");
}

static void one_launch_is_too_few_to_fail_on(void **state) {
  (void)state;
  struct text text = {0};
  text_add(&text,
           "{\"context\":{\"crosslane_cpu\":\"c\"},\"benchmarks\":[{\"name\":\"n\",\"cpu_time\":1,"
           "\"time_unit\":\"ns\"}]}");
  char *path = write_text(&text);
  const char *paths[] = {path, path};
  struct speed_comparison c;
  struct error error = {0};
  assert_false(compare_read(&c, paths, 2, 5, &error));
  assert_non_null(strstr(error.message, "holds 1 launch, --fail-above needs 3"));
  compare_clear(&c);
  assert_true(compare_read(&c, paths, 2, -1, &error));
  compare_clear(&c);
  forget(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(quantiles_lie_between_the_nearest_ranks),
      cmocka_unit_test(separate_samples_have_the_exact_p),
      cmocka_unit_test(a_small_mixed_sample_has_the_exact_p),
      cmocka_unit_test(ties_take_the_corrected_normal_p),
      cmocka_unit_test(equal_samples_do_not_differ),
      cmocka_unit_test(the_geometric_mean_of_2_and_8_is_4),
      cmocka_unit_test(a_file_gives_medians_ratios_and_roofs),
      cmocka_unit_test(other_processes_are_warned_of),
      cmocka_unit_test(launches_whose_medians_overlap_are_no_regression),
      cmocka_unit_test(a_slower_median_outside_the_launches_is_a_regression),
      cmocka_unit_test(a_slower_median_within_the_launches_is_none),
      cmocka_unit_test(a_slower_median_nearer_than_the_launches_spread_is_none),
      cmocka_unit_test(another_mix_of_two_speeds_is_none),
      cmocka_unit_test(a_slower_median_below_the_percentage_is_none),
      cmocka_unit_test(what_the_machine_lost_is_no_regression),
      cmocka_unit_test(the_same_source_is_no_control),
      cmocka_unit_test(another_level_excuses_nothing),
      cmocka_unit_test(a_faster_machine_makes_no_regression),
      cmocka_unit_test(few_controls_say_nothing_of_the_machine),
      cmocka_unit_test(an_emulated_file_is_right_or_wrong_but_has_no_speed),
      cmocka_unit_test(the_ratio_to_the_first_file_is_in_every_format),
      cmocka_unit_test(a_file_of_another_kind_is_refused),
      cmocka_unit_test(an_unknown_unit_or_launch_is_refused),
      cmocka_unit_test(a_gate_does_not_pass_what_was_not_compared),
      cmocka_unit_test(one_launch_is_too_few_to_fail_on),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
