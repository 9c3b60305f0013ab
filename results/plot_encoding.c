#include "results/plot_encoding.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "plots/plot_syntax.h"
#include "results/plot_labels.h"

enum { WORDS = 26 /* columns of a value in the key */ };

static bool same(double a, double b) {
  return a <= b && a >= b;
}

/* Do models of one x have different values? Not where one has none: depth and width say
 * nothing of a model whose layers are uneven. */
static bool differs(const struct plot_axis *axis, const double *x, size_t rows) {
  for (size_t i = 0; i < rows; i++) {
    for (size_t k = i + 1; k < rows; k++) {
      const bool known = axis->of[i] != PLOT_NO_VALUE && axis->of[k] != PLOT_NO_VALUE;
      if (known && same(x[i], x[k]) && axis->of[i] != axis->of[k]) return true;
    }
  }
  return false;
}

/* Part of the variance of the test MSE between the values of an axis, less what
 * chance gives as many groups (epsilon squared; Kelley, PNAS 21, 1935). */
static double share_of(const struct plot_view *view, const struct plot_axis *axis,
                       const double *x) {
  double sum[ENCODING_VALUES + 1] = {0}, squares = 0, all = 0, n = 0, groups = 0;
  double count[ENCODING_VALUES + 1] = {0};
  for (size_t i = 0; i < view->summary->rows; i++) {
    if (isnan(x[i])) continue;
    const double mse = view->summary->row[i].mse;
    const size_t group = axis->of[i] < axis->values ? axis->of[i] : axis->values;
    sum[group] += mse;
    count[group]++;
    all += mse;
    squares += mse * mse;
    n++;
  }
  double between = -all * all / n;
  for (size_t g = 0; g <= axis->values; g++) {
    if (!(count[g] > 0)) continue;
    between += sum[g] * sum[g] / count[g];
    groups++;
  }
  const double total = squares - all * all / n;
  const double noise = n > groups ? (total - between) / (n - groups) : 0;
  return total > 0 ? (between - (groups - 1) * noise) / total : 0;
}

static void choose(struct plot_encoding *encoding, const struct plot_view *view, const double *x) {
  double best = -INFINITY, second = -INFINITY;
  for (size_t a = 0; a < encoding->axes.count; a++) {
    const struct plot_axis *axis = &encoding->axes.axis[a];
    if (axis->values > ENCODING_VALUES || !differs(axis, x, view->summary->rows)) continue;
    const double share = share_of(view, axis, x);
    if (share > best) {
      second = best;
      encoding->shape = encoding->colour;
      best = share;
      encoding->colour = a;
    } else if (share > second) {
      second = share;
      encoding->shape = a;
    }
  }
}

size_t plot_encoding_of(const struct plot_encoding *encoding, size_t axis, size_t row) {
  if (axis == PLOT_NO_VALUE) return 1;
  const struct plot_axis *at = &encoding->axes.axis[axis];
  return (at->of[row] < at->values ? at->of[row] : at->values) + 1;
}

/* How many places the values of an axis take: one more where a model that is drawn has
 * none. */
static size_t places_of(const struct plot_encoding *encoding, size_t axis, const double *x) {
  size_t most = axis != PLOT_NO_VALUE ? encoding->axes.axis[axis].values : 1;
  for (size_t i = 0; axis != PLOT_NO_VALUE && i < encoding->axes.rows; i++) {
    const size_t place = isnan(x[i]) ? 1 : plot_encoding_of(encoding, axis, i);
    if (place > most) most = place;
  }
  return most;
}

bool plot_encoding_init(struct plot_encoding *encoding, const struct plot_view *view,
                        const double *x, struct error *error) {
  *encoding = (struct plot_encoding){.colour = PLOT_NO_VALUE, .shape = PLOT_NO_VALUE};
  bool derived;
  if (!plot_axes_init(&encoding->axes, view->summary, error) ||
      !plot_axes_derive(&encoding->axes, view->summary, true, &derived, error)) {
    return false;
  }
  choose(encoding, view, x);
  for (size_t a = 0; a < encoding->axes.count; a++) {
    const struct plot_axis *axis = &encoding->axes.axis[a];
    if (a == encoding->colour || a == encoding->shape) continue;
    if (!differs(axis, x, view->summary->rows)) continue;
    text_add(&encoding->hidden, "%s%s", encoding->hidden.length > 0 ? ", " : "", axis->name);
  }
  if (encoding->shape == PLOT_NO_VALUE) encoding->shape = encoding->colour;
  encoding->colours = places_of(encoding, encoding->colour, x);
  encoding->shapes = places_of(encoding, encoding->shape, x);
  return true;
}

void plot_encoding_clear(struct plot_encoding *encoding) {
  plot_axes_clear(&encoding->axes);
  text_clear(&encoding->hidden);
}

double plot_encoding_lane(const struct plot_encoding *encoding, size_t row) {
  const bool two = encoding->shape != encoding->colour;
  const size_t inner = two ? encoding->shapes : 1;
  size_t lane = (plot_encoding_of(encoding, encoding->colour, row) - 1) * inner;
  if (two) lane += plot_encoding_of(encoding, encoding->shape, row) - 1;
  const size_t lanes = encoding->colours * inner;
  return lanes > 1 ? (double)lane / (double)(lanes - 1) - 0.5 : 0;
}

static void add_values(const struct plot_encoding *encoding, size_t axis, size_t places,
                       const char *what, struct text *variables) {
  const struct plot_axis *at = &encoding->axes.axis[axis];
  struct text name = {0};
  text_add(&name, "%s_name", what);
  plot_add_line_variable(variables, name.failed ? "" : name.text, at->name);
  text_clear(&name);
  for (size_t v = 0; v < places; v++) {
    struct text words = {0};
    text_add(&name, "%s_%zu", what, v + 1);
    if (v < at->values) {
      plot_add_short_value(at, v, WORDS, &words);
    } else {
      text_add(&words, "other");
    }
    plot_add_line_variable(variables, name.failed ? "" : name.text, words.text);
    variables->failed = variables->failed || words.failed || name.failed;
    text_clear(&name);
    text_clear(&words);
  }
}

void plot_encoding_variables(const struct plot_encoding *encoding, struct text *variables) {
  const bool any = encoding->colour != PLOT_NO_VALUE;
  const bool two = any && encoding->shape != encoding->colour;
  plot_add_count_variable(variables, "colours", any ? encoding->colours : 0);
  plot_add_count_variable(variables, "shapes", two ? encoding->shapes : 0);
  if (any) add_values(encoding, encoding->colour, encoding->colours, "colour", variables);
  if (two) add_values(encoding, encoding->shape, encoding->shapes, "shape", variables);
}
