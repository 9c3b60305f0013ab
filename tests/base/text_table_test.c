/* base/text_table.h: what keeps to the width of a page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text_table.h"

static const char *const rows[2][4] = {{"age, gender, occupation, genre", "1.25", "100", "7"},
                                       {"age", "1.5", "90", "8"}};

static void cell_of(const void *context, size_t row, size_t column, struct text *cell) {
  (void)context;
  text_add(cell, "%s", rows[row][column]);
}

static const struct text_table_column columns[] = {
    {.name = "name", .left = true, .wraps = true},
    {.name = "MSE"},
    {.name = "size", .rank = 1},
    {.name = "n", .rank = 2},
};

static void must_be(size_t width, const char *wanted, unsigned left_out) {
  struct text text = {0};
  bool out[4] = {false};
  const struct text_table table = {.column = columns,
                                   .columns = 4,
                                   .rows = 2,
                                   .cell = cell_of,
                                   .page_width = width,
                                   .left_out = out};
  assert_int_equal(text_table_width(&table), 45);
  text_table_write(&table, TEXT_TABLE_TEXT, &text);
  assert_string_equal(text.text, wanted);
  for (unsigned c = 0; c < 4; c++) assert_int_equal(out[c], left_out >> c & 1u);
  text_clear(&text);
}

/* The name needs 24 columns, the others 4, 4 and 1, and 2 before each. */
static void words_wrap_before_columns_are_left_out(void **state) {
  (void)state;
  static const char whole[] =
      "name                             MSE  size  n\n"
      "age, gender, occupation, genre  1.25   100  7\n"
      "age                              1.5    90  8\n";
  must_be(0, whole, 0);
  must_be(45, whole, 0);
  must_be(39,
          "name                       MSE  size  n\n"
          "age, gender, occupation,  1.25   100  7\n"
          "  genre\n"
          "age                        1.5    90  8\n",
          0);
  must_be(38,
          "name                         MSE  size\n"
          "age, gender, occupation,    1.25   100\n"
          "  genre\n"
          "age                          1.5    90\n",
          8);
  must_be(30,
          "name                       MSE\n"
          "age, gender, occupation,  1.25\n"
          "  genre\n"
          "age                        1.5\n",
          12);
}

/* What is never left out stands even if the lines are longer than the page. */
static void a_page_too_narrow_keeps_the_first_columns(void **state) {
  (void)state;
  must_be(10,
          "name              MSE\n"
          "age, gender,     1.25\n"
          "  occupation,\n"
          "  genre\n"
          "age               1.5\n",
          12);
}

static void a_paragraph_is_broken_between_words(void **state) {
  (void)state;
  struct text text = {0};
  text_table_add_paragraph(&text, "one two three four", 9);
  assert_string_equal(text.text, "one two\n  three\n  four\n");
  text_clear(&text);
  text_table_add_paragraph(&text, "one two three four", 0);
  assert_string_equal(text.text, "one two three four\n");
  text_clear(&text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(words_wrap_before_columns_are_left_out),
      cmocka_unit_test(a_page_too_narrow_keeps_the_first_columns),
      cmocka_unit_test(a_paragraph_is_broken_between_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
