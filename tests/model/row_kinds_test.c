/* Rows of which a model reads the same are predicted once, and evaluated as if each
 * was predicted by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "model/model_predict.h"
#include "tests/model/model_fixture.h"

enum { ROWS = 9001, KINDS = 60, BATCH = 32 };

struct state {
  struct fixture fixture;
  struct wide_deep model;
  struct workspace workspace;
  const struct kernels *kernels;
};

/* What a model reads of row `from`, to row `to`; its rating stays. */
static void copy_row(struct encoded_rows *rows, size_t from, size_t to) {
  const size_t slots = rows->slots, numbers = rows->numbers;
  memcpy(rows->codes + to * slots, rows->codes + from * slots, slots * sizeof *rows->codes);
  memcpy(rows->values + to * numbers, rows->values + from * numbers,
         numbers * sizeof *rows->values);
  for (size_t b = 0; b < rows->bags; b++) {
    rows->bag[b].owner[to] = rows->bag[b].owner[from];
    rows->bag[b].skip[to] = rows->bag[b].skip[from];
  }
}

static int start(void **state) {
  struct error error = {0};
  struct state *s = calloc(1, sizeof *s);
  *state = s;
  s->kernels = kernels_of(isa_best());
  fixture_init(&s->fixture, ROWS, &(struct fixture_options){.bags = true});
  for (size_t i = KINDS; i < ROWS; i++) copy_row(&s->fixture.rows, i * 7 % KINDS, i);
  assert_true(wide_deep_init(&s->model, &s->fixture.spec, &s->fixture.encoding, 1, &error));
  assert_true(workspace_init(&s->workspace, &s->model, BATCH, &error));
  return 0;
}

static int stop(void **state) {
  struct state *s = *state;
  workspace_clear(&s->workspace);
  wide_deep_clear(&s->model);
  fixture_clear(&s->fixture);
  free(s);
  return 0;
}

static struct encoded_rows copy_of(const struct encoded_rows *rows) {
  struct error error = {0};
  struct encoded_rows copy = *rows;
  copy.codes = memory_array(rows->rows * rows->slots, sizeof *copy.codes, &error);
  copy.values = memory_array(rows->rows * rows->numbers, sizeof *copy.values, &error);
  copy.target = memory_array(rows->rows, sizeof *copy.target, &error);
  copy.bag = memory_array(rows->bags, sizeof *copy.bag, &error);
  memcpy(copy.codes, rows->codes, rows->rows * rows->slots * sizeof *copy.codes);
  memcpy(copy.values, rows->values, rows->rows * rows->numbers * sizeof *copy.values);
  memcpy(copy.target, rows->target, rows->rows * sizeof *copy.target);
  for (size_t b = 0; b < rows->bags; b++) {
    struct encoded_bag *bag = &copy.bag[b];
    bag->lists = rows->bag[b].lists;
    bag->owner = memory_array(rows->rows, sizeof *bag->owner, &error);
    bag->skip = memory_array(rows->rows, sizeof *bag->skip, &error);
    memcpy(bag->owner, rows->bag[b].owner, rows->rows * sizeof *bag->owner);
    memcpy(bag->skip, rows->bag[b].skip, rows->rows * sizeof *bag->skip);
  }
  return copy;
}

static void assert_same_row(const struct encoded_rows *one, const struct encoded_rows *other,
                            size_t row) {
  const size_t kind = encoded_rows_kind(other, row);
  assert_memory_equal(one->codes + row * one->slots, other->codes + kind * one->slots,
                      one->slots * sizeof *one->codes);
  assert_memory_equal(one->values + row * one->numbers, other->values + kind * one->numbers,
                      one->numbers * sizeof *one->values);
  const float target = encoded_rows_target(one, row), again = encoded_rows_target(other, row);
  assert_memory_equal(&target, &again, sizeof target);
  for (size_t b = 0; b < one->bags; b++) {
    assert_int_equal(one->bag[b].owner[row], other->bag[b].owner[kind]);
    assert_int_equal(one->bag[b].skip[row], other->bag[b].skip[kind]);
  }
}

/* A batch of rows in another order is loaded as it was. */
static void assert_same_batch(struct state *s, const struct encoded_rows *one,
                              const struct encoded_rows *other) {
  uint32_t order[BATCH];
  float target[BATCH], prediction[BATCH];
  for (uint32_t i = 0; i < BATCH; i++) order[i] = (i * 281 + 17) % ROWS;
  workspace_load(&s->workspace, &s->model, one, order, 0, BATCH);
  wide_deep_forward(&s->model, &s->workspace, BATCH, NULL, s->kernels);
  memcpy(target, s->workspace.target, sizeof target);
  memcpy(prediction, s->workspace.prediction, sizeof prediction);
  workspace_load(&s->workspace, &s->model, other, order, 0, BATCH);
  wide_deep_forward(&s->model, &s->workspace, BATCH, NULL, s->kernels);
  assert_memory_equal(target, s->workspace.target, sizeof target);
  assert_memory_equal(prediction, s->workspace.prediction, sizeof prediction);
}

/* How many kinds there are; each row reads as before, and the score with them is that
 * without, to the bit. */
static size_t kinds(struct state *s) {
  const struct encoded_rows *rows = &s->fixture.rows;
  struct error error = {0};
  struct encoded_rows merged = copy_of(rows);
  assert_true(row_kinds_merge(&s->fixture.encoding, &merged, &error));
  assert_int_equal(merged.rows, rows->rows);
  assert_int_equal(merged.kinds > 0, merged.merged != NULL);
  for (size_t row = 0; row < ROWS; row++) assert_same_row(rows, &merged, row);
  assert_same_batch(s, rows, &merged);
  float *of_kinds = memory_array(merged.kinds, sizeof *of_kinds, &error);
  const struct ensemble alone = {1, &s->model};
  /* Clipped, most of an untrained model's predictions are the same. */
  for (int clip = 0; clip < 2; clip++) {
    const struct score each =
        model_evaluate(&alone, &s->workspace, rows, NULL, clip == 1, s->kernels);
    const struct score once =
        model_evaluate(&alone, &s->workspace, &merged, of_kinds, clip == 1, s->kernels);
    assert_memory_equal(&each, &once, sizeof each);
  }
  const size_t count = merged.kinds;
  free(of_kinds);
  encoded_rows_clear(&merged);
  return count;
}

static void equal_rows_are_of_one_kind(void **state) {
  assert_int_equal(kinds(*state), KINDS);
}

static void a_row_that_differs_anywhere_is_a_kind_of_its_own(void **state) {
  struct state *s = *state;
  struct encoded_rows *rows = &s->fixture.rows;
  enum { ROW = 5000 };
  rows->codes[ROW * rows->slots + rows->slots - 1] ^= 1;
  assert_int_equal(kinds(s), KINDS + 1);
  rows->values[ROW * rows->numbers + rows->numbers - 1] += 1.0f;
  assert_int_equal(kinds(s), KINDS + 1);
  rows->codes[ROW * rows->slots + rows->slots - 1] ^= 1;
  assert_int_equal(kinds(s), KINDS + 1);
  copy_row(rows, 0, ROW);
  assert_int_equal(kinds(s), KINDS);
  struct encoded_bag *last = &rows->bag[rows->bags - 1];
  last->skip[ROW] = last->skip[0] == 0 ? 1 : 0;
  assert_int_equal(kinds(s), KINDS + 1);
  copy_row(rows, 0, ROW);
  last->owner[ROW] = last->owner[0] == 0 ? 1 : 0;
  assert_int_equal(kinds(s), KINDS + 1);
}

/* It would cost more than it saves. */
static void rows_of_many_kinds_are_each_their_own(void **state) {
  struct state *s = *state;
  struct encoded_rows *rows = &s->fixture.rows;
  for (size_t i = 1; i < ROWS; i++) copy_row(rows, 0, i);
  for (size_t i = 0; i < ROWS; i++) rows->values[i * rows->numbers] = (float)(i % (ROWS / 2));
  assert_int_equal(kinds(s), ROWS / 2);
  for (size_t i = 0; i < ROWS; i++) rows->values[i * rows->numbers] = (float)(i % (ROWS * 4 / 5));
  assert_int_equal(kinds(s), 0);
}

/* So many that some fall to one place of the table, where a digest tells them no longer apart. */
static void rows_that_differ_in_what_they_leave_out_are_of_many_kinds(void **state) {
  struct state *s = *state;
  struct encoded_rows *rows = &s->fixture.rows;
  struct encoded_bag *last = &rows->bag[rows->bags - 1];
  for (size_t i = 1; i < ROWS; i++) copy_row(rows, 0, i);
  for (size_t i = 0; i < ROWS; i++) last->skip[i] = (uint32_t)(i % (ROWS / 2));
  assert_int_equal(kinds(s), ROWS / 2);
}

/* Ratings have codes of a byte, by their bits. */
static void rows_of_many_ratings_are_each_their_own(void **state) {
  struct state *s = *state;
  struct encoded_rows *rows = &s->fixture.rows;
  for (size_t i = 0; i < ROWS; i++) rows->target[i] = (float)(i % ROW_RATINGS_MOST) / 3.0f - 20.0f;
  assert_int_equal(kinds(s), KINDS);
  for (size_t i = 0; i < ROWS; i++) rows->target[i] = i % 2 == 0 ? 0.0f : -0.0f;
  assert_int_equal(kinds(s), KINDS);
  for (size_t i = 0; i < ROWS; i++) rows->target[i] = (float)(i % (ROW_RATINGS_MOST + 1));
  assert_int_equal(kinds(s), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(equal_rows_are_of_one_kind, start, stop),
      cmocka_unit_test_setup_teardown(a_row_that_differs_anywhere_is_a_kind_of_its_own, start,
                                      stop),
      cmocka_unit_test_setup_teardown(rows_of_many_kinds_are_each_their_own, start, stop),
      cmocka_unit_test_setup_teardown(rows_that_differ_in_what_they_leave_out_are_of_many_kinds,
                                      start, stop),
      cmocka_unit_test_setup_teardown(rows_of_many_ratings_are_each_their_own, start, stop),
  };
  return cmocka_run_group_tests_name("row_kinds", tests, NULL, NULL);
}
