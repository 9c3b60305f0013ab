/* Eight threads with one model: the numbers of one thread, to the last bit. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <crosslane/catalog.h>
#include <crosslane/model.h>

#include "tests/config/config_fixture.h"
#include "tests/serving/serving_fixture.h"

#define CONFIG                                                                 \
  "schema: 1\n"                                                                \
  "name: t\n"                                                                  \
  "data:\n"                                                                    \
  "  source: synthetic\n"                                                      \
  "  synthetic: {users: 40, items: 50, ratings: 600, seed: 3}\n"               \
  "  split: {method: random, test: 0.2}\n"                                     \
  "train: {epochs: 1}\n"                                                       \
  "model: {wide: {crosses: [[gender, genre]]}, deep: {columns: [age, gender, " \
  "occupation, genre], hidden: [8, 4]}}\n"

enum { THREADS = 8, ROWS = 300, TIMES = 40, INPUTS = 4 };

struct shared {
  const crosslane_model *model;
  const crosslane_catalog *catalog;
  char text[ROWS * INPUTS][24];
  const char *values[ROWS * INPUTS];
  const char *users[ROWS], *items[ROWS];
  uint32_t codes[INPUTS][ROWS];
  float numbers[ROWS];
  crosslane_column columns[INPUTS];
  float expected[ROWS], by_pairs[ROWS];
};

static void make_values(struct shared *shared) {
  const crosslane_model *model = shared->model;
  for (size_t i = 0; i < INPUTS; i++) {
    const size_t words = crosslane_model_input_words(model, i);
    for (size_t r = 0; r < ROWS; r++) {
      char *text = shared->text[r * INPUTS + i];
      shared->values[r * INPUTS + i] = text;
      if (words == 0) {
        shared->numbers[r] = (float)(7 + r % 60);
        (void)snprintf(text, sizeof shared->text[0], "%zu", 7 + r % 60);
      } else {
        shared->codes[i][r] = (uint32_t)(r * 7 % words);
        (void)snprintf(text, sizeof shared->text[0], "%s",
                       crosslane_model_input_word(model, i, shared->codes[i][r]));
      }
    }
    shared->columns[i] =
        words == 0 ? (crosslane_column){.type = CROSSLANE_COLUMN_FLOAT, .values = shared->numbers}
                   : (crosslane_column){.type = CROSSLANE_COLUMN_CODES, .values = shared->codes[i]};
  }
  for (size_t r = 0; r < ROWS; r++) {
    const crosslane_catalog *catalog = shared->catalog;
    shared->users[r] = crosslane_catalog_user(catalog, r % crosslane_catalog_users(catalog));
    shared->items[r] = crosslane_catalog_item(catalog, r * 3 % crosslane_catalog_items(catalog));
  }
}

/* NULL: all numbers were right. */
static void *predict(void *context) {
  const struct shared *shared = context;
  float out[ROWS];
  crosslane_error *error = crosslane_error_new();
  for (size_t time = 0; time < TIMES; time++) {
    for (size_t rows = 1, r = 0; r < ROWS; r += rows, rows = rows % 37 + 5) {
      if (r + rows > ROWS) rows = ROWS - r;
      if (crosslane_predict_text(shared->model, rows, shared->values + r * INPUTS, out + r,
                                 error) != 0) {
        return error;
      }
    }
    if (memcmp(out, shared->expected, sizeof out) != 0) return error;
    if (crosslane_predict_coded(shared->model, ROWS, shared->columns, out, error) != 0 ||
        memcmp(out, shared->expected, sizeof out) != 0) {
      return error;
    }
    const char *bad[INPUTS] = {"x", "x", "x", "x"}; /* errors are each thread's own */
    if (crosslane_predict_text(shared->model, 1, bad, out, error) == 0 ||
        crosslane_error_line(error) != 1) {
      return error;
    }
  }
  if (crosslane_predict_pairs(shared->catalog, ROWS, shared->users, shared->items, NULL, out,
                              error) != 0 ||
      memcmp(out, shared->by_pairs, sizeof out) != 0) {
    return error;
  }
  crosslane_error_free(error);
  return NULL;
}

static void eight_threads_predict_what_one_does(void **state) {
  (void)state;
  (void)train_and_save(CONFIG);
  struct shared *shared = calloc(1, sizeof *shared);
  assert_non_null(shared);
  crosslane_model *model = crosslane_model_open(MODEL_PATH, NULL);
  assert_non_null(model);
  crosslane_catalog *catalog = crosslane_catalog_open(model, NULL, NULL);
  assert_non_null(catalog);
  shared->model = model;
  shared->catalog = catalog;
  assert_int_equal(crosslane_model_inputs(model), INPUTS);
  make_values(shared);
  assert_int_equal(crosslane_predict_text(model, ROWS, shared->values, shared->expected, NULL), 0);
  assert_int_equal(crosslane_predict_pairs(catalog, ROWS, shared->users, shared->items, NULL,
                                           shared->by_pairs, NULL),
                   0);
  pthread_t thread[THREADS];
  for (size_t t = 0; t < THREADS; t++) {
    assert_int_equal(pthread_create(&thread[t], NULL, predict, shared), 0);
  }
  for (size_t t = 0; t < THREADS; t++) {
    void *fault;
    assert_int_equal(pthread_join(thread[t], &fault), 0);
    assert_null(fault);
  }
  crosslane_catalog_free(catalog);
  crosslane_model_free(model);
  free(shared);
}

static int teardown(void **state) {
  (void)unlink(MODEL_PATH);
  return fixture_teardown(state);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(eight_threads_predict_what_one_does)};
  return cmocka_run_group_tests(tests, fixture_setup, teardown);
}
