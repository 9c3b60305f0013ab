#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"

static float float_of(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* XXH3's own value for no bytes and seed 0. */
static void the_digest_is_xxh3(void **state) {
  (void)state;
  assert_true(digest_bytes("", 0) == 0x2d06800538d394c2u);
}

static void every_nan_counts_as_one(void **state) {
  (void)state;
  static const uint32_t nans[] = {0x7fc00000, 0xffc00000, 0x7f800001, 0xffffffff, 0x7fa5a5a5};
  float values[3] = {1.0f, float_of(0x7fc00000), -2.0f};
  uint64_t wanted = digest_floats(0, values, 3);
  assert_true(wanted == digest_bytes(values, sizeof values));
  for (size_t i = 0; i < sizeof nans / sizeof *nans; i++) {
    memcpy(&values[1], &nans[i], sizeof nans[i]);
    assert_true(digest_floats(0, values, 3) == wanted);
  }
  values[1] = INFINITY;
  assert_true(digest_floats(0, values, 3) != wanted);
}

static void zeros_count_with_their_sign_and_denormals_with_their_bits(void **state) {
  (void)state;
  static const uint32_t bits[] = {0, 0x80000000, 1, 0x80000001, 0x7f800000, 0xff800000};
  enum { COUNT = sizeof bits / sizeof *bits };
  for (size_t i = 0; i < COUNT; i++) {
    for (size_t j = 0; j < i; j++) {
      float a = float_of(bits[i]), b = float_of(bits[j]);
      assert_true(digest_floats(0, &a, 1) != digest_floats(0, &b, 1));
    }
  }
}

static void order_matters(void **state) {
  (void)state;
  uint64_t ab = digest_extend(digest_extend(0, "a", 1), "b", 1);
  uint64_t ba = digest_extend(digest_extend(0, "b", 1), "a", 1);
  assert_true(ab != ba);
  assert_true(ab != digest_extend(0, "b", 1));
  float up[] = {1.0f, 2.0f}, down[] = {2.0f, 1.0f};
  assert_true(digest_floats(0, up, 2) != digest_floats(0, down, 2));
}

static void every_element_of_a_long_array_counts(void **state) {
  (void)state;
  enum { COUNT = 3000 };
  float *values = calloc(COUNT, sizeof *values);
  assert_non_null(values);
  uint64_t before = digest_floats(5, values, COUNT);
  assert_true(before != digest_floats(6, values, COUNT));
  for (size_t i = 0; i < COUNT; i++) {
    values[i] = 1.0f;
    assert_true(digest_floats(5, values, COUNT) != before);
    values[i] = 0.0f;
  }
  assert_true(digest_floats(5, values, COUNT) == before);
  assert_true(digest_floats(5, values, COUNT - 1) != before);
  free(values);
}

static void a_text_has_sixteen_digits(void **state) {
  (void)state;
  char text[DIGEST_TEXT];
  digest_text(0x00ab, text);
  assert_string_equal(text, "00000000000000ab");
  digest_text(UINT64_MAX, text);
  assert_string_equal(text, "ffffffffffffffff");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_digest_is_xxh3),
      cmocka_unit_test(every_nan_counts_as_one),
      cmocka_unit_test(zeros_count_with_their_sign_and_denormals_with_their_bits),
      cmocka_unit_test(order_matters),
      cmocka_unit_test(every_element_of_a_long_array_counts),
      cmocka_unit_test(a_text_has_sixteen_digits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
