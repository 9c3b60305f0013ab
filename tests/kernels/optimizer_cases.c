/* Steps of the optimizers. */
#include <math.h>

#include "tests/kernels/harness.h"

/* With integers: v keeps its squares of 2^j - 1, so sqrt(v) + 1 is a power of
 * two and the division is exact. */
static void adam_set_up(struct test_case *c, void *arguments) {
  struct adam *a = arguments;
  a->n = c->size[0];
  a->rate = constant(c, 0.5f, 0.013f);
  a->beta1 = constant(c, 0.5f, 0.9f);
  a->one_minus_beta1 = constant(c, 0.5f, 1.0f - 0.9f);
  a->beta2 = constant(c, 1.0f, 0.999f);
  a->one_minus_beta2 = constant(c, 0.0f, 1.0f - 0.999f);
  a->epsilon = constant(c, 1.0f, 1e-7f);
  operand(c, "w", &a->w, IN_OUT, FLOATS, 1, a->n);
  operand(c, "m", &a->m, IN_OUT, FLOATS, 1, a->n);
  operand(c, "v", &a->v, IN_OUT, SQUARES, 1, a->n);
  operand(c, "g", &a->g, IN, FLOATS, 1, a->n);
}

static void adam_reference(struct test_case *c, const void *arguments) {
  const struct adam *a = arguments;
  for (size_t i = 0; i < a->n; i++) {
    double g = fabsf(a->g[i]) < ADAM_TINY_GRADIENT ? 0.0 : (double)a->g[i];
    double decayed = (double)a->beta1 * (double)a->m[i], moved = (double)a->one_minus_beta1 * g;
    double m = decayed + moved, m_bound = 2.01 * ROUNDING * (fabs(decayed) + fabs(moved));
    if (fabs(m) < (double)ADAM_TINY_M) m = 0.0;
    double v = (double)a->beta2 * (double)a->v[i] + (double)a->one_minus_beta2 * g * g;
    if (v < (double)ADAM_TINY_V) v = 0.0;
    double below = sqrt(v) + (double)a->epsilon, step = (double)a->rate * m / below;
    double w = (double)a->w[i] - step;
    expect(c, &a->m[i], m, m_bound + SMALLEST);
    expect(c, &a->v[i], v, 3.01 * ROUNDING * v + 2.0 * SMALLEST);
    /* v's relative error counts half under the root; then root, sum, product,
     * quotient round once each, and the difference. */
    double step_bound = 6.0 * ROUNDING * fabs(step) + (double)a->rate * m_bound / below;
    expect(c, &a->w[i], w, step_bound + 1.01 * ROUNDING * fabs(w) + SMALLEST);
  }
}

const struct kernel_test test_adam = {
    .shapes = {.axis = {"n"}, .most = {VECTOR_SWEEP}, .base = {{1}, {1}}, .larger = {{1001}}},
    .set_up = adam_set_up,
    .reference = adam_reference,
};
