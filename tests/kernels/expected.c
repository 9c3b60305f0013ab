/* What the reference demands, and how sharply. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/kernels/harness.h"

/* Outputs of more than SHARP_ELEMENTS do not count for how sharp the checks were:
 * two of them outweigh thousands, and the bounds of their long sums are wide.
 * Their integers are exact. */
enum { ELEMENTS_MAX = 1 << 19, SHARP_ELEMENTS = 1 << 14 };

/* In the operand's own layout: element e of operand i lies e elements behind
 * its first. A negative bound: nothing was said about the element. */
static double values[OPERANDS_MAX][ELEMENTS_MAX], bounds[OPERANDS_MAX][ELEMENTS_MAX];

double rounded(const struct test_case *c, double value) {
  return c->fill == FILL_NORMALS ? value : (double)(float)value;
}

struct chain chain_start(double first) {
  return (struct chain){.sum = first, .size = fabs(first)};
}

void chain_add(struct chain *chain, double term) {
  chain->sum += term;
  chain->size += fabs(term);
  chain->last = term;
  chain->roundings++;
}

double chain_bound(const struct chain *chain) {
  return (double)chain->roundings * (ROUNDING * 1.001 * chain->size + SMALLEST);
}

void expect_chain(struct test_case *c, const void *element, const struct chain *chain,
                  double scale) {
  double bound = chain_bound(chain), value = chain->sum * scale;
  if (c->fill == FILL_NORMALS && chain->roundings > 0 && chain->sum != 0.0) {
    c->strength->sums++;
    c->strength->visible += fabs(chain->last) > 2.0 * bound;
  }
  expect(c, element, value, bound * fabs(scale) + fabs(value) * ROUNDING * 1.001 + SMALLEST);
}

void expect(struct test_case *c, const void *element, double value, double bound) {
  const bool exact = c->fill == FILL_INTEGERS && !c->transcendental;
  if (exact || !isfinite(bound)) bound = 0.0;
  for (size_t i = 0; i < c->operands; i++) {
    const struct operand *o = &c->operand[i];
    uintptr_t at = (uintptr_t)element, first = (uintptr_t)o->at;
    size_t size = element_size(o->values);
    if (o->role == IN || at < first || at >= first + o->rows * o->ld * size) continue;
    values[i][(at - first) / size] = value;
    bounds[i][(at - first) / size] = bound;
    return;
  }
  case_fail(c, "the reference expects something of what is no output");
}

void expected_clear(struct test_case *c) {
  for (size_t i = 0; i < c->operands; i++) {
    const struct operand *o = &c->operand[i];
    if (o->role == IN) continue;
    if (o->rows * o->ld > ELEMENTS_MAX) {
      case_fail(c, "%s has more than %d elements", o->name, (int)ELEMENTS_MAX);
      return;
    }
    for (size_t e = 0; e < o->rows * o->ld; e++) bounds[i][e] = -1.0;
  }
}

static double element(const struct operand *o, const void *results, size_t e) {
  const unsigned char *at = (const unsigned char *)results + e * element_size(o->values);
  float number;
  double wide;
  uint16_t bits;
  switch (o->values) {
    case DOUBLES:
      memcpy(&wide, at, sizeof wide);
      return wide;
    case BITS:
      memcpy(&bits, at, sizeof bits);
      return bits;
    default:
      memcpy(&number, at, sizeof number);
      return (double)number;
  }
}

static bool agrees(double got, double value, double bound) {
  if (isnan(value)) return isnan(got);
  if (bound == 0.0 || isinf(value)) return got == value && signbit(got) == signbit(value);
  return fabs(got - value) <= bound;
}

static bool met(struct test_case *c, size_t i, size_t e) {
  const struct operand *o = &c->operand[i];
  size_t row = e / o->width, column = e % o->width, at = row * o->ld + column;
  if (bounds[i][at] < 0.0) {
    return case_fail(c, "the reference says nothing about %s[%zu][%zu]", o->name, row, column);
  }
  double got = element(o, operand_result(i, RESULT_TESTED), e);
  if (agrees(got, values[i][at], bounds[i][at])) return true;
  return case_fail(c, "%s[%zu][%zu] is %.9g, must be %.9g within %.3g", o->name, row, column, got,
                   values[i][at], bounds[i][at]);
}

bool expected_met(struct test_case *c) {
  for (size_t i = 0; i < c->operands; i++) {
    const struct operand *o = &c->operand[i];
    for (size_t e = 0; o->role != IN && e < o->rows * o->width; e++) {
      if (!met(c, i, e)) return false;
      size_t at = e / o->width * o->ld + e % o->width;
      if (c->fill != FILL_NORMALS || !(bounds[i][at] > 0.0)) continue;
      if (o->rows * o->ld > SHARP_ELEMENTS) continue;
      c->strength->values += values[i][at] * values[i][at];
      c->strength->bounds += bounds[i][at] * bounds[i][at];
    }
  }
  return true;
}

/* Some times the bound; the lowest bit where the value must be exact. */
static void make_wrong(const struct operand *o, unsigned char *at, double bound) {
  size_t size = element_size(o->values);
  unsigned char before[sizeof(double)];
  memcpy(before, at, size);
  if (bound > 0.0 && o->values != BITS) {
    double wide = element(o, at, 0) + 4.0 * bound;
    float number = (float)wide;
    memcpy(at, o->values == DOUBLES ? (const void *)&wide : (const void *)&number, size);
  }
  if (memcmp(before, at, size) == 0) at[0] ^= 1u; /* little-endian */
}

void expected_try_wrong(struct test_case *c) {
  for (size_t i = 0; i < c->operands; i++) {
    const struct operand *o = &c->operand[i];
    size_t count = o->rows * o->width, size = element_size(o->values);
    if (c->fill != FILL_NORMALS || o->role == IN || count == 0) continue;
    size_t e = choose(c, (unsigned)count);
    unsigned char *at = (unsigned char *)operand_result(i, RESULT_TESTED) + e * size;
    unsigned char kept[sizeof(double)];
    memcpy(kept, at, size);
    make_wrong(o, at, bounds[i][e / o->width * o->ld + e % o->width]);
    c->strength->wrong++;
    c->strength->wrong_hit += !met(c, i, e);
    c->fault[0] = '\0';
    memcpy(at, kept, size);
  }
}

bool strength_enough(const struct strength *s, char *why, size_t size) {
  if (s->wrong == 0 || s->wrong_hit < s->wrong) {
    (void)snprintf(why, size, "of %zu results made wrong, only %zu were refused", s->wrong,
                   s->wrong_hit);
    return false;
  }
  if (s->bounds > 0.0 && sqrt(s->values / s->bounds) < 1e4) {
    (void)snprintf(why, size, "the results are just %.0f times their bounds",
                   sqrt(s->values / s->bounds));
    return false;
  }
  if ((double)s->visible < 0.98 * (double)s->sums) {
    (void)snprintf(why, size, "a term left out would show in %zu of %zu sums only", s->visible,
                   s->sums);
    return false;
  }
  return true;
}
