/* A prediction allocates nothing: malloc and what is like it are counted here. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <crosslane/model.h>

#include "tests/config/config_fixture.h"
#include "tests/serving/serving_fixture.h"

#define CONFIG                                                                  \
  "schema: 1\n"                                                                 \
  "name: t\n"                                                                   \
  "data:\n"                                                                     \
  "  source: synthetic\n"                                                       \
  "  synthetic: {users: 40, items: 50, ratings: 600, seed: 3}\n"                \
  "  split: {method: random, test: 0.2}\n"                                      \
  "train: {epochs: 1}\n"                                                        \
  "model: {wide: {crosses: [[gender, genres]]}, deep: {columns: [age, gender, " \
  "genres], hidden: [64, 32]}}\n"

/* glibc's own, under the names that it has for such counters. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_size_t allocations;

void *malloc(size_t size) {
  allocations++;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  allocations++;
  return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
  allocations++;
  return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  allocations++;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  allocations++;
  *block = __libc_memalign(alignment, size);
  return *block != NULL ? 0 : 12;
}

static const char *const values[] = {"25", "F", "Drama|War", "31.5", "M", "Action"};
enum { ROWS = 2, INPUTS = 3, TIMES = 500 };

struct work {
  const crosslane_model *model;
  const crosslane_column *columns;
  size_t failed;
};

static void *predict(void *context) {
  struct work *work = context;
  float out[ROWS];
  for (size_t i = 0; i < TIMES; i++) {
    work->failed += crosslane_predict_text(work->model, ROWS, values, out, NULL) != 0;
    work->failed += crosslane_predict_coded(work->model, ROWS, work->columns, out, NULL) != 0;
  }
  return NULL;
}

static void no_prediction_allocates(void **state) {
  (void)state;
  (void)train_and_save(CONFIG);
  size_t before = allocations;
  crosslane_model *model = crosslane_model_open(MODEL_PATH, NULL);
  assert_non_null(model);
  assert_true(allocations > before); /* they are counted, in the library too */
  assert_int_equal(crosslane_model_inputs(model), INPUTS);
  assert_string_equal(crosslane_model_input_name(model, 2), "genres");
  const uint32_t gender[] = {0, 1}, genres[] = {1, 2, 3};
  const size_t offsets[] = {0, 2, 3};
  const double age[] = {25, 31.5};
  const crosslane_column columns[] = {
      {.type = CROSSLANE_COLUMN_DOUBLE, .values = age},
      {.type = CROSSLANE_COLUMN_CODES, .values = gender},
      {.type = CROSSLANE_COLUMN_SETS, .values = genres, .offsets = offsets}};
  struct work work = {.model = model, .columns = columns};
  before = allocations;
  (void)predict(&work);
  assert_int_equal(work.failed, 0);
  assert_int_equal(allocations - before, 0);
  crosslane_model_free(model);
}

enum { THREADS = 4 };

static void reserved_memory_is_enough_for_all_threads(void **state) {
  (void)state;
  (void)train_and_save(CONFIG);
  crosslane_model *model = crosslane_model_open(MODEL_PATH, NULL);
  assert_non_null(model);
  assert_int_equal(crosslane_model_reserve(model, THREADS + 1, NULL), 0);
  const uint32_t gender[] = {0, 1}, genres[] = {1, 2, 3};
  const size_t offsets[] = {0, 2, 3};
  const float age[] = {25, 31.5f};
  const crosslane_column columns[] = {
      {.type = CROSSLANE_COLUMN_FLOAT, .values = age},
      {.type = CROSSLANE_COLUMN_CODES, .values = gender},
      {.type = CROSSLANE_COLUMN_SETS, .values = genres, .offsets = offsets}};
  pthread_t thread[THREADS];
  struct work work[THREADS];
  size_t started = 0, failed = 0;
  for (; started < THREADS; started++) {
    work[started] = (struct work){.model = model, .columns = columns};
    if (pthread_create(&thread[started], NULL, predict, &work[started]) != 0) break;
  }
  /* All of them run, or are done: what is allocated now, a prediction allocates. */
  const size_t before = allocations;
  struct work own = {.model = model, .columns = columns};
  (void)predict(&own);
  const size_t after = allocations;
  for (size_t t = 0; t < started; t++) {
    (void)pthread_join(thread[t], NULL);
    failed += work[t].failed;
  }
  assert_int_equal(started, THREADS);
  assert_int_equal(failed + own.failed, 0);
  assert_int_equal(after - before, 0);
  crosslane_model_free(model);
}

static int teardown(void **state) {
  (void)unlink(MODEL_PATH);
  return fixture_teardown(state);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(no_prediction_allocates),
                                     cmocka_unit_test(reserved_memory_is_enough_for_all_threads)};
  return cmocka_run_group_tests(tests, fixture_setup, teardown);
}
