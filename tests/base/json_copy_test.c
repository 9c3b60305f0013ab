/* A copy is whole, or there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/json_copy.h"

static size_t calls, fails; /* the call of that number fails */

static void *some(size_t size) {
  return calls++ == fails ? NULL : malloc(size);
}

typedef json_t *copier(const json_t *json);

/* Returns how many allocations it takes. */
static size_t fail_each(copier *copy, const json_t *json) {
  for (fails = 0;; fails++) {
    calls = 0;
    json_t *made = copy(json);
    const bool all = calls <= fails;
    assert_int_equal(made != NULL, all);
    if (all) assert_true(json_equal(made, json));
    json_decref(made);
    if (all) return calls;
  }
}

static void a_copy_is_whole_or_there_is_none(void **state) {
  (void)state;
  fails = SIZE_MAX;
  json_set_alloc_funcs(some, free);
  json_t *json = json_pack("{s:i, s:{s:[i, f, s], s:b, s:n}, s:{}, s:s}", "first", 1, "second",
                           "a list", 2, 0.5, "three", "true", 1, "nothing", "third", "last", "end");
  assert_non_null(json);
  assert_true(fail_each(json_copy_shallow, json) >= 4);
  assert_true(fail_each(json_copy_deep, json) >= 10);
  json_decref(json);
  fails = SIZE_MAX;
  assert_null(json_copy_shallow(NULL));
  assert_null(json_copy_deep(NULL));
  json_set_alloc_funcs(malloc, free);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(a_copy_is_whole_or_there_is_none)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
