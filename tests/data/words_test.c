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

static void append(struct words *words, const char *text) {
  struct error error = {0};
  assert_true(words_append(words, text, strlen(text), &error));
}

/* Out of order, before all others and among them; each id is still found, and no appended one. */
static void appended_words_hide_no_other(void **state) {
  (void)state;
  static const char *const ids[][4] = {{"3", "10", "200", "3000"}, {"Ada", "Ben", "Eve", "Zoe"}};
  static const char *const later[][4] = {{"1", "x", "20", "0"}, {"Aaa", "Ute", "Cid", ""}};
  for (size_t i = 0; i < 2; i++) {
    struct words_builder builder = {0};
    struct error error = {0};
    uint32_t *code_of;
    for (size_t k = 4; k-- > 0;) (void)add(&builder, ids[i][k]);
    assert_true(words_builder_sort(&builder, WORDS_IDS, &code_of, &error));
    free(code_of);
    struct words words = words_builder_take(&builder);
    for (uint32_t added = 0; added < 4; added++) {
      append(&words, later[i][added]);
      for (uint32_t k = 0; k < 4; k++) {
        assert_int_equal(words_find(&words, ids[i][k], strlen(ids[i][k])), k);
        assert_string_equal(words_text(&words, k), ids[i][k]);
        assert_int_equal(words_find(&words, later[i][k], strlen(later[i][k])), WORDS_NONE);
      }
      assert_int_equal(words.count, 5 + added);
      assert_string_equal(words_text(&words, 4 + added), later[i][added]);
      assert_int_equal(words_length(&words, 4 + added), strlen(later[i][added]));
    }
    struct words copy;
    assert_true(words_copy(&copy, &words, &error));
    assert_int_equal(words_find(&copy, ids[i][3], strlen(ids[i][3])), 3);
    words_clear(&copy);
    words_clear(&words);
  }
}

static void the_first_word_may_be_appended(void **state) {
  (void)state;
  struct words words = {0};
  append(&words, "");
  append(&words, "later");
  assert_int_equal(words.count, 2);
  assert_string_equal(words_text(&words, 0), "");
  assert_string_equal(words_text(&words, 1), "later");
  words_clear(&words);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_text_keeps_the_code_of_its_first_appearance),
      cmocka_unit_test(numbers_are_found_while_the_words_grow_and_after_their_sorting),
      cmocka_unit_test(appended_words_hide_no_other),
      cmocka_unit_test(the_first_word_may_be_appended),
  };
  return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
