/* Densities by hand, and what is chosen by them. */
#include "config/parzen.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NEAR 1e-13

static const struct parzen_axis unit = {.kind = PARZEN_REAL, .low = 0, .high = 1};

static void assert_near(double found, double expected) {
  if (!(fabs(found - expected) <= NEAR)) fail_msg("%.17g, not %.17g", found, expected);
}

static double normal(double x) {
  return 0.5 * erfc(-x / sqrt(2.0));
}

static double density(double z) {
  return exp(-0.5 * z * z) / sqrt(2 * acos(-1.0));
}

static void get(struct parzen *parzen, const struct parzen_axis *axis, const double *value,
                size_t count) {
  struct error error = {0};
  if (!parzen_init(parzen, axis, value, count, &error)) fail_msg("%s", error.message);
}

static void fifteen_percent_are_good(void **state) {
  (void)state;
  static const size_t results[] = {0, 1, 6, 7, 8, 20, 21, 1000};
  static const size_t good[] = {0, 1, 1, 2, 2, 3, 4, 150};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    assert_int_equal(parzen_good(results[i]), good[i]);
  }
}

static void without_values_all_is_alike(void **state) {
  (void)state;
  const struct parzen_axis range = {.kind = PARZEN_REAL, .low = -1, .high = 3};
  const struct parzen_axis whole = {.kind = PARZEN_WHOLE, .low = 3, .high = 7};
  const struct parzen_axis log_whole = {.kind = PARZEN_LOG_WHOLE, .low = 1, .high = 3};
  const struct parzen_axis choice = {.kind = PARZEN_CHOICE, .high = 3};
  const struct {
    const struct parzen_axis *axis;
    double value, density;
  } cases[] = {{&range, 2.5, 0.25},
               {&whole, 3, 0.2},
               {&whole, 7, 0.2},
               {&log_whole, 1, 0.5},
               {&log_whole, 2, log(1.5) / log(4)},
               {&choice, 3, 0.25}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct parzen parzen;
    get(&parzen, cases[i].axis, NULL, 0);
    assert_near(parzen_density(&parzen, cases[i].value), cases[i].density);
    parzen_clear(&parzen);
  }
}

/* One value: a normal as wide as the range, cut to it. */
static void one_value_is_half_of_the_density(void **state) {
  (void)state;
  struct parzen parzen;
  get(&parzen, &unit, (double[]){0.5}, 1);
  const double kept = normal(0.5) - normal(-0.5);
  assert_near(parzen.width[0], 1);
  assert_near(parzen_density(&parzen, 0.5), 0.5 * (1 + density(0) / kept));
  assert_near(parzen_density(&parzen, 1), 0.5 * (1 + density(0.5) / kept));
  parzen_clear(&parzen);
}

/* 0.1, 0.2, 0.9: the farther neighbour, and no less than a quarter. */
static void widths_reach_to_the_farther_neighbour(void **state) {
  (void)state;
  struct parzen parzen;
  get(&parzen, &unit, (double[]){0.9, 0.1, 0.2}, 3);
  static const double middle[] = {0.1, 0.2, 0.9}, width[] = {0.25, 0.7, 0.7};
  double expected = 1;
  for (size_t i = 0; i < 3; i++) {
    assert_near(parzen.middle[i], middle[i]);
    assert_near(parzen.width[i], width[i]);
    expected += density((0.3 - middle[i]) / width[i]) / width[i] /
                (normal((1 - middle[i]) / width[i]) - normal(-middle[i] / width[i]));
  }
  assert_near(parzen_density(&parzen, 0.3), expected / 4);
  parzen_clear(&parzen);
}

static void widths_of_many_values_have_a_bound(void **state) {
  (void)state;
  double value[200];
  for (size_t i = 0; i < 200; i++) value[i] = 0.5;
  struct parzen parzen;
  get(&parzen, &unit, value, 200);
  for (size_t i = 0; i < 200; i++) assert_near(parzen.width[i], 0.01);
  assert_near(parzen_density(&parzen, 0.5), (1 + 200 * density(0) / 0.01) / 201);
  /* 50 widths away nothing of them is left. */
  assert_near(parzen_density(&parzen, 0), 1.0 / 201);
  parzen_clear(&parzen);
}

/* 2 of 1, 2, 3 stands for [2, 3) of [1, 4). */
static void a_whole_number_has_the_share_of_its_cell(void **state) {
  (void)state;
  const struct parzen_axis axis = {.kind = PARZEN_WHOLE, .low = 1, .high = 3};
  struct parzen parzen;
  get(&parzen, &axis, (double[]){2}, 1);
  const double kept = normal(0.5) - normal(-0.5), part = normal(1.0 / 6) - normal(-1.0 / 6);
  assert_near(parzen_density(&parzen, 2), 0.5 * (1.0 / 3 + part / kept));
  assert_near(parzen_density(&parzen, 1), 0.5 * (1.0 / 3 + (1 - part / kept) / 2));
  parzen_clear(&parzen);
}

static void shares_sum_to_one(void **state) {
  (void)state;
  const struct parzen_axis axes[] = {{.kind = PARZEN_WHOLE, .low = 2, .high = 9},
                                     {.kind = PARZEN_LOG_WHOLE, .low = 2, .high = 9},
                                     {.kind = PARZEN_CHOICE, .high = 9}};
  for (size_t i = 0; i < 3; i++) {
    struct parzen parzen;
    get(&parzen, &axes[i], (double[]){9, 3, 3, 4, 9}, 5);
    double sum = 0;
    for (double value = axes[i].low; value <= axes[i].high; value++) {
      sum += parzen_density(&parzen, value);
    }
    assert_near(sum, 1);
    parzen_clear(&parzen);
  }
}

/* Choice k of 3, taken c times of 3: (1 + c) / 6. */
static void choices_are_counted(void **state) {
  (void)state;
  const struct parzen_axis axis = {.kind = PARZEN_CHOICE, .high = 2};
  struct parzen parzen;
  get(&parzen, &axis, (double[]){2, 0, 0}, 3);
  assert_near(parzen_density(&parzen, 0), 3.0 / 6);
  assert_near(parzen_density(&parzen, 1), 1.0 / 6);
  assert_near(parzen_density(&parzen, 2), 2.0 / 6);
  parzen_clear(&parzen);
}

enum { DRAWS = 20000, CELLS = 5 };

/* Within five standard deviations of a share of one half. */
static void draws_have_the_density(void **state) {
  (void)state;
  const struct parzen_axis axes[] = {
      {.kind = PARZEN_WHOLE, .low = 0, .high = CELLS - 1},
      {.kind = PARZEN_LOG_WHOLE, .low = 1, .high = CELLS},
      {.kind = PARZEN_CHOICE, .high = CELLS - 1},
  };
  for (size_t i = 0; i < 3; i++) {
    struct random random;
    struct parzen parzen;
    size_t count[CELLS] = {0};
    random_init(&random, 5, STREAM_BAYES, 0, (uint32_t)i);
    get(&parzen, &axes[i], (double[]){1, 1, 4}, 3);
    for (size_t n = 0; n < DRAWS; n++) {
      count[(size_t)(parzen_draw(&parzen, &random) - axes[i].low)]++;
    }
    for (size_t k = 0; k < CELLS; k++) {
      const double share = parzen_density(&parzen, axes[i].low + (double)k);
      assert_true(fabs((double)count[k] / (double)DRAWS - share) < 0.018);
    }
    parzen_clear(&parzen);
  }
}

static void real_draws_keep_to_their_range(void **state) {
  (void)state;
  struct random random;
  struct parzen parzen;
  random_init(&random, 5, STREAM_BAYES, 1, 0);
  get(&parzen, &unit, (double[]){0, 1}, 2);
  size_t low = 0;
  for (size_t n = 0; n < DRAWS; n++) {
    const double value = parzen_draw(&parzen, &random);
    assert_true(value >= 0 && value <= 1);
    low += value < 0.5;
  }
  assert_true(low > DRAWS * 48 / 100 && low < DRAWS * 52 / 100);
  parzen_clear(&parzen);
}

static double choose(const struct parzen_axis *axis, const double *good, size_t goods,
                     const double *other, size_t others, uint32_t number) {
  struct error error = {0};
  struct random random;
  double value = -1;
  random_init(&random, 1, STREAM_BAYES, number, 0);
  if (!parzen_choose(axis, good, goods, other, others, PARZEN_CANDIDATES, &random, &value,
                     &error)) {
    fail_msg("%s", error.message);
  }
  return value;
}

/* l / g of the choices: (3/5) / (1/6), (1/5) / (4/6), (1/5) / (1/6). */
static void the_choice_of_the_good_ones_is_tried_next(void **state) {
  (void)state;
  const struct parzen_axis axis = {.kind = PARZEN_CHOICE, .high = 2};
  for (uint32_t i = 0; i < 100; i++) {
    const double value = choose(&axis, (double[]){0, 0}, 2, (double[]){1, 1, 1}, 3, i);
    assert_true(value == 0);
  }
}

/* Where good and other ones are equally many, l / g decides, not l. */
static void numbers_are_tried_where_the_others_are_not(void **state) {
  (void)state;
  for (uint32_t i = 0; i < 100; i++) {
    const double value =
        choose(&unit, (double[]){0.2, 0.8}, 2, (double[]){0.75, 0.8, 0.85, 0.8, 0.9, 0.7}, 6, i);
    assert_true(value >= 0 && value < 0.5);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fifteen_percent_are_good),
      cmocka_unit_test(without_values_all_is_alike),
      cmocka_unit_test(one_value_is_half_of_the_density),
      cmocka_unit_test(widths_reach_to_the_farther_neighbour),
      cmocka_unit_test(widths_of_many_values_have_a_bound),
      cmocka_unit_test(a_whole_number_has_the_share_of_its_cell),
      cmocka_unit_test(shares_sum_to_one),
      cmocka_unit_test(choices_are_counted),
      cmocka_unit_test(draws_have_the_density),
      cmocka_unit_test(real_draws_keep_to_their_range),
      cmocka_unit_test(the_choice_of_the_good_ones_is_tried_next),
      cmocka_unit_test(numbers_are_tried_where_the_others_are_not),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
