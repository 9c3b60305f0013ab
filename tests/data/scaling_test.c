/* Numbers: scaled, and missing. */
#include <math.h>

#include "data/encoding/encoding.h"
#include "data/encoding/encoding_parts.h"
#include "data_fixture.h"

static void the_standard_scale_has_the_mean_and_population_deviation(void **state) {
  (void)state;
  static const double values[] = {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0};
  struct scaling scaling = {.scale = SCALE_STANDARD};
  scaling_fit(&scaling, values, 8);
  assert_true(scaling.mean == 5.0 && scaling.deviation == 2.0);
  assert_true(scaling.minimum == 2.0 && scaling.maximum == 9.0);
  assert_true(scaling_apply(&scaling, 9.0) == 2.0);
  assert_true(scaling_apply(&scaling, 2.0) == -1.5);
  assert_true(scaling_apply(&scaling, NAN) == 0.0);
  scaling.scale = SCALE_MINMAX;
  assert_true(scaling_apply(&scaling, 16.0) == 2.0); /* beyond what was fitted */
  assert_true(scaling_apply(&scaling, NAN) == 3.0 / 7.0);
}

static void missing_values_are_not_fitted(void **state) {
  (void)state;
  static const double values[] = {NAN, 10.0, NAN, 30.0, NAN};
  struct scaling scaling = {.scale = SCALE_MINMAX};
  scaling_fit(&scaling, values, 5);
  assert_true(scaling.mean == 20.0 && scaling.fallback == 20.0);
  assert_true(scaling.deviation == 10.0);
  assert_true(scaling.minimum == 10.0 && scaling.maximum == 30.0);
}

static void what_never_varies_or_is_never_there_is_0(void **state) {
  (void)state;
  static const double equal[] = {0.1, 0.1, 0.1, NAN}, none[] = {NAN, NAN};
  for (enum scale scale = SCALE_MINMAX; scale <= SCALE_STANDARD; scale++) {
    struct scaling scaling = {.scale = scale};
    scaling_fit(&scaling, equal, 4);
    assert_true(scaling_apply(&scaling, 0.1) == 0.0);
    assert_true(scaling_apply(&scaling, 7.0) == 0.0);
    assert_true(scaling_apply(&scaling, NAN) == 0.0);
    struct scaling empty = {.scale = scale};
    scaling_fit(&empty, none, 2);
    assert_true(scaling_apply(&empty, NAN) == 0.0);
    assert_true(scaling_apply(&empty, 1990.0) == 0.0);
    scaling_fit(&empty, none, 0);
    assert_true(scaling_apply(&empty, NAN) == 0.0);
  }
}

/* Years 1995, 1995, none, 1971 train; 1971 tests. */
static void a_missing_year_is_the_training_mean_and_an_indicator(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoded_rows training, others;
  struct encoding_spec spec = {0};
  add_number(&spec, "age", SCALE_MINMAX);
  add_number(&spec, "release_year", SCALE_MINMAX);
  add_number(&spec, "release_year", SCALE_STANDARD);
  small_dataset(&fitted.dataset);
  fitted_fit(&fitted, &spec, all_but_the_last);
  const struct scaling *scaling = fitted.encoding.scaling;
  assert_int_equal(fitted.encoding.scalings, 3);
  assert_int_equal(fitted.encoding.numbers, 5);
  assert_int_equal(scaling[0].width, 1);
  assert_int_equal(scaling[1].width, 2);
  assert_int_equal(scaling[1].at, 1);
  assert_int_equal(scaling[2].at, 3);
  assert_true(scaling[1].fallback == 1987.0);
  fitted_training(&fitted, &training);
  fitted_others(&fitted, &others);
  const double deviation = sqrt((64.0 + 64.0 + 256.0) / 3.0);
  const float near = (float)(8.0 / deviation), far = (float)(-16.0 / deviation);
  const float expected[4][4] = {{1.0f, 0.0f, near, 0.0f},
                                {1.0f, 0.0f, near, 0.0f},
                                {(float)(16.0 / 24.0), 1.0f, 0.0f, 1.0f},
                                {0.0f, 0.0f, far, 0.0f}};
  for (size_t r = 0; r < 4; r++) {
    assert_memory_equal(training.values + r * 5 + 1, expected[r], sizeof expected[r]);
  }
  assert_memory_equal(others.values + 1, expected[3], sizeof expected[3]);
  encoded_rows_clear(&training);
  encoded_rows_clear(&others);
  fitted_clear(&fitted);
}

static void the_indicator_stands_even_where_nothing_is_missing(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoded_rows training;
  struct encoding_spec spec = {0};
  add_number(&spec, "release_year", SCALE_STANDARD);
  report_dataset(&fitted.dataset);
  fitted_fit(&fitted, &spec, every_row);
  fitted_training(&fitted, &training);
  assert_int_equal(training.numbers, 2);
  for (size_t r = 0; r < training.rows; r++) assert_true(training.values[2 * r + 1] == 0.0f);
  encoded_rows_clear(&training);
  fitted_clear(&fitted);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_standard_scale_has_the_mean_and_population_deviation),
      cmocka_unit_test(missing_values_are_not_fitted),
      cmocka_unit_test(what_never_varies_or_is_never_there_is_0),
      cmocka_unit_test(a_missing_year_is_the_training_mean_and_an_indicator),
      cmocka_unit_test(the_indicator_stands_even_where_nothing_is_missing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
