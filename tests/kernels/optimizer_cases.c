/* Steps of the other optimizers, and the penalty of L2. */
#include <math.h>

#include "tests/kernels/harness.h"

#define R (ROUNDING * 1.001)

#define LINE_SHAPES                                                                 \
  {                                                                                 \
    .axis = {"n"}, .most = {VECTOR_SWEEP}, .base = {{1}, {1}}, .larger = { {1001} } \
  }

/* --- sgd --- */

static void sgd_set_up(struct test_case *c, void *arguments) {
  struct sgd *a = arguments;
  a->n = c->size[0];
  a->rate = constant(c, 0.5f, 0.013f);
  a->momentum = constant(c, 0.5f, 0.9f);
  operand(c, "w", &a->w, IN_OUT, FLOATS, 1, a->n);
  if (choose(c, 2) == 1) operand(c, "velocity", &a->velocity, IN_OUT, FLOATS, 1, a->n);
  operand(c, "g", &a->g, IN, FLOATS, 1, a->n);
}

static void sgd_reference(struct test_case *c, const void *arguments) {
  const struct sgd *a = arguments;
  for (size_t i = 0; i < a->n; i++) {
    double step = (double)a->g[i], step_bound = 0.0;
    if (a->velocity != NULL) {
      step += (double)a->momentum * (double)a->velocity[i];
      step_bound = R * fabs(step) + SMALLEST;
      expect(c, &a->velocity[i], step, step_bound);
    }
    double w = (double)a->w[i] - (double)a->rate * step;
    expect(c, &a->w[i], w, (double)a->rate * step_bound + R * fabs(w) + SMALLEST);
  }
}

const struct kernel_test test_sgd = {
    .shapes = LINE_SHAPES, .set_up = sgd_set_up, .reference = sgd_reference};

/* --- adagrad --- */

static void adagrad_set_up(struct test_case *c, void *arguments) {
  struct adagrad *a = arguments;
  a->n = c->size[0];
  a->rate = constant(c, 0.5f, 0.013f);
  a->epsilon = constant(c, 1.0f, 1e-7f);
  operand(c, "w", &a->w, IN_OUT, FLOATS, 1, a->n);
  operand(c, "sum", &a->sum, IN_OUT, SQUARES, 1, a->n);
  operand(c, "g", &a->g, IN, FLOATS, 1, a->n);
}

static void adagrad_reference(struct test_case *c, const void *arguments) {
  const struct adagrad *a = arguments;
  for (size_t i = 0; i < a->n; i++) {
    double g = (double)a->g[i], sum = rounded(c, (double)a->sum[i] + g * g);
    double below = rounded(c, rounded(c, sqrt(sum)) + (double)a->epsilon);
    double step = rounded(c, rounded(c, (double)a->rate * g) / below);
    double w = rounded(c, (double)a->w[i] - step);
    expect(c, &a->sum[i], sum, R * sum + SMALLEST);
    /* Half of the sum's rounding; root, sum, product, quotient; the difference. */
    expect(c, &a->w[i], w, 4.5 * R * fabs(step) + R * fabs(w) + 2.0 * SMALLEST);
  }
}

const struct kernel_test test_adagrad = {
    .shapes = LINE_SHAPES, .set_up = adagrad_set_up, .reference = adagrad_reference};

/* --- ftrl --- */

static void ftrl_set_up(struct test_case *c, void *arguments) {
  struct ftrl *a = arguments;
  a->n = c->size[0];
  a->inverse_rate = constant(c, 2.0f, 1.0f / 0.3f);
  a->beta = constant(c, 1.0f, 0.7f);
  a->l1 = choose(c, 4) == 0 ? 0.0f : constant(c, 1.0f, 0.37f);
  a->l2 = choose(c, 4) == 0 ? 0.0f : constant(c, 0.5f, 0.13f);
  operand(c, "w", &a->w, IN_OUT, FLOATS, 1, a->n);
  operand(c, "z", &a->z, IN_OUT, FLOATS, 1, a->n);
  operand(c, "sum", &a->sum, IN_OUT, SQUARES, 1, a->n);
  operand(c, "g", &a->g, IN, FLOATS, 1, a->n);
}

static void expect_ftrl(struct test_case *c, const struct ftrl *a, size_t i) {
  double g = (double)a->g[i], w = (double)a->w[i], inverse = (double)a->inverse_rate;
  double before = (double)a->sum[i], sum = rounded(c, before + g * g);
  double old_root = rounded(c, sqrt(before)), root = rounded(c, sqrt(sum));
  double grown = rounded(c, root - old_root);
  double grown_bound = 1.5 * R * root + R * old_root + R * fabs(grown);
  double sigma = rounded(c, grown * inverse);
  double sigma_bound = inverse * grown_bound + R * fabs(sigma) + SMALLEST;
  double pull = rounded(c, g - sigma * w), z = rounded(c, (double)a->z[i] + pull);
  double z_bound = sigma_bound * fabs(w) + R * fabs(pull) + R * fabs(z) + 2.0 * SMALLEST;

  /* Where z is as near to l1 as its bound, w is as near to 0. */
  double shrunk = rounded(c, z > 0.0 ? z - (double)a->l1 : z + (double)a->l1);
  double curvature = rounded(c, rounded(c, (double)a->beta + root) * inverse + (double)a->l2);
  double moved = fabs(z) > (double)a->l1 ? rounded(c, -shrunk / curvature) : 0.0;
  double moved_bound = (z_bound + R * fabs(shrunk)) / curvature + 4.5 * R * fabs(moved);
  expect(c, &a->sum[i], sum, R * sum + SMALLEST);
  expect(c, &a->z[i], z, z_bound);
  expect(c, &a->w[i], moved, moved_bound + SMALLEST);
}

static void ftrl_reference(struct test_case *c, const void *arguments) {
  const struct ftrl *a = arguments;
  for (size_t i = 0; i < a->n; i++) expect_ftrl(c, a, i);
}

const struct kernel_test test_ftrl = {
    .shapes = LINE_SHAPES, .set_up = ftrl_set_up, .reference = ftrl_reference};

/* --- l2 --- */

static void expect_penalty(struct test_case *c, const float *g, float w, float penalty) {
  double value = (double)*g + (double)penalty * (double)w;
  expect(c, g, value, R * fabs(value) + SMALLEST);
}

static void l2_set_up(struct test_case *c, void *arguments) {
  struct l2 *a = arguments;
  a->n = c->size[0];
  a->penalty = constant(c, 0.5f, 0.013f);
  operand(c, "g", &a->g, IN_OUT, FLOATS, 1, a->n);
  operand(c, "w", &a->w, IN, FLOATS, 1, a->n);
}

static void l2_reference(struct test_case *c, const void *arguments) {
  const struct l2 *a = arguments;
  for (size_t i = 0; i < a->n; i++) expect_penalty(c, &a->g[i], a->w[i], a->penalty);
}

const struct kernel_test test_l2 = {
    .shapes = LINE_SHAPES, .set_up = l2_set_up, .reference = l2_reference};

/* --- l2_rows --- */

static void l2_rows_set_up(struct test_case *c, void *arguments) {
  struct l2_rows *a = arguments;
  a->count = c->size[0];
  a->dim = c->size[1];
  a->penalty = constant(c, 0.5f, 0.013f);
  size_t rows = a->count + choose(c, 4);
  distinct(c, "row", &a->row, a->count, rows, 1);
  a->ld = operand(c, "g", &a->g, IN_OUT, FLOATS, rows, a->dim);
  operand_alike(c, "w", &a->w, IN, FLOATS);
}

static void l2_rows_reference(struct test_case *c, const void *arguments) {
  const struct l2_rows *a = arguments;
  for (size_t row = 0; row < c->operand[1].rows; row++) {
    bool named = false;
    for (size_t i = 0; i < a->count; i++) named |= a->row[i] == row;
    for (size_t at = row * a->ld; at < row * a->ld + a->dim; at++) {
      if (named) {
        expect_penalty(c, &a->g[at], a->w[at], a->penalty);
      } else {
        expect(c, &a->g[at], (double)a->g[at], 0.0);
      }
    }
  }
}

const struct kernel_test test_l2_rows = {
    .shapes = {.axis = {"count", "dim"},
               .most = {9, VECTOR_SWEEP},
               .base = {{1, 8}, {6, 16}, {13, 35}},
               .larger = {{64, 8}, {100, 64}}},
    .set_up = l2_rows_set_up,
    .reference = l2_rows_reference,
};
