/* Activations and their derivatives, from SLEEF's functions.
 *
 * The bounds follow from what SLEEF documents: e^x and erf within 1.0 ULP,
 * tanh within 3.5. An ULP is at most 2 ROUNDING of the value. Beyond where a
 * function is within half an ULP of its limit it must be that limit: only so
 * do products with a large z stay right. */
#include <float.h>
#include <math.h>

#include "tests/kernels/harness.h"

#define ULP (2.0 * ROUNDING * 1.001)

static const double sqrt_half = 0.70710678118654752440;
static const double inverse_sqrt_two_pi = 0.39894228040143267794;

struct bounded {
  double value, bound;
};
struct activated {
  struct bounded y, dy;
};

static struct bounded exactly(double value) {
  return (struct bounded){value, 0.0};
}

/* The last operation rounds to float. */
static struct bounded final(double value, double bound) {
  return (struct bounded){value, bound + ROUNDING * 1.001 * fabs(value) + SMALLEST};
}

static struct activated activated_identity(double z) {
  return (struct activated){exactly(z), exactly(1.0)};
}

static struct activated activated_relu(double z) {
  return (struct activated){exactly(0.0 > z ? 0.0 : z), exactly(z > 0.0 ? 1.0 : 0.0)};
}

static struct activated activated_leaky_relu(double z) {
  double slope = (double)0.01f;
  if (z > 0.0) return (struct activated){exactly(z), exactly(1.0)};
  /* Rounded through double as at once. */
  return (struct activated){exactly((double)(float)(slope * z)), exactly(slope)};
}

static struct activated activated_tanh(double z) {
  double t = tanh(z), bound = 3.5 * (ULP * fabs(t) + SMALLEST);
  return (struct activated){{t, bound}, final(1.0 - t * t, (2.0 * fabs(t) + bound) * bound)};
}

/* 1 - s is s of -z. Where e^-z is too large for float, s is 1 / (1 + inf); where
 * it is too small beside 1, s is 1 and 1 - s is 0. */
static struct bounded sigmoid(double z) {
  double e = exp(-z), s = 1.0 / (1.0 + e);
  if (e > 0.999 * (double)FLT_MAX) return (struct bounded){s, s};
  if (e < 0x1p-26) return exactly(1.0);
  return final(s, (ULP / (1.0 + exp(z)) + ROUNDING * 1.001) * s);
}

static struct bounded one_minus(struct bounded s, double z) {
  double value = 1.0 / (1.0 + exp(z));
  if (s.bound == 0.0) return (struct bounded){value, value};
  return final(value, s.bound);
}

static struct activated activated_sigmoid(double z) {
  struct bounded s = sigmoid(z), other = one_minus(s, z);
  double bound = s.value * other.bound + other.value * s.bound + s.bound * other.bound;
  return (struct activated){s, final(s.value * other.value, bound)};
}

static struct activated activated_silu(double z) {
  struct bounded s = sigmoid(z), other = one_minus(s, z), y = final(z * s.value, fabs(z) * s.bound);
  double bound = y.bound * other.value + fabs(y.value) * other.bound + s.bound;
  return (struct activated){y, final(s.value + y.value * other.value, bound)};
}

static struct activated activated_gelu(double z) {
  enum { SATURATED = 6, VANISHED = -110 };
  double x = z * sqrt_half, exponent = -0.5 * z * z, gauss = exp(exponent);
  double density = inverse_sqrt_two_pi * gauss, cdf = 0.5 * erfc(-x);
  /* x: its factor and the product round; erf' is 2 / sqrt(pi) e^(-x^2). */
  double erf_bound = 2.0 * ROUNDING * 1.001 * fabs(x) * 1.1284 * gauss + ULP * fabs(erf(x));
  double cdf_bound = 0.5 * erf_bound + ROUNDING * 1.001 * cdf + SMALLEST;
  if (fabs(z) > (double)SATURATED) cdf_bound = 0.5 * erfc(fabs(x));
  /* The exponent, the factor and the product round. */
  double density_bound = (ULP + ROUNDING * 1.001 * (fabs(exponent) + 2.0)) * density;
  if (exponent > (double)VANISHED) density_bound += 2.0 * SMALLEST;
  return (struct activated){final(z * cdf, fabs(z) * cdf_bound),
                            final(z * density + cdf, fabs(z) * density_bound + cdf_bound)};
}

#define ACTIVATION(constant, name, transcendental) {activated_##name, transcendental},
static const struct {
  struct activated (*of)(double z);
  bool transcendental;
} activations[ACTIVATIONS] = {
#include "kernels/activations.inc"
};
#undef ACTIVATION

/* Of integers only those are taken that are exact. */
static enum activation choose_activation(struct test_case *c) {
  enum activation from[ACTIVATIONS];
  unsigned count = 0;
  for (int a = 0; a < ACTIVATIONS; a++) {
    if (c->fill != FILL_INTEGERS || !activations[a].transcendental)
      from[count++] = (enum activation)a;
  }
  return from[choose(c, count)];
}

static void activate_set_up(struct test_case *c, void *arguments) {
  struct activate *a = arguments;
  a->m = c->size[0];
  a->n = c->size[1];
  a->activation = choose_activation(c);
  c->transcendental = activations[a->activation].transcendental;
  a->keep_scale = constant(c, 2.0f, 1.25f);
  a->y_ld = operand(c, "y", &a->y, IN_OUT, SPREAD, a->m, a->n);
  if (choose(c, 4) != 0) {
    a->derivative_ld = operand(c, "derivative", &a->derivative, OUT, FLOATS, a->m, a->n);
  }
  size_t groups = (a->n + KEEP_GROUP - 1) / KEEP_GROUP;
  if (choose(c, 2) == 1) a->keep_ld = operand(c, "keep", &a->keep, IN, BITS, a->m, groups);
}

static void expect_kept(struct test_case *c, const float *element, struct bounded of, bool drops,
                        double scale) {
  if (drops) of = final(of.value * scale, of.bound * scale);
  if (fabs(of.value) > (double)FLT_MAX) of.value = copysign(HUGE_VAL, of.value);
  expect(c, element, of.value, of.bound);
}

static void activate_reference(struct test_case *c, const void *arguments) {
  const struct activate *a = arguments;
  for (size_t i = 0; i < a->m; i++) {
    for (size_t j = 0; j < a->n; j++) {
      const float *y = &a->y[i * a->y_ld + j];
      const float *dy = a->derivative != NULL ? &a->derivative[i * a->derivative_ld + j] : NULL;
      struct activated of = activations[a->activation].of((double)*y);
      bool drops = a->keep != NULL;
      if (drops && !(a->keep[i * a->keep_ld + j / KEEP_GROUP] >> j % KEEP_GROUP & 1)) {
        of = (struct activated){exactly(0.0), exactly(0.0)};
        drops = false;
      }
      expect_kept(c, y, of.y, drops, (double)a->keep_scale);
      if (dy != NULL) expect_kept(c, dy, of.dy, drops, (double)a->keep_scale);
    }
  }
}

const struct kernel_test test_activate = {
    .shapes = {.axis = {"m", "n"},
               .most = {5, VECTOR_SWEEP},
               .base = {{1, 17}, {2, 33}, {3, 48}, {5, 64}},
               .larger = {{16, 100}, {9, 257}, {33, 65}, {64, 128}}},
    .set_up = activate_set_up,
    .reference = activate_reference,
    .sleef = true,
};
