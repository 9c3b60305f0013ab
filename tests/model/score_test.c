/* Errors and groups of a few rows, by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/score.h"

static void near(double found, double expected) {
  assert_true(fabs(found - expected) < 1e-6);
}

/* Errors: -0.5 2 0.25 -3 0. */
static void the_means_of_five_rows(void **state) {
  (void)state;
  static const float rows[5][2] = {{3.5f, 4}, {5, 3}, {1.25f, 1}, {2, 5}, {4, 4}};
  struct score_sums sums = {0};
  for (size_t i = 0; i < 5; i++) score_add(&sums, rows[i][0], rows[i][1]);
  assert_int_equal(sums.rows, 5);
  near(score_mse(&sums), (0.25 + 4 + 0.0625 + 9) / 5);
  near(score_mae(&sums), 5.75 / 5);
  near(score_mean_prediction(&sums), 15.75 / 5);
  near(score_mean_rating(&sums), 17.0 / 5);
  const struct score_sums none = {0};
  assert_true(isnan(score_mse(&none)) && isnan(score_mae(&none)));
  assert_true(isnan(score_mean_prediction(&none)) && isnan(score_mean_rating(&none)));
}

static const struct rating_scale stars = {1, 5};

/* The bin of a prediction, and the group of a rating, by which of them counts it. */
static void check_place(float prediction, float rating, size_t bin, size_t group) {
  struct score_groups groups = {0};
  score_groups_add(&groups, stars, prediction, rating, 2);
  for (size_t b = 0; b < SCORE_BINS; b++) {
    assert_int_equal(groups.by_prediction[b].rows, b == bin);
  }
  for (size_t g = 0; g < SCORE_RATINGS; g++) {
    assert_int_equal(groups.by_rating[g].rows, g == group);
  }
  for (size_t a = 0; a < SCORE_ACTIVITIES; a++) {
    assert_int_equal(groups.by_activity[a].rows, a == 2);
  }
  assert_int_equal(groups.all.rows, 1);
  near(score_mean_prediction(&groups.by_prediction[bin]), (double)prediction);
}

/* A bin has its lower border. */
static void rows_are_in_the_bin_and_group_of_their_numbers(void **state) {
  (void)state;
  check_place(-1.0f, 1, 0, 0);
  check_place(0.24f, 1, 0, 0);
  check_place(0.25f, 2, 1, 1);
  check_place(0.49f, 3, 1, 2);
  check_place(3.0f, 4, 12, 3);
  check_place(3.24f, 5, 12, 4);
  check_place(3.25f, 5, 13, 4);
  check_place(4.74f, 5, 18, 4);
  check_place(4.75f, 5, 19, 4);
  check_place(100.0f, 5, 19, 4);
  near(score_bin_from(stars, 1), 0.25);
  near(score_bin_from(stars, 13), 3.25);
  near(score_bin_from(stars, 19), 4.75);
}

static void check_levels(float least, float most, size_t count, double step) {
  const struct score_levels levels = score_levels_of((struct rating_scale){least, most});
  assert_int_equal(levels.count, count);
  near(levels.least, (double)least);
  near(levels.step, step);
}

static void levels_are_whole_or_half_ratings_or_tenths_of_the_scale(void **state) {
  (void)state;
  check_levels(1, 5, 5, 1);
  check_levels(0.5f, 5, 10, 0.5);
  check_levels(1, 10, 10, 1);
  check_levels(0, 100, 10, 10);
  check_levels(-1, 1, 3, 1);
  struct score_groups groups = {0};
  score_groups_add(&groups, (struct rating_scale){0.5f, 5}, 3, 4.5f, 0);
  assert_int_equal(groups.by_rating[8].rows, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_means_of_five_rows),
      cmocka_unit_test(rows_are_in_the_bin_and_group_of_their_numbers),
      cmocka_unit_test(levels_are_whole_or_half_ratings_or_tenths_of_the_scale),
  };
  return cmocka_run_group_tests_name("score", tests, NULL, NULL);
}
