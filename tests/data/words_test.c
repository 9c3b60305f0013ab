/* Texts and their codes: those that write numbers are found by number, the others by hash. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/words.h"
#include "data_fixture.h"

static uint32_t add(struct words_builder *builder, const char *text) {
  struct error error = {0};
  uint32_t code = WORDS_NONE;
  assert_true(words_builder_add(builder, text, strlen(text), &code, &error));
  return code;
}

static uint32_t find(const struct words_builder *builder, const char *text) {
  return words_builder_find(builder, text, strlen(text));
}

/* Numbers beyond the places, with zeros before them, of many digits: words like others. */
static void each_text_keeps_the_code_of_its_first_appearance(void **state) {
  (void)state;
  static const char *const text[] = {"7",  "07",         "7.0",        "+7",
                                     " 7", "0",          "00",         "",
                                     "-7", "1000000000", "4294967295", "18446744073709551617",
                                     "63", "64",         "65",         "drama"};
  enum { COUNT = sizeof text / sizeof *text };
  struct words_builder builder = {0};
  assert_int_equal(find(&builder, "7"), WORDS_NONE);
  for (uint32_t i = 0; i < COUNT; i++) assert_int_equal(add(&builder, text[i]), i);
  for (uint32_t i = 0; i < COUNT; i++) {
    assert_int_equal(add(&builder, text[i]), i);
    assert_int_equal(find(&builder, text[i]), i);
  }
  assert_int_equal(find(&builder, "8"), WORDS_NONE);
  assert_int_equal(find(&builder, "66"), WORDS_NONE);
  assert_int_equal(builder.words.count, COUNT);
  words_builder_clear(&builder);
}

/* Ids with gaps come in any order, more and more of them within the places. */
static void numbers_are_found_while_the_words_grow_and_after_their_sorting(void **state) {
  (void)state;
  enum { COUNT = 3000, GAP = 37, MODULUS = COUNT };
  struct words_builder builder = {0};
  struct error error = {0};
  char text[16];
  for (uint32_t i = 0; i < COUNT; i++) {
    (void)snprintf(text, sizeof text, "%u", i * 1009 % MODULUS * GAP);
    assert_int_equal(find(&builder, text), WORDS_NONE);
    assert_int_equal(add(&builder, text), i);
    assert_int_equal(add(&builder, text), i);
  }
  assert_int_equal(builder.words.count, COUNT);
  uint32_t *code_of;
  assert_true(words_builder_sort(&builder, WORDS_IDS, &code_of, &error));
  for (uint32_t i = 0; i < COUNT; i++) {
    (void)snprintf(text, sizeof text, "%u", i * GAP);
    assert_int_equal(find(&builder, text), i);
    (void)snprintf(text, sizeof text, "%u", i * GAP + 1);
    assert_int_equal(find(&builder, text), WORDS_NONE);
    assert_int_equal(code_of[i], i * 1009 % MODULUS);
  }
  free(code_of);
  words_builder_clear(&builder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_text_keeps_the_code_of_its_first_appearance),
      cmocka_unit_test(numbers_are_found_while_the_words_grow_and_after_their_sorting),
  };
  return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
