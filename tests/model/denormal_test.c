/* Rows that a batch does not read have no gradient: their moments shrink by
 * beta at every step, and would be denormal after some 760 steps (0.9^760 is
 * 1e-35), where many processors are slow. Flush-to-zero is off. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "model/optimizer.h"
#include "tests/model/model_fixture.h"

enum { STEPS = 100000, WINDOW = 1000 };

static size_t denormals(const float *values, size_t count) {
  size_t found = 0;
  for (size_t i = 0; i < count; i++) found += fpclassify(values[i]) == FP_SUBNORMAL;
  return found;
}

/* The fastest of some runs of WINDOW steps, in time of the processor, so that
 * another process on the machine does not count. */
static double window_seconds(struct optimizer *optimizer, struct wide_deep *model,
                             const struct workspace *workspace, const struct kernels *kernels) {
  double best = INFINITY;
  for (int run = 0; run < 5; run++) {
    double start = clock_cpu();
    for (int step = 0; step < WINDOW / 5; step++) {
      optimizer_step(optimizer, model, workspace, 0, kernels);
    }
    double taken = clock_cpu() - start;
    if (taken < best) best = taken;
  }
  return best;
}

static void check(enum isa isa) {
  struct error error = {0};
  struct fixture fixture;
  struct wide_deep model;
  struct workspace workspace;
  struct optimizer optimizer;
  const struct kernels *kernels = kernels_of(isa);
  const struct train_spec spec = {.epochs = 1,
                                  .batch_size = 32,
                                  .optimizer = {OPTIMIZER_ADAM, 0.001, 0, 0, 0, 0},
                                  .averaging = {.on = true, .ema = 0.998}};
  fixture_init(&fixture, 64, &(struct fixture_options){0});
  assert_true(wide_deep_init(&model, &fixture.spec, &fixture.encoding, 1, &error));
  assert_true(workspace_init(&workspace, &model, 32, &error));
  assert_true(optimizer_init(&optimizer, &spec, &model, 32, &error));
  for (size_t i = 0; i < model.floats; i++) model.gradients[i] = (float)(1 + i % 7) * 1e-3f;
  optimizer_step(&optimizer, &model, &workspace, 0, kernels);
  memset(model.gradients, 0, model.floats * sizeof *model.gradients);

  double first = window_seconds(&optimizer, &model, &workspace, kernels), slowest = first;
  for (int step = WINDOW; step < STEPS; step += WINDOW) {
    double taken = window_seconds(&optimizer, &model, &workspace, kernels);
    if (taken > slowest) slowest = taken;
    assert_int_equal(denormals(optimizer.first, model.floats), 0);
    assert_int_equal(denormals(optimizer.second, model.floats), 0);
  }
  for (size_t i = 0; i < model.floats; i++) {
    assert_true(optimizer.first[i] == 0.0f && optimizer.second[i] == 0.0f);
  }
  if (slowest > 3 * first) {
    fail_msg("%s: %.3f ms at first, %.3f ms later for the same steps", isa_name(isa), 1e3 * first,
             1e3 * slowest);
  }
  optimizer_clear(&optimizer);
  workspace_clear(&workspace);
  wide_deep_clear(&model);
  fixture_clear(&fixture);
}

static void untouched_moments_become_zero_and_no_step_slows_down(void **state) {
  (void)state;
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    if (kernels_of(isa) != NULL) check(isa);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(untouched_moments_become_zero_and_no_step_slows_down),
  };
  return cmocka_run_group_tests_name("denormals", tests, NULL, NULL);
}
