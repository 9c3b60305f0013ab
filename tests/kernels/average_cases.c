/* Averages of weights, on arrays and on some rows of a table. */
#include <math.h>

#include "tests/kernels/harness.h"

#define R (ROUNDING * 1.001)

static void expect_average(struct test_case *c, const float *mean, double w, double decay) {
  double gap = rounded(c, (double)*mean - w), value = w + decay * gap;
  double bound = fabs(decay) * R * fabs(gap) + R * fabs(value) + 2.0 * SMALLEST;
  expect(c, mean, fabs(value) < (double)AVERAGE_TINY ? 0.0 : value, bound);
}

/* --- average --- */

static void average_set_up(struct test_case *c, void *arguments) {
  struct average *a = arguments;
  a->n = c->size[0];
  a->decay = constant(c, 0.5f, 0.998f);
  operand(c, "mean", &a->mean, IN_OUT, FLOATS, 1, a->n);
  operand(c, "w", &a->w, IN, FLOATS, 1, a->n);
}

static void average_reference(struct test_case *c, const void *arguments) {
  const struct average *a = arguments;
  for (size_t i = 0; i < a->n; i++) {
    expect_average(c, &a->mean[i], (double)a->w[i], (double)a->decay);
  }
}

const struct kernel_test test_average = {
    .shapes = {.axis = {"n"}, .most = {VECTOR_SWEEP}, .base = {{1}, {1}}, .larger = {{1001}}},
    .set_up = average_set_up,
    .reference = average_reference,
};

/* --- average_rows --- */

static void average_rows_set_up(struct test_case *c, void *arguments) {
  struct average_rows *a = arguments;
  a->count = c->size[0];
  a->dim = c->size[1];
  size_t rows = a->count + choose(c, 4);
  distinct(c, "row", &a->row, a->count, rows, 1);
  a->ld = operand(c, "mean", &a->mean, IN_OUT, FLOATS, rows, a->dim);
  operand_alike(c, "w", &a->w, IN, FLOATS);
  operand(c, "decay", &a->decay, IN, FLOATS, 1, a->count);
}

static void average_rows_reference(struct test_case *c, const void *arguments) {
  const struct average_rows *a = arguments;
  for (size_t row = 0; row < c->operand[1].rows; row++) {
    size_t named = 0;
    while (named < a->count && a->row[named] != row) named++;
    for (size_t at = row * a->ld; at < row * a->ld + a->dim; at++) {
      if (named < a->count) {
        expect_average(c, &a->mean[at], (double)a->w[at], (double)a->decay[named]);
      } else {
        expect(c, &a->mean[at], (double)a->mean[at], 0.0);
      }
    }
  }
}

const struct kernel_test test_average_rows = {
    .shapes = {.axis = {"count", "dim"},
               .most = {9, VECTOR_SWEEP},
               .base = {{1, 8}, {6, 16}, {13, 35}},
               .larger = {{64, 8}, {100, 64}}},
    .set_up = average_rows_set_up,
    .reference = average_rows_reference,
};
