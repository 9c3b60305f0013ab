/* results/plot_against.c: MSE against what a model costs or is made of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/plot_view.h"
#include "tests/records/fabricate.h"
#include "tests/results/points.h"

static void the_front_holds_what_nothing_beats(void **state) {
  (void)state;
  static const struct point points[] = {
      {"a", "{\"m.x\": 1}", "[1]", 0.5, 1.30, 1}, /* cheapest; test MSE does not count */
      {"b", "{\"m.x\": 2}", "[1]", 0.5, 1.30, 2}, /* dearer, no better */
      {"c", "{\"m.x\": 3}", "[1]", 0.9, 1.20, 3},
      {"d", "{\"m.x\": 4}", "[1]", 0.9, 1.20, 3}, /* the same as c: the first stands */
      {"e", "{\"m.x\": 5}", "[1]", 0.9, 1.25, 4}, /* beaten by c */
      {"f", "{\"m.x\": 6}", "[1]", 0.9, 1.10, 9}, /* best */
  };
  char *folder = fabricate_folder();
  points_write(folder, points, 6, "made-up", true);
  struct summary summary = points_summary(folder);
  struct plot_view view;
  struct error error = {0};
  assert_true(plot_view_init(&view, &summary, false, &error));
  double cost[6];
  size_t front[6];
  for (size_t i = 0; i < 6; i++) cost[i] = summary.row[i].cpu_seconds;
  assert_int_equal(plot_front(&view, cost, front), 3);
  assert_int_equal(front[0], 0);
  assert_int_equal(front[1], 2);
  assert_int_equal(front[2], 5);
  plot_view_clear(&view);
  summary_clear(&summary);
  char *script = points_drawn(folder, "plots/mse_against_runtime.gp");
  assert_non_null(strstr(script, "name_2 = '2  c: 3 s, MSE 0.9000'"));
  assert_non_null(strstr(script, "best_text = 'number 3'"));
  assert_null(strstr(script, "name_4"));
  free(script);
  fabricate_remove(folder);
}

static const char *const depths[] = {"[]", "[4]", "[4, 4]", "[4, 4, 4]"};

/* `each` architectures of each of `count` depths, MSE depth + 0.1, + 0.2, ...; of a key
 * m.y with `each` values, or `listed`, of one that has another value in each. */
static char *depths_run(int count, int each, bool listed) {
  char *folder = fabricate_folder();
  for (int depth = 0; depth < count; depth++) {
    for (int i = 1; i <= each; i++) {
      char label[32], swept[48];
      (void)snprintf(label, sizeof label, "d%d-%d", depth, i);
      (void)snprintf(swept, sizeof swept, "{\"m.y\": %d}", listed ? each * depth + i : i);
      const double mse = depth + 0.1 * i;
      struct point point = {label, swept, depths[depth], mse, mse, 1};
      points_write(folder, &point, 1, "made-up", true);
    }
  }
  return folder;
}

static void a_count_that_many_share_gets_medians(void **state) {
  (void)state;
  char *folder = depths_run(2, 3, false);
  char *data = points_drawn(folder, "plots/mse_against_depth.tsv");
  /* as wide as its models stand: a fifth of the way from one depth to the next */
  assert_non_null(strstr(data, "from, to\n0\t0.2\t3\t-0.1\t0.1\n1\t1.2\t3\t0.9\t1.1\n"));
  free(data);
  char *script = fabricate_read(folder, "plots/mse_against_depth.gp");
  assert_non_null(strstr(script, "medians = 1\n"));
  assert_non_null(strstr(script, "spread = 1\n"));
  free(script);
  fabricate_remove(folder);
}

/* 26 architectures, each of two seeds with the same MSE: no bars, an sd of 0. */
static void many_have_their_typical_sd_in_words(void **state) {
  (void)state;
  char *folder = depths_run(2, 13, false);
  char *script = points_drawn(folder, "plots/mse_against_depth.gp");
  assert_non_null(strstr(script, "bars = 0\n"));
  assert_non_null(strstr(script, "typical_sd = 0"));
  free(script);
  fabricate_remove(folder);
  folder = depths_run(2, 3, false);
  script = points_drawn(folder, "plots/mse_against_depth.gp");
  assert_non_null(strstr(script, "bars = 1\n"));
  assert_null(strstr(script, "\ntypical_sd = 0"));
  free(script);
  fabricate_remove(folder);
}

static void a_count_of_few_each_names_them(void **state) {
  (void)state;
  char *folder = depths_run(4, 2, true);
  char *script = points_drawn(folder, "plots/mse_against_depth.gp");
  assert_null(strstr(script, "medians = 1\n"));
  assert_non_null(strstr(script, "names = 8\n"));
  assert_null(strstr(script, "Pareto front, by"));
  free(script);
  /* the names' lines begin where the points are drawn */
  char *data = fabricate_read(folder, "plots/mse_against_depth.tsv");
  assert_non_null(strstr(data, "\n1\t0.0\t0.1\t"));
  assert_non_null(strstr(data, "\n2\t0.0\t0.2\t"));
  free(data);
  fabricate_remove(folder);
}

/* 4 depths of 2.75 on average: neither medians nor eleven names. The front by
 * validation MSE is the least of depth 0. */
static void else_the_front_is_named(void **state) {
  (void)state;
  char *folder = depths_run(4, 2, true);
  for (int i = 3; i <= 5; i++) {
    char label[32], swept[48];
    (void)snprintf(label, sizeof label, "d0-%d", i);
    (void)snprintf(swept, sizeof swept, "{\"m.y\": %d}", 10 + i);
    struct point point = {label, swept, "[]", 0.1 * i, 0.1 * i, 1};
    points_write(folder, &point, 1, "made-up", true);
  }
  char *script = points_drawn(folder, "plots/mse_against_depth.gp");
  assert_non_null(strstr(script, "names = 1\n"));
  assert_non_null(strstr(script, "Pareto front, by validation MSE"));
  free(script);
  fabricate_remove(folder);
}

/* Eight of each depth, by three keys; of b comes most of the variance, then of a. */
static void the_keys_that_matter_most_are_colour_and_shape(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  for (int i = 0; i < 16; i++) {
    char label[16], swept[96];
    const int a = i % 2, b = i / 2 % 2, c = i / 4 % 2, depth = i / 8;
    (void)snprintf(label, sizeof label, "r%02d", i);
    (void)snprintf(swept, sizeof swept,
                   "{\"model.deep.hidden\": %s, \"m.a\": \"a%d\", \"m.b\": \"b%d\", \"m.c\": %d}",
                   depths[depth], a, b, c);
    const double mse = 1 + 0.02 * a + 0.1 * b + 0.001 * c;
    const struct point point = {label, swept, depths[depth], mse, mse, 1};
    points_write(folder, &point, 1, "made-up", true);
  }
  char *script = points_drawn(folder, "plots/mse_against_depth.gp");
  assert_non_null(strstr(script, "note_text = 'not shown: c'\n"));
  assert_non_null(strstr(script, "colours = 2\nshapes = 2\n"));
  assert_non_null(strstr(script, "colour_name = 'b'\ncolour_1 = 'b0'\ncolour_2 = 'b1'\n"));
  assert_non_null(strstr(script, "shape_name = 'a'\nshape_1 = 'a0'\nshape_2 = 'a1'\n"));
  assert_null(strstr(script, "Pareto front, by"));
  free(script);
  /* from the left: b0 a0, b0 a1, b1 a0, b1 a1; the last two columns say which */
  char *data = fabricate_read(folder, "plots/mse_against_depth.tsv");
  assert_non_null(strstr(data, "\t-0.1\t0\t\"r00\"\t1\t1\n"));
  assert_non_null(strstr(data, "\t1\t\"r01\"\t1\t2\n"));
  assert_non_null(strstr(data, "\t0.1\t3\t\"r03\"\t2\t2\n"));
  assert_non_null(strstr(data, "\t1.1\t11\t\"r11\"\t2\t2\n"));
  free(data);
  fabricate_remove(folder);
}

/* Instead of "x=1 y=p: 1 s, MSE 1.5": the names of the keys once, then the values. */
static void names_are_values_under_the_names_of_their_keys(void **state) {
  (void)state;
  static const struct point points[] = {
      {"x=1 y=p", "{\"m.x\": 1, \"m.y\": \"p\"}", "[1]", 1.5, 1.5, 1},
      {"x=2 y=q", "{\"m.x\": 2, \"m.y\": \"q\"}", "[1]", 1.3, 1.3, 2}};
  char *folder = fabricate_folder();
  points_write(folder, points, 2, "made-up", true);
  char *script = points_drawn(folder, "plots/mse_against_runtime.gp");
  assert_non_null(strstr(script, "names_text = 'x · y'\n"));
  assert_non_null(strstr(script, "name_1 = '1  1 · p: 1 s, MSE 1.5000'\n"));
  assert_non_null(strstr(script, "name_2 = '2  2 · q: 2 s, MSE 1.3000'\n"));
  free(script);
  fabricate_remove(folder);
}

/* `count` architectures that form a front: each costs `step` more than the one
 * before and is as much better. */
static char *front_run(size_t count, double step) {
  char *folder = fabricate_folder();
  for (size_t i = 0; i < count; i++) {
    char label[32], swept[48];
    (void)snprintf(label, sizeof label, "a%zu", i);
    (void)snprintf(swept, sizeof swept, "{\"m.x\": %zu}", i);
    const double way = step * (double)i;
    struct point point = {label, swept, "[1]", 2 - way, 2 - way, 1 + way};
    points_write(folder, &point, 1, "made-up", true);
  }
  return folder;
}

static void a_long_front_has_ten_numbers_and_its_best_has_one(void **state) {
  (void)state;
  char *folder = front_run(28, 0.01);
  char *script = points_drawn(folder, "plots/mse_against_runtime.gp");
  assert_non_null(strstr(script, "names = 10\n"));
  assert_non_null(strstr(script, "name_10 = '10  a27: "));
  assert_non_null(strstr(script, "best_text = 'number 10'"));
  free(script);
  fabricate_remove(folder);
}

static void of_two_points_that_nearly_meet_the_better_has_the_number(void **state) {
  (void)state;
  char *folder = front_run(3, 0.3);
  static const struct point near = {"near", "{\"m.x\": 9}", "[1]", 1.399, 1.399, 1.601};
  points_write(folder, &near, 1, "made-up", true);
  char *script = points_drawn(folder, "plots/mse_against_runtime.gp");
  assert_non_null(strstr(script, "names = 3\n"));
  assert_non_null(strstr(script, "name_3 = '3  near: "));
  free(script);
  char *data = fabricate_read(folder, "plots/mse_against_runtime.tsv");
  assert_non_null(strstr(data, "\n0\t1.6\t1.4\t2\n3\t"));
  free(data);
  fabricate_remove(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_front_holds_what_nothing_beats),
      cmocka_unit_test(a_count_that_many_share_gets_medians),
      cmocka_unit_test(many_have_their_typical_sd_in_words),
      cmocka_unit_test(a_count_of_few_each_names_them),
      cmocka_unit_test(else_the_front_is_named),
      cmocka_unit_test(the_keys_that_matter_most_are_colour_and_shape),
      cmocka_unit_test(names_are_values_under_the_names_of_their_keys),
      cmocka_unit_test(a_long_front_has_ten_numbers_and_its_best_has_one),
      cmocka_unit_test(of_two_points_that_nearly_meet_the_better_has_the_number),
  };
  return cmocka_run_group_tests_name("plot against", tests, NULL, NULL);
}
