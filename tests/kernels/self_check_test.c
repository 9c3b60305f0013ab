/* kernels/self_check.h: right kernels pass on each instruction set, wrong ones are named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/self_check.h"

static void every_instruction_set_passes(void **state) {
  (void)state;
  size_t tried = 0;
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    struct error error = {0};
    if (!isa_runs_here(isa)) continue;
    if (!kernels_self_check(kernels_of(isa), &error)) fail_msg("%s", error.message);
    tried++;
  }
  assert_true(tried > 0);
}

/* The last bit of one weight, as another rounding would leave it. */
static void another_adam(const struct adam *a) {
  uint32_t bits;
  kernels_of(ISA_SCALAR)->adam(a);
  memcpy(&bits, &a->w[a->n - 1], sizeof bits);
  bits ^= 1;
  memcpy(&a->w[a->n - 1], &bits, sizeof bits);
}

/* Denormal sums become 0, as where they are flushed. */
static void another_dense(const struct dense_forward *a) {
  kernels_of(ISA_SCALAR)->dense_forward(a);
  for (size_t i = 0; i < a->m * a->n; i++) {
    if (a->y[i] > -1.1e-38f && a->y[i] < 1.1e-38f) a->y[i] = 0.0f;
  }
}

static void another_rounding_is_named(void **state) {
  (void)state;
  struct kernels kernels = *kernels_of(ISA_SCALAR);
  struct error error = {0};
  kernels.adam = another_adam;
  assert_false(kernels_self_check(&kernels, &error));
  assert_int_equal(error.kind, ERROR_SYSTEM);
  assert_string_equal(error.message,
                      "the scalar kernels give other numbers than they must (adam)\n"
                      "build without flags that change floating point, such as -ffast-math");
  kernels = *kernels_of(ISA_SCALAR);
  kernels.dense_forward = another_dense;
  assert_false(kernels_self_check(&kernels, &error));
  assert_non_null(strstr(error.message, "(dense_forward)"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_instruction_set_passes),
      cmocka_unit_test(another_rounding_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
