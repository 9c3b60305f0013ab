#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

static void a_size_that_overflows_is_refused(void **state) {
  (void)state;
  static const size_t sizes[][2] = {{SIZE_MAX, 2},         {2, SIZE_MAX}, {SIZE_MAX / 4 + 1, 4},
                                    {SIZE_MAX / 8 + 2, 8}, {SIZE_MAX, 1}, {SIZE_MAX - 1, 1}};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    struct error error = {0};
    assert_null(memory_array(sizes[i][0], sizes[i][1], &error));
    assert_int_equal(error.kind, ERROR_SYSTEM);
    assert_memory_equal(error.message, "out of memory", strlen("out of memory"));
    error = (struct error){0};
    assert_null(memory_aligned(sizes[i][0], sizes[i][1], &error));
    assert_int_equal(error.kind, ERROR_SYSTEM);
    error = (struct error){0};
    assert_null(memory_grow(NULL, sizes[i][0], sizes[i][1], &error));
    assert_int_equal(error.kind, ERROR_SYSTEM);
  }
}

static void a_failed_growth_keeps_the_block(void **state) {
  (void)state;
  struct error error = {0};
  char *block = memory_text("kept", &error);
  assert_non_null(block);
  assert_null(memory_grow(block, SIZE_MAX, 8, &error));
  assert_string_equal(block, "kept");
  char *grown = memory_grow(block, 1000, 1, &error);
  assert_non_null(grown);
  assert_string_equal(grown, "kept");
  free(grown);
}

static void new_arrays_hold_zeros(void **state) {
  (void)state;
  enum { COUNT = 1001 };
  static const unsigned char zeros[COUNT * 4];
  struct error error = {0};
  void *plain = memory_array(COUNT, 4, &error), *aligned = memory_aligned(COUNT, 4, &error);
  assert_non_null(plain);
  assert_non_null(aligned);
  assert_memory_equal(plain, zeros, sizeof zeros);
  assert_memory_equal(aligned, zeros, sizeof zeros);
  free(plain);
  free(aligned);
}

static void aligned_arrays_start_a_cache_line(void **state) {
  (void)state;
  struct error error = {0};
  for (size_t count = 0; count < 100; count++) {
    void *block = memory_aligned(count, 4, &error);
    assert_non_null(block);
    assert_int_equal((uintptr_t)block % 64, 0);
    free(block);
  }
}

/* Cache lines; from 8 MiB on huge pages. */
static void aligned_arrays_are_rounded_up(void **state) {
  (void)state;
  static const size_t bytes[][2] = {{0, 64},
                                    {1, 64},
                                    {64, 64},
                                    {65, 128},
                                    {(8 << 20) - 64, (8 << 20) - 64},
                                    {8 << 20, 8 << 20},
                                    {(8 << 20) + 1, 10 << 20}};
  for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
    assert_int_equal(memory_aligned_bytes(bytes[i][0]), bytes[i][1]);
  }
}

static void nothing_is_still_a_block(void **state) {
  (void)state;
  struct error error = {0};
  void *array = memory_array(0, 8, &error), *grown = memory_grow(NULL, 0, 8, &error);
  assert_non_null(array);
  assert_non_null(grown);
  free(array);
  free(grown);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_size_that_overflows_is_refused),
      cmocka_unit_test(a_failed_growth_keeps_the_block),
      cmocka_unit_test(new_arrays_hold_zeros),
      cmocka_unit_test(aligned_arrays_start_a_cache_line),
      cmocka_unit_test(aligned_arrays_are_rounded_up),
      cmocka_unit_test(nothing_is_still_a_block),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
