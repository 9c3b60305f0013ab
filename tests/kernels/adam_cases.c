/* Steps of Adam, on arrays and on some rows of a table. */
#include <math.h>

#include "tests/kernels/harness.h"

/* With integers: v keeps its squares of 2^j - 1, so sqrt(v) + 1 is a power of
 * two and the division is exact. */
#define ADAM_CONSTANTS(c, a)                                           \
  do {                                                                 \
    (a)->rate = constant(c, 0.5f, 0.013f);                             \
    (a)->beta1 = constant(c, 0.5f, 0.9f);                              \
    (a)->one_minus_beta1 = constant(c, 0.5f, 1.0f - 0.9f);             \
    (a)->beta2 = constant(c, 1.0f, 0.999f);                            \
    (a)->one_minus_beta2 = constant(c, 0.0f, 1.0f - 0.999f);           \
    (a)->epsilon = constant(c, 1.0f, 1e-7f);                           \
    (a)->decay = choose(c, 2) == 0 ? 0.0f : constant(c, 0.25f, 0.01f); \
  } while (0)

static void expect_step(struct test_case *c, const struct adam *a, size_t i) {
  double g = fabsf(a->g[i]) < ADAM_TINY_GRADIENT ? 0.0 : (double)a->g[i];
  double decayed = (double)a->beta1 * (double)a->m[i], moved = (double)a->one_minus_beta1 * g;
  double m = decayed + moved, m_bound = 2.01 * ROUNDING * (fabs(decayed) + fabs(moved));
  if (fabs(m) < (double)ADAM_TINY_M) m = 0.0;
  double v = (double)a->beta2 * (double)a->v[i] + (double)a->one_minus_beta2 * g * g;
  if (v < (double)ADAM_TINY_V) v = 0.0;
  double below = sqrt(v) + (double)a->epsilon, step = (double)a->rate * m / below;
  double kept = (double)a->w[i] - (double)a->decay * (double)a->w[i], w = kept - step;
  expect(c, &a->m[i], m, m_bound + SMALLEST);
  expect(c, &a->v[i], v, 3.01 * ROUNDING * v + 2.0 * SMALLEST);
  /* v's relative error counts half under the root; then root, sum, product,
   * quotient round once each, and what is kept, and the difference. */
  double step_bound = 6.0 * ROUNDING * fabs(step) + (double)a->rate * m_bound / below;
  double sum_bound = 1.01 * ROUNDING * (fabs(kept) + fabs(w));
  expect(c, &a->w[i], w, step_bound + sum_bound + 2.0 * SMALLEST);
}

/* --- adam --- */

static void adam_set_up(struct test_case *c, void *arguments) {
  struct adam *a = arguments;
  a->n = c->size[0];
  ADAM_CONSTANTS(c, a);
  operand(c, "w", &a->w, IN_OUT, FLOATS, 1, a->n);
  operand(c, "m", &a->m, IN_OUT, FLOATS, 1, a->n);
  operand(c, "v", &a->v, IN_OUT, SQUARES, 1, a->n);
  operand(c, "g", &a->g, IN, FLOATS, 1, a->n);
}

static void adam_reference(struct test_case *c, const void *arguments) {
  const struct adam *a = arguments;
  for (size_t i = 0; i < a->n; i++) expect_step(c, a, i);
}

const struct kernel_test test_adam = {
    .shapes = {.axis = {"n"}, .most = {VECTOR_SWEEP}, .base = {{1}, {1}}, .larger = {{1001}}},
    .set_up = adam_set_up,
    .reference = adam_reference,
};

/* --- adam_rows --- */

static void adam_rows_set_up(struct test_case *c, void *arguments) {
  struct adam_rows *a = arguments;
  a->count = c->size[0];
  a->dim = c->size[1];
  ADAM_CONSTANTS(c, a);
  size_t rows = a->count + choose(c, 4);
  distinct(c, "row", &a->row, a->count, rows, 1);
  a->ld = operand(c, "w", &a->w, IN_OUT, FLOATS, rows, a->dim);
  operand_alike(c, "m", &a->m, IN_OUT, FLOATS);
  operand_alike(c, "v", &a->v, IN_OUT, SQUARES);
  operand_alike(c, "g", &a->g, IN, FLOATS);
}

static void adam_rows_reference(struct test_case *c, const void *arguments) {
  const struct adam_rows *a = arguments;
  const struct adam step = {.w = a->w,
                            .m = a->m,
                            .v = a->v,
                            .g = a->g,
                            .rate = a->rate,
                            .beta1 = a->beta1,
                            .one_minus_beta1 = a->one_minus_beta1,
                            .beta2 = a->beta2,
                            .one_minus_beta2 = a->one_minus_beta2,
                            .epsilon = a->epsilon,
                            .decay = a->decay};
  for (size_t row = 0; row < c->operand[1].rows; row++) {
    bool named = false;
    for (size_t i = 0; i < a->count; i++) named |= a->row[i] == row;
    for (size_t at = row * a->ld; at < row * a->ld + a->dim; at++) {
      if (named) {
        expect_step(c, &step, at);
        continue;
      }
      expect(c, &a->w[at], (double)a->w[at], 0.0);
      expect(c, &a->m[at], (double)a->m[at], 0.0);
      expect(c, &a->v[at], (double)a->v[at], 0.0);
    }
  }
}

const struct kernel_test test_adam_rows = {
    .shapes = {.axis = {"count", "dim"},
               .most = {9, VECTOR_SWEEP},
               .base = {{1, 8}, {6, 16}, {13, 35}},
               .larger = {{64, 8}, {100, 64}}},
    .set_up = adam_rows_set_up,
    .reference = adam_rows_reference,
};
