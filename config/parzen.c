#include "config/parzen.h"

#include <math.h>
#include <stdlib.h>

#include "base/exact.h"
#include "base/memory.h"
#include "base/numeric.h"

#define INVERSE_SQRT_2PI 0x1.9884533d43651p-2

enum { WIDTHS_MOST = 100, PERCENT = 100 };

size_t parzen_good(size_t results) {
  return (results * PARZEN_GOOD + PERCENT - 1) / PERCENT;
}

/* --- the scale on which the normals are --- */

static double scale(const struct parzen_axis *axis, double value) {
  return axis->kind == PARZEN_LOG_WHOLE ? numeric_log(value) : value;
}

static bool is_whole(const struct parzen_axis *axis) {
  return axis->kind == PARZEN_WHOLE || axis->kind == PARZEN_LOG_WHOLE;
}

/* Where the cell of a whole number ends on that scale. */
static double cell_end(const struct parzen_axis *axis, double value) {
  return is_whole(axis) ? scale(axis, value + 1.0) : value;
}

static double middle_of(const struct parzen_axis *axis, double value) {
  if (!is_whole(axis)) return value;
  return 0.5 * (scale(axis, value) + cell_end(axis, value));
}

/* --- the mixture --- */

static int ascending(const void *a, const void *b) {
  const double one = *(const double *)a, other = *(const double *)b;
  return (one > other) - (one < other);
}

static void set_widths(struct parzen *parzen) {
  const size_t n = parzen->count, parts = 1 + n < WIDTHS_MOST ? 1 + n : WIDTHS_MOST;
  const double range = parzen->high - parzen->low, least = range / (double)parts;
  for (size_t i = 0; i < n; i++) {
    const double left = i > 0 ? parzen->middle[i] - parzen->middle[i - 1] : 0.0;
    const double right = i + 1 < n ? parzen->middle[i + 1] - parzen->middle[i] : 0.0;
    double width = left > right ? left : right;
    if (n == 1) width = range; /* no neighbour */
    parzen->width[i] = width < least ? least : width;
  }
}

bool parzen_init(struct parzen *parzen, const struct parzen_axis *axis, const double *value,
                 size_t count, struct error *error) {
  *parzen = (struct parzen){
      .axis = axis, .low = scale(axis, axis->low), .high = cell_end(axis, axis->high)};
  parzen->middle = memory_array(count, sizeof *parzen->middle, error);
  parzen->width = memory_array(count, sizeof *parzen->width, error);
  if (parzen->middle == NULL || parzen->width == NULL) return false;
  parzen->count = count;
  for (size_t i = 0; i < count; i++) parzen->middle[i] = middle_of(axis, value[i]);
  if (axis->kind == PARZEN_CHOICE) return true;
  qsort(parzen->middle, count, sizeof *parzen->middle, ascending);
  set_widths(parzen);
  return true;
}

void parzen_clear(struct parzen *parzen) {
  free(parzen->middle);
  free(parzen->width);
  *parzen = (struct parzen){0};
}

static double share_of_choice(const struct parzen *parzen, double value) {
  double taken = 1.0;
  for (size_t i = 0; i < parzen->count; i++) taken += parzen->middle[i] == value ? 1.0 : 0.0;
  return taken / (parzen->axis->high + 1.0 + (double)parzen->count);
}

/* Below exp(-700) nothing of the sum would change. */
static double density_of_normal(double z) {
  const double half_square = 0.5 * z * z;
  return half_square > 700.0 ? 0.0 : INVERSE_SQRT_2PI * numeric_exp(-half_square);
}

/* Of the normal i, cut to the range: density at `from` where `to` is the same, else the share
 * between them. */
static double normal_between(const struct parzen *parzen, size_t i, double from, double to) {
  const double middle = parzen->middle[i], width = parzen->width[i];
  const double kept = numeric_normal((parzen->high - middle) / width) -
                      numeric_normal((parzen->low - middle) / width);
  if (from == to) return density_of_normal((from - middle) / width) / (width * kept);
  return (numeric_normal((to - middle) / width) - numeric_normal((from - middle) / width)) / kept;
}

double parzen_density(const struct parzen *parzen, double value) {
  if (parzen->axis->kind == PARZEN_CHOICE) return share_of_choice(parzen, value);
  const double from = scale(parzen->axis, value), to = cell_end(parzen->axis, value);
  double sum = (from == to ? 1.0 : to - from) / (parzen->high - parzen->low);
  for (size_t i = 0; i < parzen->count; i++) sum += normal_between(parzen, i, from, to);
  return sum / (1.0 + (double)parzen->count);
}

/* --- draws --- */

/* One of a pair of Box and Muller ("A note on the generation of random normal deviates", Ann.
 * Math. Stat. 29, 1958); half of the circle has the cosines of all of it. */
static double draw_normal(struct random *random) {
  const double radius = sqrt(-2.0 * numeric_log(1.0 - random_double(random)));
  return radius * numeric_cos_pi(random_double(random));
}

/* On the scale of the normals. More than a third of each normal is within the range. */
static double draw_number(const struct parzen *parzen, struct random *random) {
  const size_t i = random_below(random, (uint32_t)parzen->count + 1);
  if (i == parzen->count) {
    return parzen->low + (parzen->high - parzen->low) * random_double(random);
  }
  for (;;) {
    const double number = parzen->middle[i] + parzen->width[i] * draw_normal(random);
    if (number >= parzen->low && number <= parzen->high) return number;
  }
}

/* The uniform part gives each choice one of N + n, each value of the list its own. */
static double draw_choice(const struct parzen *parzen, struct random *random) {
  const uint32_t choices = (uint32_t)parzen->axis->high + 1;
  const uint32_t at = random_below(random, choices + (uint32_t)parzen->count);
  return at < choices ? (double)at : parzen->middle[at - choices];
}

double parzen_draw(const struct parzen *parzen, struct random *random) {
  const struct parzen_axis *axis = parzen->axis;
  if (axis->kind == PARZEN_CHOICE) return draw_choice(parzen, random);
  double value = draw_number(parzen, random);
  if (axis->kind == PARZEN_LOG_WHOLE) value = numeric_exp(value);
  if (is_whole(axis)) value = (double)(uint64_t)value;
  return value < axis->low ? axis->low : value > axis->high ? axis->high : value;
}

static double best_of(unsigned candidates, const struct parzen *good, const struct parzen *other,
                      struct random *random) {
  double best = 0.0, best_ratio = -1.0;
  for (unsigned i = 0; i < candidates; i++) {
    const double value = parzen_draw(good, random);
    const double ratio = parzen_density(good, value) / parzen_density(other, value);
    if (ratio <= best_ratio) continue;
    best = value;
    best_ratio = ratio;
  }
  return best;
}

bool parzen_choose(const struct parzen_axis *axis, const double *good, size_t goods,
                   const double *other, size_t others, unsigned candidates, struct random *random,
                   double *value, struct error *error) {
  struct parzen l = {0}, g = {0};
  const bool done =
      parzen_init(&l, axis, good, goods, error) && parzen_init(&g, axis, other, others, error);
  if (done) *value = best_of(candidates, &l, &g, random);
  parzen_clear(&l);
  parzen_clear(&g);
  return done;
}
