#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mdoc.h"

static void becomes(const char *plain, const char *page) {
  struct text text = {0};
  mdoc_add(&text, plain);
  assert_string_equal(text.text, page);
  text_clear(&text);
}

static void nothing_plain_is_a_request_or_an_escape(void **state) {
  (void)state;
  becomes(".Sh here", "\\&.Sh here");
  becomes("'a' \\fB", "\\&'a' \\efB");
  becomes("One. 'Two'", "One.\n\\&'Two'");
}

static void options_and_names_are_typed_as_they_stand(void **state) {
  (void)state;
  becomes("with --dry-run", "with \\-\\-dry-run");
  becomes("as `fail-fast` is", "as \\fBfail\\-fast\\fR is");
  becomes("set data.path here.", "set \\%data.path here.");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_plain_is_a_request_or_an_escape),
      cmocka_unit_test(options_and_names_are_typed_as_they_stand),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
