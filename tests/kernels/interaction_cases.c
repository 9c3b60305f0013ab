/* Interactions of fields: the factorisation machine and the dot product. */
#include <math.h>

#include "tests/kernels/harness.h"

/* The 16 lanes are folded in four steps. */
enum { LANES = 16, FOLDS = 4 };

/* Any fields of a row: in any order, with gaps, perhaps one that is unused.
 * Returns the width of the rows. */
static size_t fields_of(struct test_case *c, const void *slot, size_t fields, size_t dim) {
  size_t places = fields + choose(c, 2), step = dim + choose(c, 3);
  distinct(c, "field_at", slot, fields, places, step);
  return places == 0 ? 0 : (places - 1) * step + dim;
}

/* Element d of fields `first` to end - 1: their sum in float, its bound, and
 * what their squares are. */
struct field_sum {
  double sum, bound, squares, squares_bound;
};

static struct field_sum sum_fields(const struct test_case *c, const float *x,
                                   const uint32_t *field_at, size_t first, size_t end, size_t d) {
  struct field_sum s = {0};
  for (size_t f = first; f < end; f++) {
    double v = (double)x[field_at[f] + d];
    s.sum = rounded(c, s.sum + v);
    s.squares += v * v;
    if (f == first) continue; /* 0 + v */
    s.bound += ROUNDING * 1.001 * fabs(s.sum);
    s.squares_bound += ROUNDING * 1.001 * s.squares + SMALLEST;
  }
  s.squares_bound += ROUNDING * s.squares + SMALLEST;
  return s;
}

/* `size`: the sizes of the terms, `bound`: what they are wrong by themselves. */
static void expect_lanes(struct test_case *c, const float *out, size_t dim, double value,
                         double size, double bound, double scale) {
  double roundings = (double)((dim + LANES - 1) / LANES + FOLDS);
  double summing = roundings * ROUNDING * 1.001 * size + (double)dim * SMALLEST;
  expect(c, out, scale * value, scale * (bound + summing) + SMALLEST);
}

/* Elements of dx that are of no field stay as they are. */
static void expect_rows_kept(struct test_case *c, const float *dx, size_t ld) {
  const struct operand *o = &c->operand[c->operands - 1];
  for (size_t i = 0; i < o->rows; i++) {
    for (size_t j = 0; j < o->width; j++) {
      expect(c, &dx[i * ld + j], (double)dx[i * ld + j], 0.0);
    }
  }
}

static void expect_added(struct test_case *c, const float *dx, double gradient, double term,
                         double term_bound) {
  double value = (double)*dx + gradient * term;
  double bound = fabs(gradient) * term_bound + ROUNDING * 1.001 * fabs(value) + SMALLEST;
  expect(c, dx, value, bound);
}

/* --- fm_forward --- */

static void fm_set_up(struct test_case *c, void *arguments) {
  struct fm_forward *a = arguments;
  a->m = c->size[0];
  a->fields = c->size[1];
  a->dim = c->size[2];
  size_t width = fields_of(c, &a->field_at, a->fields, a->dim);
  a->x_ld = operand(c, "x", &a->x, IN, FLOATS, a->m, width);
  operand(c, "out", &a->out, OUT, FLOATS, 1, a->m);
}

static void fm_reference(struct test_case *c, const void *arguments) {
  const struct fm_forward *a = arguments;
  for (size_t r = 0; r < a->m; r++) {
    double value = 0.0, size = 0.0, bound = 0.0;
    for (size_t d = 0; d < a->dim; d++) {
      struct field_sum s = sum_fields(c, a->x + r * a->x_ld, a->field_at, 0, a->fields, d);
      double part = s.sum * s.sum - s.squares;
      value += part;
      size += fabs(part);
      bound += (2.0 * fabs(s.sum) + s.bound) * s.bound + s.squares_bound;
      bound += ROUNDING * 1.001 * fabs(part) + SMALLEST;
    }
    expect_lanes(c, &a->out[r], a->dim, value, size, bound, 0.5);
  }
}

#define INTERACTION_SHAPES                                        \
  {                                                               \
    .axis = {"m", "fields", "dim"}, .most = {9, 9, VECTOR_SWEEP}, \
    .base = {{1, 2, 8}, {3, 4, 19}, {6, 3, 48}}, .larger = {      \
      {64, 4, 16},                                                \
      {25, 7, 64},                                                \
      {3, 33, 33}                                                 \
    }                                                             \
  }

const struct kernel_test test_fm_forward = {
    .shapes = INTERACTION_SHAPES,
    .set_up = fm_set_up,
    .reference = fm_reference,
};

/* --- fm_backward --- */

static void fm_backward_set_up(struct test_case *c, void *arguments) {
  struct fm_backward *a = arguments;
  a->m = c->size[0];
  a->fields = c->size[1];
  a->dim = c->size[2];
  size_t width = fields_of(c, &a->field_at, a->fields, a->dim);
  a->x_ld = operand(c, "x", &a->x, IN, FLOATS, a->m, width);
  operand(c, "gradient", &a->gradient, IN, FLOATS, 1, a->m);
  a->dx_ld = operand(c, "dx", &a->dx, IN_OUT, FLOATS, a->m, width);
}

static void fm_backward_reference(struct test_case *c, const void *arguments) {
  const struct fm_backward *a = arguments;
  expect_rows_kept(c, a->dx, a->dx_ld);
  for (size_t r = 0; r < a->m; r++) {
    const float *x = a->x + r * a->x_ld, *dx = a->dx + r * a->dx_ld;
    for (size_t d = 0; d < a->dim; d++) {
      struct field_sum s = sum_fields(c, x, a->field_at, 0, a->fields, d);
      for (size_t f = 0; f < a->fields; f++) {
        double others = s.sum - (double)x[a->field_at[f] + d];
        double bound = s.bound + ROUNDING * 1.001 * fabs(others);
        expect_added(c, &dx[a->field_at[f] + d], (double)a->gradient[r], rounded(c, others), bound);
      }
    }
  }
}

const struct kernel_test test_fm_backward = {
    .shapes = INTERACTION_SHAPES,
    .set_up = fm_backward_set_up,
    .reference = fm_backward_reference,
};

/* --- dot_forward --- */

static void dot_set_up(struct test_case *c, void *arguments) {
  struct dot_forward *a = arguments;
  a->m = c->size[0];
  a->fields = c->size[1];
  a->dim = c->size[2];
  a->first_fields = choose(c, (unsigned)a->fields + 1);
  size_t width = fields_of(c, &a->field_at, a->fields, a->dim);
  a->x_ld = operand(c, "x", &a->x, IN, FLOATS, a->m, width);
  operand(c, "out", &a->out, OUT, FLOATS, 1, a->m);
}

static void dot_reference(struct test_case *c, const void *arguments) {
  const struct dot_forward *a = arguments;
  for (size_t r = 0; r < a->m; r++) {
    const float *x = a->x + r * a->x_ld;
    double value = 0.0, size = 0.0, bound = 0.0;
    for (size_t d = 0; d < a->dim; d++) {
      struct field_sum u = sum_fields(c, x, a->field_at, 0, a->first_fields, d);
      struct field_sum v = sum_fields(c, x, a->field_at, a->first_fields, a->fields, d);
      value += u.sum * v.sum;
      size += fabs(u.sum * v.sum);
      bound += fabs(u.sum) * v.bound + fabs(v.sum) * u.bound + u.bound * v.bound;
    }
    expect_lanes(c, &a->out[r], a->dim, value, size, bound, 1.0);
  }
}

const struct kernel_test test_dot_forward = {
    .shapes = INTERACTION_SHAPES,
    .set_up = dot_set_up,
    .reference = dot_reference,
};

/* --- dot_backward --- */

static void dot_backward_set_up(struct test_case *c, void *arguments) {
  struct dot_backward *a = arguments;
  a->m = c->size[0];
  a->fields = c->size[1];
  a->dim = c->size[2];
  a->first_fields = choose(c, (unsigned)a->fields + 1);
  size_t width = fields_of(c, &a->field_at, a->fields, a->dim);
  a->x_ld = operand(c, "x", &a->x, IN, FLOATS, a->m, width);
  operand(c, "gradient", &a->gradient, IN, FLOATS, 1, a->m);
  a->dx_ld = operand(c, "dx", &a->dx, IN_OUT, FLOATS, a->m, width);
}

static void dot_backward_reference(struct test_case *c, const void *arguments) {
  const struct dot_backward *a = arguments;
  expect_rows_kept(c, a->dx, a->dx_ld);
  for (size_t r = 0; r < a->m; r++) {
    const float *x = a->x + r * a->x_ld, *dx = a->dx + r * a->dx_ld;
    for (size_t d = 0; d < a->dim; d++) {
      struct field_sum u = sum_fields(c, x, a->field_at, 0, a->first_fields, d);
      struct field_sum v = sum_fields(c, x, a->field_at, a->first_fields, a->fields, d);
      for (size_t f = 0; f < a->fields; f++) {
        struct field_sum other = f < a->first_fields ? v : u;
        expect_added(c, &dx[a->field_at[f] + d], (double)a->gradient[r], other.sum, other.bound);
      }
    }
  }
}

const struct kernel_test test_dot_backward = {
    .shapes = INTERACTION_SHAPES,
    .set_up = dot_backward_set_up,
    .reference = dot_backward_reference,
};
