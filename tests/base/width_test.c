/* base/width.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/width.h"

static void widths_are_those_on_a_terminal(void **state) {
  (void)state;
  assert_int_equal(width_of("abc"), 3);
  assert_int_equal(width_of("±é"), 2);
  assert_int_equal(width_of("e\xcc\x81"), 1); /* a combining accent */
  assert_int_equal(width_of("映画"), 4);
  assert_int_equal(width_of("\xff"), 1);
  assert_int_equal(width_of("\xe6\x98"), 2); /* cut short: two stray bytes */
}

static void a_line_ends_at_a_blank_or_between_characters(void **state) {
  (void)state;
  assert_int_equal(width_fit("ab cd ef", 8), 8);
  assert_int_equal(width_fit("ab cd ef", 7), 5);
  assert_int_equal(width_fit("ab cd ef", 5), 5); /* the blank that follows may hang over */
  assert_int_equal(width_fit("ab cd ef", 4), 2);
  assert_int_equal(width_fit("abcdef", 4), 4);
  assert_int_equal(width_fit("映画", 3), 3); /* one character of three bytes, two columns */
  assert_int_equal(width_fit("映画", 1), 3);
  assert_int_equal(width_fit("", 4), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(widths_are_those_on_a_terminal),
      cmocka_unit_test(a_line_ends_at_a_blank_or_between_characters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
