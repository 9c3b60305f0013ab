/* Another program, run to its end. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/child.h"

static void both_streams_come_back_whole(void **state) {
  (void)state;
  /* More than a pipe holds, on both: one after the other would never end. */
  const char *const arguments[] = {
      "sh", "-c",
      "head -c 300000 /dev/zero | tr '\\0' e >&2; head -c 200000 /dev/zero | tr '\\0' o", NULL};
  struct child_end end;
  assert_int_equal(child_run(arguments, NULL, &end), 0);
  assert_true(end.good);
  assert_int_equal(end.output.length, 200000);
  assert_int_equal(end.messages.length, 300000);
  assert_int_equal(end.output.text[199999], 'o');
  assert_int_equal(end.messages.text[299999], 'e');
  child_end_clear(&end);
}

/* No shell takes them apart. */
static void arguments_arrive_as_they_are(void **state) {
  (void)state;
  const char *const arguments[] = {"printf", "%s|", "two words", "$HOME", "a;b", "'\"", "", NULL};
  struct child_end end;
  assert_int_equal(child_run(arguments, NULL, &end), 0);
  assert_true(end.good);
  assert_string_equal(end.output.text, "two words|$HOME|a;b|'\"||");
  child_end_clear(&end);
}

static void a_failure_keeps_its_message(void **state) {
  (void)state;
  const char *const fails[] = {"sh", "-c", "echo why >&2; exit 3", NULL};
  const char *const dies[] = {"sh", "-c", "kill -9 $$", NULL};
  struct child_end end;
  assert_int_equal(child_run(fails, NULL, &end), 0);
  assert_false(end.good);
  assert_string_equal(end.messages.text, "why\n");
  child_end_clear(&end);
  assert_int_equal(child_run(dies, NULL, &end), 0);
  assert_false(end.good);
  child_end_clear(&end);
}

static void a_missing_program_is_told(void **state) {
  (void)state;
  const char *const arguments[] = {"no-such-program-of-any-kind", NULL};
  struct child_end end;
  assert_int_equal(child_run(arguments, NULL, &end), ENOENT);
  assert_false(end.good);
  child_end_clear(&end);
}

static void it_has_the_environment_that_it_is_given(void **state) {
  (void)state;
  const char *const arguments[] = {"/bin/sh", "-c", "printf %s \"$ONLY\"; cat", NULL};
  char only[] = "ONLY=this";
  char path[] = "PATH=/bin:/usr/bin";
  char *const environment[] = {only, path, NULL};
  struct child_end end;
  assert_int_equal(child_run(arguments, environment, &end), 0);
  assert_true(end.good); /* cat ended: its input is /dev/null */
  assert_string_equal(end.output.text, "this");
  child_end_clear(&end);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(both_streams_come_back_whole),
      cmocka_unit_test(arguments_arrive_as_they_are),
      cmocka_unit_test(a_failure_keeps_its_message),
      cmocka_unit_test(a_missing_program_is_told),
      cmocka_unit_test(it_has_the_environment_that_it_is_given),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
