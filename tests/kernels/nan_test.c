/* A lost number stays lost: an activation that turned NaN into 0 would hide a
 * diverged training from its loss. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernels/kernels.h"

enum { ROWS = 3, INPUTS = 5, OUTPUTS = 19 };

static void a_dense_layer_keeps_nan_with_and_without_relu(void **state) {
  (void)state;
  static const enum activation activations[] = {ACTIVATION_IDENTITY, ACTIVATION_RELU};
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    if (!isa_runs_here(isa)) continue;
    for (size_t i = 0; i < sizeof activations / sizeof *activations; i++) {
      float x[ROWS * INPUTS] = {0}, w[INPUTS * OUTPUTS] = {0}, bias[OUTPUTS] = {0};
      float y[ROWS * OUTPUTS] = {0};
      x[1 * INPUTS + 2] = NAN;
      kernels_of(isa)->dense_forward(&(struct dense_forward){.m = ROWS,
                                                             .k = INPUTS,
                                                             .n = OUTPUTS,
                                                             .x = x,
                                                             .x_ld = INPUTS,
                                                             .w = w,
                                                             .w_ld = OUTPUTS,
                                                             .bias = bias,
                                                             .y = y,
                                                             .y_ld = OUTPUTS,
                                                             .activation = activations[i]});
      for (size_t j = 0; j < ROWS * OUTPUTS; j++) {
        assert_int_equal(isnan(y[j]) != 0, j / OUTPUTS == 1);
      }
    }
  }
}

static void relu_by_itself_keeps_nan(void **state) {
  (void)state;
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    if (!isa_runs_here(isa)) continue;
    float y[OUTPUTS] = {[3] = NAN, [17] = NAN};
    kernels_of(isa)->activate(&(struct activate){
        .m = 1, .n = OUTPUTS, .y = y, .y_ld = OUTPUTS, .activation = ACTIVATION_RELU});
    for (size_t j = 0; j < OUTPUTS; j++) assert_int_equal(isnan(y[j]) != 0, j == 3 || j == 17);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_dense_layer_keeps_nan_with_and_without_relu),
      cmocka_unit_test(relu_by_itself_keeps_nan),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
