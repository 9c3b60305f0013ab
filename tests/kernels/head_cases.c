/* The one output and its loss. */
#include <math.h>

#include "tests/kernels/harness.h"

/* --- head_forward --- */

static void head_set_up(struct test_case *c, void *arguments) {
  struct head_forward *a = arguments;
  a->m = c->size[0];
  a->k = c->size[1];
  a->x_ld = operand(c, "x", &a->x, IN, FLOATS, a->m, a->k);
  operand(c, "w", &a->w, IN, FLOATS, 1, a->k);
  operand(c, "bias", &a->bias, IN, FLOATS, 1, 1);
  operand(c, "out", &a->out, OUT, FLOATS, 1, a->m);
  if (choose(c, 2) == 1) operand(c, "wide", &a->wide, IN, FLOATS, 1, a->m);
  if (choose(c, 2) == 1) operand(c, "interaction", &a->interaction, IN, FLOATS, 1, a->m);
}

static void head_reference(struct test_case *c, const void *arguments) {
  enum { FOLDS = 4 };
  const struct head_forward *a = arguments;
  for (size_t r = 0; r < a->m; r++) {
    struct chain s = chain_start(0.0);
    for (size_t k = 0; k < a->k; k++) {
      chain_add(&s, (double)a->x[r * a->x_ld + k] * (double)a->w[k]);
    }
    s.roundings += FOLDS;
    if (a->wide != NULL) chain_add(&s, (double)a->wide[r]);
    if (a->interaction != NULL) chain_add(&s, (double)a->interaction[r]);
    chain_add(&s, (double)a->bias[0]);
    expect_chain(c, &a->out[r], &s, 1.0);
  }
}

const struct kernel_test test_head_forward = {
    .shapes = {.axis = {"m", "k"},
               .most = {9, VECTOR_SWEEP},
               .base = {{1, 16}, {4, 21}, {7, 37}},
               .larger = {{32, 16}, {65, 100}}},
    .set_up = head_set_up,
    .reference = head_reference,
};

/* --- squared_error --- */

static void error_set_up(struct test_case *c, void *arguments) {
  struct squared_error *a = arguments;
  a->m = c->size[0];
  a->gradient_scale = constant(c, 0.5f, 0.0625f / 3.0f);
  operand(c, "prediction", &a->prediction, IN, FLOATS, 1, a->m);
  operand(c, "target", &a->target, IN, FLOATS, 1, a->m);
  operand(c, "sum", &a->sum, IN_OUT, DOUBLES, 1, 1);
  if (choose(c, 4) != 0) operand(c, "gradient", &a->gradient, OUT, FLOATS, 1, a->m);
}

static void error_reference(struct test_case *c, const void *arguments) {
  const struct squared_error *a = arguments;
  double sum = *a->sum, squares = 0.0;
  for (size_t r = 0; r < a->m; r++) {
    double e = (double)a->prediction[r] - (double)a->target[r];
    double gradient = e * (double)a->gradient_scale;
    sum += e * e;
    squares += e * e;
    if (a->gradient == NULL) continue;
    expect(c, &a->gradient[r], gradient, 2.01 * ROUNDING * fabs(gradient) + SMALLEST);
  }
  expect(c, a->sum, sum, 2.01 * ROUNDING * squares + (double)a->m * 0x1p-53 * fabs(sum));
}

const struct kernel_test test_squared_error = {
    .shapes = {.axis = {"m"}, .most = {VECTOR_SWEEP}, .base = {{1}}, .larger = {{1000}}},
    .set_up = error_set_up,
    .reference = error_reference,
};
