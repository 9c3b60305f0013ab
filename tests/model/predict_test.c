/* Predictions of a model whose output is known: all weights are zero but the
 * last bias. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/model_predict.h"
#include "tests/model/model_fixture.h"

enum { ROWS = 7, BATCH = 3 };

struct constant {
  struct fixture fixture;
  struct wide_deep model;
  struct workspace workspace;
};

static void constant_init(struct constant *c) {
  struct error error = {0};
  fixture_init(&c->fixture, ROWS, &(struct fixture_options){0});
  assert_true(wide_deep_init(&c->model, &c->fixture.spec, &c->fixture.encoding, 1, &error));
  assert_true(workspace_init(&c->workspace, &c->model, BATCH, &error));
  memset(c->model.weights, 0, c->model.floats * sizeof(float));
}

static void constant_clear(struct constant *c) {
  workspace_clear(&c->workspace);
  wide_deep_clear(&c->model);
  fixture_clear(&c->fixture);
}

static void clipping_cuts_to_the_scale_and_no_further(void **state) {
  (void)state;
  static const struct {
    float output, clipped;
  } cases[] = {{-3.0f, 1.0f}, {0.999f, 1.0f}, {1.0f, 1.0f}, {1.25f, 1.25f}, {3.5f, 3.5f},
               {4.9f, 4.9f},  {5.0f, 5.0f},   {5.5f, 5.0f}, {1e30f, 5.0f}};
  const struct kernels *kernels = kernels_of(isa_best());
  struct constant c;
  constant_init(&c);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    float plain[ROWS], clipped[ROWS];
    c.model.weights[c.model.head_bias->offset] = cases[i].output;
    model_predict(&(struct ensemble){1, &c.model}, &c.workspace, &c.fixture.rows, false, kernels,
                  plain);
    model_predict(&(struct ensemble){1, &c.model}, &c.workspace, &c.fixture.rows, true, kernels,
                  clipped);
    for (size_t r = 0; r < ROWS; r++) {
      assert_true(plain[r] == cases[i].output);
      assert_true(clipped[r] == cases[i].clipped);
    }
  }
  constant_clear(&c);
}

/* Rows in three batches, the last of one row. */
static void errors_are_means_over_all_rows(void **state) {
  (void)state;
  static const float rating[ROWS] = {1, 2, 3, 4, 5, 5, 1};
  const struct kernels *kernels = kernels_of(isa_best());
  struct constant c;
  constant_init(&c);
  memcpy(c.fixture.rows.target, rating, sizeof rating);
  c.model.weights[c.model.head_bias->offset] = 2.5f;
  const struct score score = model_evaluate(&(struct ensemble){1, &c.model}, &c.workspace,
                                            &c.fixture.rows, NULL, false, kernels);
  /* Errors of 1.5 0.5 0.5 1.5 2.5 2.5 1.5: squares 2.25 0.25 0.25 2.25 6.25 6.25 2.25 */
  assert_true(fabs(score.mse - 19.75 / 7) < 1e-12);
  assert_true(fabs(score.mae - 10.5 / 7) < 1e-12);
  constant_clear(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(clipping_cuts_to_the_scale_and_no_further),
      cmocka_unit_test(errors_are_means_over_all_rows),
  };
  return cmocka_run_group_tests_name("predict", tests, NULL, NULL);
}
