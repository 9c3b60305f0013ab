#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"

static void a_new_error_replaces_the_old_one(void **state) {
  (void)state;
  struct error error = {0};
  assert_false(error_set(&error, ERROR_DATA, "first %d", 1));
  assert_false(error_set(&error, ERROR_USAGE, "second %s", "one"));
  assert_int_equal(error.kind, ERROR_USAGE);
  assert_int_equal(error.faults, 1);
  assert_string_equal(error.message, "second one");
}

static void a_place_names_only_what_is_known(void **state) {
  (void)state;
  struct error error = {0};
  assert_false(error_at(&error, ERROR_CONFIG, "a.yaml", 3, 14, "no %s", "key"));
  assert_string_equal(error.message, "a.yaml:3:14: no key");
  assert_int_equal(error.kind, ERROR_CONFIG);
  error_at(&error, ERROR_CONFIG, "a.yaml", 3, 0, "no key");
  assert_string_equal(error.message, "a.yaml:3: no key");
  error_at(&error, ERROR_CONFIG, "a.yaml", 0, 14, "no key");
  assert_string_equal(error.message, "a.yaml: no key");
}

static void a_system_error_ends_in_its_reason(void **state) {
  (void)state;
  struct error error = {0};
  char wanted[256];
  assert_false(error_system(&error, ENOENT, "%s: cannot open", "x"));
  (void)snprintf(wanted, sizeof wanted, "x: cannot open: %s", strerror(ENOENT));
  assert_string_equal(error.message, wanted);
  assert_int_equal(error.kind, ERROR_SYSTEM);
}

static void help_stands_below_the_message(void **state) {
  (void)state;
  struct error error = {0};
  error_set(&error, ERROR_USAGE, "no");
  assert_false(error_help(&error, "try %d", 2));
  assert_string_equal(error.message, "no\ntry 2");
  assert_int_equal(error.kind, ERROR_USAGE);
}

static size_t lines(const char *text) {
  size_t count = 1;
  for (; *text != '\0'; text++) count += *text == '\n';
  return count;
}

static void twenty_faults_are_shown_and_the_rest_counted(void **state) {
  (void)state;
  for (size_t faults = ERROR_SHOWN - 1; faults <= ERROR_SHOWN + 7; faults++) {
    struct error error = {0};
    for (size_t i = 1; i <= faults; i++) {
      assert_false(error_fault(&error, ERROR_DATA, "u.data", i, "bad field %zu", i));
    }
    assert_false(error_faults_done(&error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_int_equal(error.faults, faults);
    assert_non_null(strstr(error.message, "u.data:19: bad field 19"));
    assert_null(strstr(error.message, "u.data:21:"));
    if (faults <= ERROR_SHOWN) {
      assert_int_equal(lines(error.message), faults);
      continue;
    }
    char rest[64];
    (void)snprintf(rest, sizeof rest, "u.data:20: bad field 20\n... and %zu more",
                   faults - ERROR_SHOWN);
    const char *end = error.message + strlen(error.message) - strlen(rest);
    assert_string_equal(end, rest);
    assert_int_equal(lines(error.message), ERROR_SHOWN + 1);
  }
}

/* Of the first fault; also where it came with another error. */
static void the_place_is_kept_apart(void **state) {
  (void)state;
  struct error error = {0}, other = {0};
  error_at(&error, ERROR_CONFIG, "a.yaml", 3, 7, "wrong");
  assert_int_equal(error.file, 6);
  assert_int_equal(error.line, 3);
  assert_int_equal(error.column, 7);
  error_at(&error, ERROR_CONFIG, "a.yaml", 0, 7, "wrong");
  assert_int_equal(error.line + error.column, 0);
  error_set(&error, ERROR_USAGE, "wrong");
  assert_int_equal(error.file, 0);
  error = (struct error){0};
  error_fault(&error, ERROR_DATA, "u.item", 5, "wrong");
  error_fault(&error, ERROR_DATA, "u.data", 9, "wrong");
  assert_int_equal(error.line, 5);
  error_fault_of(&other, &error);
  assert_int_equal(other.file, 6);
  assert_int_equal(other.line, 5);
}

static void no_fault_is_no_error(void **state) {
  (void)state;
  struct error error = {0};
  assert_true(error_faults_done(&error));
  assert_string_equal(error.message, "");
}

/* The byte behind the struct would be hit by a write of one too many. */
static void a_text_that_does_not_fit_is_cut(void **state) {
  (void)state;
  struct {
    struct error error;
    char behind;
  } guarded = {.behind = 'x'};
  char word[256];
  memset(word, 'w', sizeof word);
  word[sizeof word - 1] = '\0';
  for (size_t i = 0; i < 100; i++) {
    if (i % 4 == 0) error_fault(&guarded.error, ERROR_DATA, word, 1, "%s", word);
    error_help(&guarded.error, "%s", word);
    assert_true(strlen(guarded.error.message) < sizeof guarded.error.message);
  }
  assert_int_equal(strlen(guarded.error.message), sizeof guarded.error.message - 1);
  assert_int_equal(guarded.behind, 'x');
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_error_replaces_the_old_one),
      cmocka_unit_test(a_place_names_only_what_is_known),
      cmocka_unit_test(a_system_error_ends_in_its_reason),
      cmocka_unit_test(help_stands_below_the_message),
      cmocka_unit_test(twenty_faults_are_shown_and_the_rest_counted),
      cmocka_unit_test(the_place_is_kept_apart),
      cmocka_unit_test(no_fault_is_no_error),
      cmocka_unit_test(a_text_that_does_not_fit_is_cut),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
