/* base/json_parse.h: what is read, where it is damaged, and what happens when
 * memory runs out at any allocation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_parse.h"

/* The linker puts this one in the place of malloc: the `fail_at`-th call fails. */
static size_t calls, fail_at;
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size) {
  calls++;
  return calls == fail_at ? NULL : __real_malloc(size);
}

static void a_text_is_read(void **state) {
  (void)state;
  static const char text[] = "{\"a\": [1, 0.85, \"x\\u00e9\"]} and no more";
  struct error error = {0};
  json_t *json = json_parse(text, strlen("{\"a\": [1, 0.85, \"x\\u00e9\"]}"), "t", &error);
  assert_non_null(json);
  const json_t *list = json_object_get(json, "a");
  assert_int_equal(json_integer_value(json_array_get(list, 0)), 1);
  assert_true(json_real_value(json_array_get(list, 1)) == 0.85);
  assert_string_equal(json_string_value(json_array_get(list, 2)), "xé");
  json_decref(json);
}

static void damage_has_a_place(void **state) {
  (void)state;
  struct error error = {0};
  static const char cut[] = "{\n  \"a\": 1,\n", twice[] = "{\"a\": 1, \"a\": 2}";
  assert_null(json_parse(cut, strlen(cut), "some.json", &error));
  assert_int_equal(error.kind, ERROR_DATA);
  assert_string_equal(error.message,
                      "some.json:3: not JSON: string or '}' expected near end of file");
  assert_null(json_parse(twice, strlen(twice), "some.json", &error));
  assert_int_equal(error.kind, ERROR_DATA);
  assert_non_null(strstr(error.message, "some.json:1:"));
}

/* In the build with the address sanitizer: what the reader leaves behind is no news. */
void __lsan_disable(void) __attribute__((weak));

/* jansson alone loses bytes: "0.85" becomes 0.5, "validation" "validatin". */
static void without_memory_nothing_is_read(void **state) {
  (void)state;
  static const char text[] =
      "{\"validation\": 0.85, \"a text of more than sixteen bytes\": \"\\u00e9\\n and so on\","
      "\"list\": [1, 2.5e-3, 1234567.875, true, null, {\"deep\": \"abcdefghijklmnopqrstuvwxyz\"}]}";
  struct error error = {0};
  json_t *whole = json_parse(text, strlen(text), "t", &error);
  assert_non_null(whole);
  if (__lsan_disable != NULL) __lsan_disable();
  size_t refused = 0;
  for (size_t at = 1; at < 1000; at++) {
    calls = 0;
    fail_at = at;
    error = (struct error){0};
    json_t *json = json_parse(text, strlen(text), "t", &error);
    fail_at = 0;
    if (json == NULL) {
      refused++;
      assert_int_equal(error.kind, ERROR_SYSTEM);
      assert_string_equal(error.message, "t: out of memory");
      continue;
    }
    assert_true(calls < at);
    assert_true(json_equal(whole, json));
    json_decref(json);
    break;
  }
  assert_true(refused > 10);
  json_decref(whole);
}

static size_t exhausted_bytes;

static void note_exhausted(size_t bytes) {
  exhausted_bytes = bytes;
}

/* Whatever was read before. */
static void outside_of_the_reader_the_program_is_told(void **state) {
  (void)state;
  struct error error = {0};
  json_parse_on_exhausted(note_exhausted);
  json_t *json = json_parse("{}", 2, "t", &error);
  assert_non_null(json);
  assert_int_equal(exhausted_bytes, 0);
  calls = 0;
  fail_at = 1;
  json_t *none = json_object();
  fail_at = 0;
  assert_null(none);
  assert_true(exhausted_bytes > 0);
  exhausted_bytes = 0;
  calls = 0;
  fail_at = 1;
  assert_null(json_parse("{}", 2, "t", &error));
  fail_at = 0;
  assert_int_equal(exhausted_bytes, 0);
  json_parse_on_exhausted(NULL);
  json_decref(json);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_text_is_read),
      cmocka_unit_test(damage_has_a_place),
      cmocka_unit_test(without_memory_nothing_is_read),
      cmocka_unit_test(outside_of_the_reader_the_program_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
