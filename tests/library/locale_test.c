/* A program whose numbers have a comma gets the same predictions, and errors in English:
 * locale_test, with a locale in the environment that has one. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <crosslane/model.h>

#include "tests/config/config_fixture.h"
#include "tests/serving/serving_fixture.h"

#define CONFIG                                                                 \
  "schema: 1\n"                                                                \
  "name: t\n"                                                                  \
  "data:\n"                                                                    \
  "  source: synthetic\n"                                                      \
  "  synthetic: {users: 40, items: 50, ratings: 600, seed: 3}\n"               \
  "train: {epochs: 1, optimizer: {name: adam, learning_rate: 0.0025}}\n"       \
  "model: {wide: {crosses: [[gender, genre]]}, deep: {columns: [age, gender, " \
  "genre], hidden: [8]}}\n"

static void a_comma_in_numbers_changes_nothing(void **state) {
  (void)state;
  const char *row[] = {"31.75", "F", "Drama"};
  float expected, rating;
  (void)train_and_save(CONFIG);
  crosslane_model *model = crosslane_model_open(MODEL_PATH, NULL);
  assert_int_equal(crosslane_predict_text(model, 1, row, &expected, NULL), 0);
  const double mse = crosslane_model_mse(model);
  crosslane_model_free(model);
  assert_non_null(setlocale(LC_ALL, ""));
  assert_string_equal(localeconv()->decimal_point, ",");
  assert_true(strtod("31.75", NULL) == 31);
  crosslane_error *error = crosslane_error_new();
  model = crosslane_model_open(MODEL_PATH, error);
  if (model == NULL) fail_msg("%s", crosslane_error_message(error));
  assert_true(crosslane_model_mse(model) == mse);
  assert_int_equal(crosslane_predict_text(model, 1, row, &rating, NULL), 0);
  assert_memory_equal(&rating, &expected, sizeof rating);
  assert_string_equal(localeconv()->decimal_point, ",");
  crosslane_model_free(model);
  assert_null(crosslane_model_open("none", error));
  assert_string_equal(crosslane_error_message(error),
                      "none: cannot open: No such file or directory");
  crosslane_error_free(error);
}

static int teardown(void **state) {
  (void)unlink(MODEL_PATH);
  return fixture_teardown(state);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(a_comma_in_numbers_changes_nothing)};
  return cmocka_run_group_tests(tests, fixture_setup, teardown);
}
