#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/philox.h"
#include "base/text.h"

static const char *end_of(const char *text) {
  return text + strlen(text);
}

static void assert_u64(const char *text, uint64_t wanted) {
  uint64_t value = ~wanted;
  assert_true(text_u64(text, end_of(text), &value));
  assert_true(value == wanted);
}

static void assert_i64(const char *text, int64_t wanted) {
  int64_t value = ~wanted;
  assert_true(text_i64(text, end_of(text), &value));
  assert_true(value == wanted);
}

static void assert_double(const char *text, double wanted) {
  double value = 12345.0;
  assert_true(text_double(text, end_of(text), &value));
  assert_memory_equal(&value, &wanted, sizeof value);
}

static void whole_numbers_reach_to_the_limits_of_their_type(void **state) {
  (void)state;
  assert_u64("0", 0);
  assert_u64("42", 42);
  assert_u64("18446744073709551615", UINT64_MAX);
  assert_i64("-1", -1);
  assert_i64("0", 0);
  assert_i64("9223372036854775807", INT64_MAX);
  assert_i64("-9223372036854775807", -INT64_MAX);
}

static void what_does_not_fit_is_no_number(void **state) {
  (void)state;
  static const char *const unsigned_ones[] = {"18446744073709551616", "18446744073709551625",
                                              "184467440737095516150", "99999999999999999999999"};
  static const char *const signed_ones[] = {"9223372036854775808", "-9223372036854775809",
                                            "18446744073709551615", "-18446744073709551616"};
  for (size_t i = 0; i < sizeof unsigned_ones / sizeof *unsigned_ones; i++) {
    uint64_t value = 7;
    assert_false(text_u64(unsigned_ones[i], end_of(unsigned_ones[i]), &value));
    assert_true(value == 7);
  }
  for (size_t i = 0; i < sizeof signed_ones / sizeof *signed_ones; i++) {
    int64_t value = 7;
    assert_false(text_i64(signed_ones[i], end_of(signed_ones[i]), &value));
    assert_true(value == 7);
  }
  double value;
  assert_false(text_double("1e309", end_of("1e309"), &value));
  assert_false(text_double("-1e309", end_of("-1e309"), &value));
}

static void only_the_strict_form_is_a_number(void **state) {
  (void)state;
  static const char *const none[] = {"",    " ",   "-",     "+1",   " 1",   "1 ",  "010", "00",
                                     "-01", "0x1", "1x",    "10x",  "nan",  "inf", "1_0", "1,5",
                                     "--1", "1-",  "0x1p3", "1\n",  "１",   "e5",  ".5",  "1.",
                                     "1e",  "1e+", "1.e5",  "-inf", "-nan", "1f",  "1..5"};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    uint64_t u;
    int64_t s;
    double d;
    assert_false(text_u64(none[i], end_of(none[i]), &u));
    assert_false(text_i64(none[i], end_of(none[i]), &s));
    assert_false(text_double(none[i], end_of(none[i]), &d));
  }
  uint64_t u;
  int64_t s;
  assert_false(text_u64("-1", end_of("-1"), &u));
  assert_false(text_u64("1.5", end_of("1.5"), &u));
  assert_false(text_i64("1.0", end_of("1.0"), &s));
  assert_false(text_i64("1e3", end_of("1e3"), &s));
}

static void the_end_of_a_number_is_where_it_was_said(void **state) {
  (void)state;
  const char *text = "12345";
  uint64_t value;
  double real;
  assert_true(text_u64(text, text + 2, &value));
  assert_true(value == 12);
  assert_true(text_double(text + 1, text + 4, &real));
  assert_true(real == 234.0);
}

static void real_numbers_are_read_correctly_rounded(void **state) {
  (void)state;
  assert_double("0", 0.0);
  assert_double("-0", -0.0);
  assert_double("-0.0", -0.0);
  assert_double("0.1", 0.1);
  assert_double("0.001", 0.001);
  assert_double("1e-3", 0.001);
  assert_double("1E+2", 100.0);
  assert_double("12.50e1", 125.0);
  assert_double("1.7976931348623157e308", DBL_MAX);
  assert_double("4.9406564584124654e-324", 0x1p-1074);
  assert_double("9007199254740993", 9007199254740992.0);
}

static void assert_round_trip(double value) {
  char text[TEXT_DOUBLE];
  text_from_double(value, text);
  double again = strtod(text, NULL);
  assert_memory_equal(&again, &value, sizeof value);
}

static void every_double_comes_back_from_its_text(void **state) {
  (void)state;
  static const double chosen[] = {0.0,     -0.0,    0.1,       1.0 / 3.0, 1e22, 1e23,
                                  DBL_MAX, DBL_MIN, 0x1p-1074, 5e-324,    -1e-7};
  for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++) assert_round_trip(chosen[i]);
  struct random random;
  random_init(&random, 1, STREAM_SYNTHETIC, 0, 0);
  for (size_t i = 0; i < 20000; i++) {
    uint64_t bits = (uint64_t)random_u32(&random) << 32;
    bits |= random_u32(&random);
    double value;
    memcpy(&value, &bits, sizeof value);
    if (isfinite(value)) assert_round_trip(value);
  }
}

static void a_double_is_written_as_short_as_it_can_be(void **state) {
  (void)state;
  static const struct {
    double value;
    const char *text;
  } pairs[] = {{0.1, "0.1"},
               {1.21, "1.21"},
               {0.001, "0.001"},
               {-2.5, "-2.5"},
               {0.1 + 0.2, "0.30000000000000004"},
               {0, "0"},
               {10, "10"},
               {-150, "-150"},
               {2000000, "2000000"},
               {999999999999999, "999999999999999"},
               {1e15, "1e+15"},
               {1e-7, "1e-07"}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    char text[TEXT_DOUBLE];
    text_from_double(pairs[i].value, text);
    assert_string_equal(text, pairs[i].text);
  }
}

/* The fewest digits that come back, found by trying each number of them. */
static void assert_fewest_digits(double value) {
  char text[TEXT_DOUBLE], fewest[TEXT_DOUBLE] = "";
  if (!isfinite(value) || (fabs(value) < 1e15 && value == floor(value))) return;
  for (int digits = 1; digits <= 17 && (fewest[0] == '\0' || strtod(fewest, NULL) != value);
       digits++) {
    (void)snprintf(fewest, sizeof fewest, "%.*g", digits, value);
  }
  text_from_double(value, text);
  assert_string_equal(text, fewest);
}

static void no_double_has_a_shorter_text(void **state) {
  (void)state;
  struct random random;
  random_init(&random, 2, STREAM_SYNTHETIC, 0, 0);
  for (size_t i = 0; i < 20000; i++) {
    const uint64_t bits = (uint64_t)random_u32(&random) << 32 | random_u32(&random);
    const uint64_t small = bits >> (12 + i % 52); /* denormals */
    double value, denormal;
    memcpy(&value, &bits, sizeof value);
    memcpy(&denormal, &small, sizeof denormal);
    assert_fewest_digits(value);
    assert_fewest_digits(denormal);
    /* Decimals of few digits, with exponents of all sizes. */
    char decimal[64];
    (void)snprintf(decimal, sizeof decimal, "%ue%d", (unsigned)(bits >> 32) >> i % 32,
                   (int)(bits % 620) - 320);
    assert_fewest_digits(strtod(decimal, NULL));
    assert_fewest_digits((double)(bits >> 40) / 1000);
  }
}

static void a_rounded_number_has_no_exponent_where_people_count(void **state) {
  (void)state;
  static const struct {
    double value;
    int digits;
    const char *text;
  } pairs[] = {{10, 3, "10"},
               {0.78125, 3, "0.781"},
               {999.4, 3, "999"},
               {999.5, 3, "1000"},
               {1234.6, 3, "1235"},
               {-20000, 4, "-20000"},
               {0.00012345, 4, "0.0001234"},
               {1e-7, 4, "1e-07"},
               {1e20, 4, "1e+20"}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    struct text text = {0};
    text_add_rounded(&text, pairs[i].value, pairs[i].digits);
    assert_string_equal(text.text, pairs[i].text);
    text_clear(&text);
  }
}

static void a_text_grows_by_what_is_added(void **state) {
  (void)state;
  struct text text = {0};
  text_add_bytes(&text, "a\0b", 3);
  assert_int_equal(text.length, 3);
  assert_memory_equal(text.text, "a\0b", 4);
  text_clear(&text);
  assert_null(text.text);
  size_t length = 0;
  for (int i = 0; i < 1000; i++) {
    text_add(&text, "%d,", i);
    length += i < 10 ? 2 : i < 100 ? 3 : 4;
    assert_int_equal(text.length, length);
    assert_int_equal(strlen(text.text), length);
  }
  assert_false(text.failed);
  assert_memory_equal(text.text + length - 8, "998,999,", 8);
  text_clear(&text);
}

static void the_nearest_word_is_found_within_a_third_of_its_length(void **state) {
  (void)state;
  static const char *const words[] = {"hidden", "dropout", "activation", "columns", "dim"};
  enum { WORDS = sizeof words / sizeof *words };
  assert_string_equal(text_nearest("hiden", words, WORDS), "hidden");
  assert_string_equal(text_nearest("hidedn", words, WORDS), "hidden");
  assert_string_equal(text_nearest("drouput", words, WORDS), "dropout");
  assert_string_equal(text_nearest("activtions", words, WORDS), "activation");
  assert_string_equal(text_nearest("dmi", words, WORDS), "dim");
  assert_string_equal(text_nearest("dim", words, WORDS), "dim");
  assert_null(text_nearest("dxy", words, WORDS));
  assert_null(text_nearest("epochs", words, WORDS));
  assert_null(text_nearest("", words, WORDS));
  assert_null(text_nearest("hidden", words, 0));
}

static void a_word_that_is_a_part_of_one_alone_is_that(void **state) {
  (void)state;
  static const char *const words[] = {"uniform", "log_uniform_values", "int_uniform"};
  assert_string_equal(text_nearest("log_uniform", words, 3), "log_uniform_values");
  assert_string_equal(text_nearest("loguniform", words, 3), "log_uniform_values");
  assert_string_equal(text_nearest("log-uniform", words, 3), "log_uniform_values");
  assert_string_equal(text_nearest("log", words, 3), "log_uniform_values");
  assert_string_equal(text_nearest("int", words, 3), "int_uniform");
  assert_string_equal(text_nearest("uniform", words, 3), "uniform");
  assert_string_equal(text_nearest("unifrom", words, 3), "uniform");
  assert_string_equal(text_nearest("in_uniform", words, 3), "int_uniform");
  assert_null(text_nearest("form", words, 3)); /* of all three */
  assert_null(text_nearest("lo", words, 3));
}

static void of_equally_near_words_the_first_is_taken(void **state) {
  (void)state;
  static const char *const words[] = {"bat", "cat", "rat"};
  assert_string_equal(text_nearest("hat", words, 3), "bat");
}

static void a_very_long_word_is_near_to_none(void **state) {
  (void)state;
  char word[200];
  memset(word, 'a', sizeof word - 1);
  word[sizeof word - 1] = '\0';
  static const char *const words[] = {"a"};
  assert_null(text_nearest(word, words, 1));
}

static void words_are_wrapped_at_blanks_but_not_at_tabs(void **state) {
  (void)state;
  struct text text = {0};
  text_add(&text, "%*s", 70, "label");
  text_add_wrapped(&text, 70, 4, "seventy one\ttwo [--jobs\tN] end");
  const char *second = strchr(text.text, '\n');
  assert_int_equal(second - text.text, 77);
  assert_string_equal(second, "\n    one two [--jobs N] end\n");
  text_clear(&text);
  char word[TEXT_WIDTH + 2] = "";
  memset(word, 'x', TEXT_WIDTH + 1);
  text_add_wrapped(&text, 0, 0, word);
  assert_int_equal(text.length, TEXT_WIDTH + 2);
  text_clear(&text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(whole_numbers_reach_to_the_limits_of_their_type),
      cmocka_unit_test(what_does_not_fit_is_no_number),
      cmocka_unit_test(only_the_strict_form_is_a_number),
      cmocka_unit_test(the_end_of_a_number_is_where_it_was_said),
      cmocka_unit_test(real_numbers_are_read_correctly_rounded),
      cmocka_unit_test(every_double_comes_back_from_its_text),
      cmocka_unit_test(a_double_is_written_as_short_as_it_can_be),
      cmocka_unit_test(no_double_has_a_shorter_text),
      cmocka_unit_test(a_rounded_number_has_no_exponent_where_people_count),
      cmocka_unit_test(a_text_grows_by_what_is_added),
      cmocka_unit_test(words_are_wrapped_at_blanks_but_not_at_tabs),
      cmocka_unit_test(the_nearest_word_is_found_within_a_third_of_its_length),
      cmocka_unit_test(a_word_that_is_a_part_of_one_alone_is_that),
      cmocka_unit_test(of_equally_near_words_the_first_is_taken),
      cmocka_unit_test(a_very_long_word_is_near_to_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
