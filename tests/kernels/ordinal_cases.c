/* The ordinal head: loss, gradients, expectation, probabilities.
 *
 * The bounds follow from what SLEEF documents, e^x, e^x - 1 and log within 1.0 ULP, and
 * from the roundings of + - * /. The reference is infinite where float is, and zero where
 * e^-x is less than the smallest float: products with infinities show it. */
#include <float.h>
#include <math.h>

#include "tests/kernels/harness.h"

#define HALF_ULP (ROUNDING * 1.001)
#define ULP (2.0 * HALF_ULP)

struct bounded {
  double value, bound;
};

static const struct bounded zero = {0.0, 0.0}, one = {1.0, 0.0};

/* As float has it; what is infinite is exact. */
static struct bounded in_float(double value, double bound) {
  if (fabs(value) > (double)FLT_MAX) value = copysign(HUGE_VAL, value);
  return isfinite(value) ? (struct bounded){value, bound + HALF_ULP * fabs(value) + SMALLEST}
                         : (struct bounded){value, 0.0};
}

/* e^x for x <= 0, and for any x. */
static struct bounded power(struct bounded x) {
  enum { VANISHED = -104 };
  if (x.value < (double)VANISHED) return zero;
  const double e = exp(x.value);
  return in_float(e, e * (x.bound * 1.01 + HALF_ULP));
}

static struct bounded minus_size(struct bounded x) {
  return (struct bounded){-fabs(x.value), x.bound};
}

/* s(z) by e^-|z|: its relative error is that of e, times 1 - s(z). */
static struct bounded sigmoid(struct bounded z) {
  const struct bounded e = power(minus_size(z));
  const double s = (z.value < 0.0 ? e.value : 1.0) / (1.0 + e.value);
  const double rest = (z.value < 0.0 ? 1.0 : e.value) / (1.0 + e.value);
  if (isnan(z.value)) return (struct bounded){z.value, 0.0};
  return in_float(s, s * (rest * (z.bound * 1.01 + ULP) + HALF_ULP) + SMALLEST);
}

/* --- thresholds --- */

enum { MOST = ORDINAL_LEVELS_MAX };

struct thresholds {
  struct bounded at[MOST], gap[MOST], share[MOST], loss[MOST], pull[MOST];
};

static void find_share(struct thresholds *t, size_t k, double slope) {
  const double g = slope * t->gap[k].value, g_bound = 1.01 * (ULP + HALF_ULP) * g;
  const double e = exp(-g), share = -expm1(-g);
  const double share_bound = e * g_bound + ULP * share + SMALLEST;
  t->share[k] = (struct bounded){share, share_bound};
  const double loss = -log(share);
  t->loss[k] = in_float(loss, 1.01 * share_bound / share + HALF_ULP * fabs(loss));
  const double relative = g_bound + ULP + share_bound / share;
  t->pull[k] = in_float(e / share, e / share * relative + 2.0 * SMALLEST / share);
  if (g > 104.0) t->pull[k] = zero;
  if (!isinf(g)) return;
  t->share[k] = one;
  t->loss[k] = zero;
}

static void find(struct thresholds *t, const float *cut, size_t levels, float slope) {
  t->share[0] = t->share[levels - 1] = one;
  t->loss[0] = t->loss[levels - 1] = zero;
  t->pull[0] = t->pull[levels - 1] = zero;
  t->at[0] = (struct bounded){(double)cut[0], 0.0};
  t->gap[0] = one;
  for (size_t k = 1; k + 1 < levels; k++) {
    t->gap[k] = power((struct bounded){(double)cut[k], 0.0});
    t->at[k] = in_float(t->at[k - 1].value + t->gap[k].value, t->at[k - 1].bound + t->gap[k].bound);
    find_share(t, k, (double)slope);
  }
}

/* slope (a - b), of which `bound` is of a or b. */
static struct bounded scaled_difference(float slope, double a, double b, double bound) {
  const double difference = a - b, value = (double)slope * difference;
  return in_float(value, 1.01 * (double)slope * (bound + HALF_ULP * fabs(difference)));
}

/* --- ordinal_loss --- */

static void loss_set_up(struct test_case *c, void *arguments) {
  struct ordinal_loss *a = arguments;
  c->transcendental = true;
  a->m = c->size[0];
  a->levels = c->size[1] + 2;
  a->slope = constant(c, 2.0f, 1.7f);
  a->gradient_scale = constant(c, 0.5f, 0.0625f / 3.0f);
  operand(c, "score", &a->score, IN, SPREAD, 1, a->m);
  operand(c, "target", &a->target, IN, FLOATS, 1, a->m);
  operand(c, "level", &a->level, IN, RISING, 1, a->levels);
  operand(c, "cut", &a->cut, IN, FLOATS, 1, a->levels - 1);
  operand(c, "gradient", &a->gradient, OUT, FLOATS, 1, a->m);
  operand(c, "cut_gradient", &a->cut_gradient, OUT, FLOATS, 1, a->levels - 1);
  operand(c, "sum", &a->sum, IN_OUT, DOUBLES, 1, 1);
}

struct level_sums {
  struct bounded fall[MOST], rise[MOST];
  double rows[MOST];
};

static void add(struct bounded *sum, struct bounded term) {
  sum->value += term.value;
  sum->bound += term.bound + 0x1p-50 * fabs(sum->value);
}

/* The loss of a row of level k; its part of the sums. */
static struct bounded row_loss(const struct ordinal_loss *a, const struct thresholds *t, size_t r,
                               size_t k, struct bounded *fall, struct bounded *rise) {
  const double f = (double)a->score[r];
  struct bounded minus_u = {isnan(f) ? f : -HUGE_VAL, 0.0}, l = minus_u;
  if (k + 1 < a->levels) {
    minus_u = scaled_difference(a->slope, f, t->at[k].value, t->at[k].bound);
  } else if (isinf(f) && f > 0.0) {
    minus_u.value = NAN; /* inf - inf */
  }
  if (k > 0) {
    l = scaled_difference(a->slope, t->at[k - 1].value, f, t->at[k - 1].bound);
  } else if (isinf(f) && f < 0.0) {
    l.value = NAN;
  }
  *fall = sigmoid(minus_u);
  *rise = sigmoid(l);
  const struct bounded eu = power(minus_size(minus_u)), el = power(minus_size(l));
  const double logarithm = log1p(eu.value) + log1p(el.value);
  double value = t->loss[k].value + logarithm, bound = t->loss[k].bound;
  bound += 1.01 * (eu.bound + el.bound) + 3.03 * HALF_ULP + ULP * logarithm;
  if (isnan(minus_u.value) || minus_u.value > 0.0) value += minus_u.value;
  if (isnan(l.value) || l.value > 0.0) value += l.value;
  bound += minus_u.bound * (minus_u.value > 0.0) + l.bound * (l.value > 0.0);
  return in_float(value, bound + 3.0 * HALF_ULP * (fabs(value) + 1.0));
}

static void expect_cut_gradients(struct test_case *c, const struct ordinal_loss *a,
                                 const struct thresholds *t, const struct level_sums *s) {
  const double scale = (double)a->gradient_scale * (double)a->slope;
  struct bounded sum = zero;
  for (size_t j = a->levels - 1; j-- > 0;) {
    const struct bounded above = t->pull[j + 1], below = t->pull[j], gap = t->gap[j];
    const double rows = s->rows[j + 1], others = s->rows[j];
    add(&sum, (struct bounded){s->rise[j + 1].value + rows * above.value,
                               s->rise[j + 1].bound + rows * above.bound});
    add(&sum, (struct bounded){-(s->fall[j].value + others * below.value),
                               s->fall[j].bound + others * below.bound});
    const double value = sum.value * scale * gap.value;
    const double bound = sum.bound * scale * gap.value * 1.01 + fabs(sum.value) * scale * gap.bound;
    const struct bounded expected = in_float(value, bound);
    expect(c, &a->cut_gradient[j], expected.value, expected.bound);
  }
}

static void loss_reference(struct test_case *c, const void *arguments) {
  const struct ordinal_loss *a = arguments;
  static struct thresholds t;
  static struct level_sums s;
  const double scale = (double)a->gradient_scale * (double)a->slope;
  find(&t, a->cut, a->levels, a->slope);
  s = (struct level_sums){0};
  struct bounded sum = {*a->sum, 0.0};
  for (size_t r = 0; r < a->m; r++) {
    struct bounded fall, rise;
    size_t k = 0;
    for (size_t i = 0; i + 1 < a->levels; i++) k += a->target[r] > a->level[i];
    add(&sum, row_loss(a, &t, r, k, &fall, &rise));
    add(&s.fall[k], fall);
    add(&s.rise[k], rise);
    s.rows[k]++;
    const double value = scale * (fall.value - rise.value);
    expect(c, &a->gradient[r], value,
           1.01 * scale * (fall.bound + rise.bound) + 3.03 * HALF_ULP * fabs(value) + SMALLEST);
  }
  expect(c, a->sum, sum.value, sum.bound);
  expect_cut_gradients(c, a, &t, &s);
}

#define ORDINAL_SHAPES                                                \
  .axis = {"m", "levels beyond 2"}, .most = {VECTOR_SWEEP, MOST - 2}, \
  .base = {{1, 3}, {5, 8}, {17, 3}}, .larger = {{1000, 3}, {257, 62}, {64, 8}}

const struct kernel_test test_ordinal_loss = {
    .shapes = {ORDINAL_SHAPES}, .set_up = loss_set_up, .reference = loss_reference, .sleef = true};

/* --- ordinal_expectation --- */

static void expectation_set_up(struct test_case *c, void *arguments) {
  struct ordinal_expectation *a = arguments;
  c->transcendental = true;
  a->m = c->size[0];
  a->levels = c->size[1] + 2;
  a->slope = constant(c, 2.0f, 1.7f);
  operand(c, "level", &a->level, IN, RISING, 1, a->levels);
  operand(c, "cut", &a->cut, IN, FLOATS, 1, a->levels - 1);
  operand(c, "y", &a->y, IN_OUT, SPREAD, 1, a->m);
}

static void expectation_reference(struct test_case *c, const void *arguments) {
  const struct ordinal_expectation *a = arguments;
  static struct thresholds t;
  find(&t, a->cut, a->levels, a->slope);
  const double most = (double)a->level[a->levels - 1];
  for (size_t r = 0; r < a->m; r++) {
    double y = (double)a->level[0], bound = SMALLEST;
    for (size_t k = 0; k + 1 < a->levels; k++) {
      const double step = (double)a->level[k + 1] - (double)a->level[k];
      const struct bounded minus_u =
          scaled_difference(a->slope, (double)a->y[r], t.at[k].value, t.at[k].bound);
      const struct bounded beyond = sigmoid(minus_u);
      y += step * beyond.value;
      /* 1 + e^u rounds where s(-u) has it as e / (1 + e): by less than HALF_ULP. */
      bound += fabs(step) * (beyond.bound + ULP * beyond.value) + HALF_ULP * fabs(y) + SMALLEST;
    }
    expect(c, &a->y[r], y > most ? most : y, bound);
  }
}

const struct kernel_test test_ordinal_expectation = {.shapes = {ORDINAL_SHAPES},
                                                     .set_up = expectation_set_up,
                                                     .reference = expectation_reference,
                                                     .sleef = true};

/* --- ordinal_probabilities --- */

static void probabilities_set_up(struct test_case *c, void *arguments) {
  struct ordinal_probabilities *a = arguments;
  c->transcendental = true;
  a->m = c->size[0];
  a->levels = c->size[1] + 2;
  a->slope = constant(c, 2.0f, 1.7f);
  operand(c, "score", &a->score, IN, SPREAD, 1, a->m);
  operand(c, "cut", &a->cut, IN, FLOATS, 1, a->levels - 1);
  a->out_ld = operand(c, "out", &a->out, OUT, FLOATS, a->levels, a->m);
}

static void probabilities_reference(struct test_case *c, const void *arguments) {
  const struct ordinal_probabilities *a = arguments;
  static struct thresholds t;
  find(&t, a->cut, a->levels, a->slope);
  for (size_t r = 0; r < a->m; r++) {
    const double f = (double)a->score[r];
    struct bounded above = one;
    for (size_t k = 0; k < a->levels; k++) {
      struct bounded below = one, next = zero;
      if (k + 1 < a->levels) {
        const struct bounded u = scaled_difference(a->slope, t.at[k].value, f, t.at[k].bound);
        below = sigmoid(u);
        next = sigmoid((struct bounded){-u.value, u.bound});
      }
      const struct bounded share = t.share[k];
      const double value = below.value * above.value * share.value;
      const double bound = below.bound * above.value * share.value +
                           below.value * above.bound * share.value +
                           below.value * above.value * share.bound;
      expect(c, &a->out[k * a->out_ld + r], value,
             1.01 * bound + 2.02 * HALF_ULP * value + 4.0 * SMALLEST);
      above = next;
    }
  }
}

const struct kernel_test test_ordinal_probabilities = {.shapes = {ORDINAL_SHAPES},
                                                       .set_up = probabilities_set_up,
                                                       .reference = probabilities_reference,
                                                       .sleef = true};
