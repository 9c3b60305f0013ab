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

static void a_line_ends_before_no_sign_and_in_no_word(void **state) {
  (void)state;
  assert_int_equal(width_fit("ab + cd", 4), 4);            /* not before the + */
  assert_int_equal(width_fit("ab cd *", 6), 2);            /* the mark stays with its word */
  assert_int_equal(width_fit("abcd *", 5), 4);             /* unless there is no other place */
  assert_int_equal(width_fit("gender*genre", 9), 7);       /* after the star */
  assert_int_equal(width_fit("a,b,c", 3), 2);              /* after a comma */
  assert_int_equal(width_fit("abcde efg*h", 10), 5);       /* a blank in the middle of the line */
  assert_int_equal(width_fit("ab efghijk*lm", 12), 11);    /* and the star else */
  assert_int_equal(width_least("user_id + item_id *"), 9); /* "item_id *" */
  assert_int_equal(width_least("gender*genre"), 7);
  assert_int_equal(width_least("映画"), 2);
  assert_int_equal(width_least(""), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(widths_are_those_on_a_terminal),
      cmocka_unit_test(a_line_ends_at_a_blank_or_between_characters),
      cmocka_unit_test(a_line_ends_before_no_sign_and_in_no_word),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
