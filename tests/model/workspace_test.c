/* What a workspace holds of the batch to come: the rows of large tables, in
 * the order in which the next load has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/model/model_fixture.h"

/* The fixture's tables of 21 and 17 values are large with rows of LARGE_DIM
 * floats; those of 3 and 6 values, with rows of 3 and 5, are not. */
enum { ROWS = 300, BATCH = 32, LARGE_DIM = 8192 };
enum { SINGLE_SMALL, SINGLE_LARGE, BAG_LARGE, BAG_SMALL };

struct state {
  struct fixture fixture;
  struct wide_deep model;
  struct workspace batch, next;
  uint32_t order[ROWS];
};

static int start(void **state) {
  struct error error = {0};
  struct state *s = calloc(1, sizeof *s);
  *state = s;
  fixture_init(&s->fixture, ROWS, &(struct fixture_options){.bags = true});
  s->fixture.spec.deep[SINGLE_LARGE].dim = s->fixture.spec.deep[BAG_LARGE].dim = LARGE_DIM;
  for (uint32_t i = 0; i < ROWS; i++) s->order[i] = (i * 7 + 3) % ROWS;
  assert_true(wide_deep_init(&s->model, &s->fixture.spec, &s->fixture.encoding, 1, &error));
  assert_true(workspace_init(&s->batch, &s->model, BATCH, &error));
  assert_true(workspace_init(&s->next, &s->model, EMBEDDING_AHEAD, &error));
  return 0;
}

static int stop(void **state) {
  struct state *s = *state;
  workspace_clear(&s->batch);
  workspace_clear(&s->next);
  wide_deep_clear(&s->model);
  fixture_clear(&s->fixture);
  free(s);
  return 0;
}

static size_t entries(const struct workspace *w, size_t f, size_t m) {
  return w->field[f].offset != NULL ? w->field[f].offset[m] : m;
}

/* Loads rows [first, first + m), and as `next` those behind them. */
static void load(struct state *s, const uint32_t *order, size_t first, size_t m) {
  const size_t left = ROWS - first - m;
  workspace_load(&s->batch, &s->model, &s->fixture.rows, order, first, m);
  workspace_load(&s->next, &s->model, &s->fixture.rows, order, first + m,
                 left < EMBEDDING_AHEAD ? left : EMBEDDING_AHEAD);
}

static void check_ahead(const struct state *s, size_t f, size_t m, size_t expected) {
  const struct field_rows *rows = &s->batch.field[f];
  assert_int_equal(rows->known_ahead, expected);
  for (size_t i = 0; i < expected; i++) {
    assert_int_equal(rows->index[entries(&s->batch, f, m) + i], s->next.field[f].index[i]);
  }
}

static void in_the_middle(void **state) {
  struct state *s = *state;
  for (int ordered = 0; ordered < 2; ordered++) {
    load(s, ordered ? s->order : NULL, 64, BATCH);
    check_ahead(s, SINGLE_SMALL, BATCH, 0);
    check_ahead(s, SINGLE_LARGE, BATCH, EMBEDDING_AHEAD);
    const size_t next = entries(&s->next, BAG_LARGE, EMBEDDING_AHEAD);
    check_ahead(s, BAG_LARGE, BATCH, next < EMBEDDING_AHEAD ? next : EMBEDDING_AHEAD);
    check_ahead(s, BAG_SMALL, BATCH, 0);
  }
}

static void near_the_end(void **state) {
  struct state *s = *state;
  const size_t left = 5;
  load(s, s->order, ROWS - BATCH - left, BATCH);
  check_ahead(s, SINGLE_LARGE, BATCH, left);
  check_ahead(s, BAG_LARGE, BATCH, entries(&s->next, BAG_LARGE, left));
}

static void at_the_end(void **state) {
  struct state *s = *state;
  workspace_load(&s->batch, &s->model, &s->fixture.rows, s->order, ROWS - 7, 7);
  for (size_t f = 0; f < s->model.fields; f++) check_ahead(s, f, 7, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(in_the_middle, start, stop),
      cmocka_unit_test_setup_teardown(near_the_end, start, stop),
      cmocka_unit_test_setup_teardown(at_the_end, start, stop),
  };
  return cmocka_run_group_tests_name("workspace", tests, NULL, NULL);
}
