/* Kernels whose work threads share by its outputs: the parts are the whole, to
 * the bit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/kernels.h"

enum { GROUPS = 203, UNIT = 8 };

static struct dropout_keep dropout(uint16_t *keep, size_t first, size_t end) {
  return (struct dropout_keep){.first = first,
                               .groups = end - first,
                               .keep = keep + first,
                               .threshold = 20000,
                               .key = {1, 2},
                               .counter = {3, 4, 5}};
}

static void dropout_in_two_parts_is_dropout_as_a_whole(void **state) {
  (void)state;
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    if (!isa_runs_here(isa)) continue;
    const struct kernels *kernels = kernels_of(isa);
    uint16_t whole[GROUPS] = {0};
    struct dropout_keep all = dropout(whole, 0, GROUPS);
    kernels->dropout_keep(&all);
    for (size_t cut = 0; cut < GROUPS; cut += UNIT) {
      uint16_t parts[GROUPS] = {0};
      struct dropout_keep before = dropout(parts, 0, cut), after = dropout(parts, cut, GROUPS);
      kernels->dropout_keep(&after);
      kernels->dropout_keep(&before);
      assert_memory_equal(parts, whole, sizeof whole);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(dropout_in_two_parts_is_dropout_as_a_whole),
  };
  return cmocka_run_group_tests_name("parts", tests, NULL, NULL);
}
