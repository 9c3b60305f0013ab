/* The different ratings of some rows, and their form in a file. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "data/encoding/rating_levels.h"

enum { ROWS = 200 };

static float ratings[ROWS];

static bool fit(struct rating_levels *levels, const uint32_t *rows, size_t count,
                struct error *error) {
  const struct dataset dataset = {.ratings = ROWS, .row_rating = ratings};
  *error = (struct error){0};
  return rating_levels_fit(levels, &dataset, (struct dataset_rows){rows, count}, error);
}

static void levels_ascend_and_count_the_rows_that_were_asked_for(void **state) {
  (void)state;
  static const float given[] = {4.5f, 0.5f, 3.0f, 4.5f, -1.0f, 0.5f, 4.5f, 9.0f};
  static const uint32_t rows[] = {0, 1, 2, 3, 4, 5, 6};
  struct rating_levels levels;
  struct error error;
  memcpy(ratings, given, sizeof given);
  assert_true(fit(&levels, rows, 7, &error));
  assert_int_equal(levels.count, 4);
  static const float value[] = {-1.0f, 0.5f, 3.0f, 4.5f};
  static const size_t count[] = {1, 2, 1, 3};
  assert_memory_equal(levels.value, value, sizeof value);
  assert_memory_equal(levels.rows, count, sizeof count);
}

static void at_most_64_levels_are_taken(void **state) {
  (void)state;
  struct rating_levels levels;
  struct error error;
  for (size_t r = 0; r < ROWS; r++) ratings[r] = (float)(r * 37 % 64) / 8.0f;
  assert_true(fit(&levels, NULL, ROWS, &error));
  assert_int_equal(levels.count, 64);
  for (size_t k = 0; k < 64; k++) assert_true(levels.value[k] == (float)k / 8.0f);
  ratings[150] = 100.0f;
  assert_false(fit(&levels, NULL, ROWS, &error));
  assert_int_equal(error.kind, ERROR_CONFIG);
  assert_non_null(strstr(error.message, "at most 64 rating levels"));
  assert_non_null(strstr(error.message, "0, 0.125 and 100"));
  assert_non_null(strstr(error.message, "model.head: linear"));
}

static void fewer_than_two_levels_are_refused(void **state) {
  (void)state;
  struct rating_levels levels;
  struct error error;
  for (size_t r = 0; r < ROWS; r++) ratings[r] = 3.0f;
  assert_false(fit(&levels, NULL, ROWS, &error));
  assert_non_null(strstr(error.message, "needs two rating levels; the training rows have one"));
  assert_false(fit(&levels, NULL, 0, &error));
  assert_non_null(strstr(error.message, "the training rows have none"));
}

/* A third is no double of few digits. */
static void the_stored_form_gives_the_same_bits(void **state) {
  (void)state;
  struct rating_levels levels = {.count = 3, .value = {-0.1f, 1.0f / 3.0f, 5.0f}}, again;
  json_t *json = rating_levels_json(&levels);
  assert_int_equal(json_array_size(json), 3);
  assert_true(rating_levels_from_json(&again, json));
  assert_int_equal(again.count, 3);
  assert_memory_equal(levels.value, again.value, sizeof levels.value);
  json_decref(json);
}

static void a_damaged_stored_form_is_refused(void **state) {
  (void)state;
  static const char *const wrong[] = {"[]",         "[1]",          "[1, 1]",     "[2, 1]",
                                      "[1, \"2\"]", "[1, 2, null]", "{\"1\": 2}", "[1, 1e300]"};
  struct rating_levels levels;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    json_t *json = json_loads(wrong[i], 0, NULL);
    assert_non_null(json);
    if (rating_levels_from_json(&levels, json)) fail_msg("%s is taken", wrong[i]);
    json_decref(json);
  }
  json_t *many = json_array();
  for (int k = 0; k < 65; k++) (void)json_array_append_new(many, json_integer(k));
  assert_false(rating_levels_from_json(&levels, many));
  json_decref(many);
  assert_false(rating_levels_from_json(&levels, NULL));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(levels_ascend_and_count_the_rows_that_were_asked_for),
      cmocka_unit_test(at_most_64_levels_are_taken),
      cmocka_unit_test(fewer_than_two_levels_are_refused),
      cmocka_unit_test(the_stored_form_gives_the_same_bits),
      cmocka_unit_test(a_damaged_stored_form_is_refused),
  };
  return cmocka_run_group_tests_name("rating_levels", tests, NULL, NULL);
}
