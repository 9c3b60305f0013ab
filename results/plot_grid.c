/* Pictures of the swept keys: heat map of two, importance of each, parallel
 * coordinates of all. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/width.h"
#include "plots/plot_syntax.h"
#include "results/plot_importance.h"
#include "results/plot_parts.h"
#include "results/plot_view.h"

enum {
  HEAT_SIDE = 16,  /* values of an axis of the heat map */
  TICK_WIDTH = 18, /* columns, before a tick's text is broken */
  SIDE_WIDTH = 40, /* likewise, of the ticks at the left */
  TICK_CUT = 54,   /* columns of a tick's text that is cut */
  PARALLEL_AXES = 8,
  PARALLEL_TICKS = 8
};

static void add_tick(struct text *text, const char *label, size_t width) {
  struct text cut = {0};
  size_t most = width_fit(label, TICK_CUT);
  text_add_bytes(&cut, label, most);
  if (label[most] != '\0') text_add(&cut, "…");
  plot_add_label(text, cut.failed ? "" : cut.text, width);
  text_clear(&cut);
}

/* --- heat map --- */

static void add_ticks(const struct plot_axis *axis, size_t width, struct text *text) {
  for (size_t v = 0; v < axis->values; v++) {
    text_add(text, "%zu\t", v);
    add_tick(text, axis->value[v].text, width);
    text_add(text, "\n");
  }
}

static bool add_cells(const struct plot_view *view, const struct plot_axis *y,
                      const struct plot_axis *x, struct text *text) {
  plot_add_block(text, "cells: x, y, test MSE, whether of lowest validation MSE, row");
  size_t cells = 0;
  for (size_t i = 0; i < view->summary->rows; i++) {
    const struct summary_row *row = &view->summary->row[i];
    if (!summary_finished(row) || y->of[i] == PLOT_NO_VALUE) continue;
    bool every = x->of[i] == PLOT_NO_VALUE; /* without layers: the same at any width */
    for (size_t v = every ? 0 : x->of[i]; v < (every ? x->values : x->of[i] + 1); v++, cells++) {
      text_add(text, "%zu\t%zu", v, y->of[i]);
      plot_add_number(text, row->mse);
      plot_add_count(text, i == view->best);
      plot_add_count(text, i);
      text_add(text, "\n");
    }
  }
  return cells > 0;
}

static size_t widest(const struct plot_axis *axis) {
  size_t most = 0;
  for (size_t v = 0; v < axis->values; v++) {
    size_t width = width_of(axis->value[v].text);
    if (width > most) most = width;
  }
  return most;
}

/* No two rows in one cell. */
static bool is_a_grid(const struct plot_axes *axes, const struct summary *summary) {
  const struct plot_axis *a = &axes->axis[0], *b = &axes->axis[1];
  for (size_t i = 0; i < summary->rows; i++) {
    for (size_t k = i + 1; k < summary->rows; k++) {
      bool both = summary_finished(&summary->row[i]) && summary_finished(&summary->row[k]) &&
                  a->of[i] != PLOT_NO_VALUE;
      if (both && a->of[i] == a->of[k] && b->of[i] == b->of[k]) return false;
    }
  }
  return true;
}

static void fill_heat_map(const struct plot_view *view, const struct plot_axes *axes, bool derived,
                          struct picture *picture) {
  bool turn = !derived && widest(&axes->axis[1]) > widest(&axes->axis[0]);
  const struct plot_axis *y = &axes->axis[turn ? 1 : 0], *x = &axes->axis[turn ? 0 : 1];
  struct text title = {0}, aside = {0};
  text_add(&title, "test MSE by %s and %s", axes->axis[0].name, axes->axis[1].name);
  if (axes->aside > 0) text_add(&aside, "without %zu whose layers differ in width", axes->aside);
  plot_view_variables(view, title.failed ? "" : title.text, &picture->variables);
  plot_view_note(view, aside.failed ? NULL : aside.text, SIZE_MAX, &picture->variables);
  text_clear(&title);
  text_clear(&aside);
  plot_add_variable(&picture->variables, "x_text", x->name);
  plot_add_variable(&picture->variables, "y_text", y->name);
  plot_add_count_variable(&picture->variables, "marked", view->best != PLOT_NO_VALUE);
  (void)add_cells(view, y, x, &picture->data);
  plot_add_block(&picture->data, "values at the bottom");
  add_ticks(x, TICK_WIDTH, &picture->data);
  plot_add_block(&picture->data, "values at the left");
  add_ticks(y, SIDE_WIDTH, &picture->data);
  picture->script = plot_script_heat_map;
}

bool plot_make_heat_map(const struct plot_view *view, struct picture *picture, struct text *why,
                        struct error *error) {
  struct plot_axes axes;
  bool derived = false;
  bool good = plot_axes_init(&axes, view->summary, error) &&
              plot_axes_derive(&axes, view->summary, true, &derived, error);
  if (good && (axes.count != 2 || !is_a_grid(&axes, view->summary))) {
    text_add(why, "needs a grid of two keys");
  } else if (good && (axes.axis[0].values > HEAT_SIDE || axes.axis[1].values > HEAT_SIDE)) {
    text_add(why, "more than %d values of a key", HEAT_SIDE);
  } else if (good) {
    fill_heat_map(view, &axes, derived, picture);
  }
  plot_axes_clear(&axes);
  return good;
}

/* --- importance --- */

static void add_shares(const struct plot_axes *axes, const struct importance *importance,
                       struct text *text) {
  size_t position = 1;
  plot_add_block(text, "position, key, share of the variance of the mean test MSE");
  for (double last = INFINITY; position <= axes->count;) {
    double next = -INFINITY;
    for (size_t a = 0; a < axes->count; a++) {
      if (importance->share[a] < last) next = fmax(next, importance->share[a]);
    }
    if (isinf(next)) break;
    for (size_t a = 0; a < axes->count; a++) {
      if (importance->share[a] < next || importance->share[a] > next) continue;
      text_add(text, "%zu\t", position++);
      plot_add_label(text, axes->axis[a].name, SIZE_MAX);
      plot_add_number(text, importance->share[a]);
      text_add(text, "\n");
    }
    last = next;
  }
  if (!importance->grid) return;
  text_add(text, "%zu\t\"%s\"", position,
           axes->count == 2 ? "interaction of both" : "interactions");
  plot_add_number(text, importance->interactions);
  text_add(text, "\n");
}

static void fill_importance(const struct plot_view *view, const struct plot_axes *axes,
                            const struct importance *importance, struct picture *picture) {
  plot_view_variables(view, "hyperparameter importance", &picture->variables);
  plot_view_note(view, NULL, SIZE_MAX, &picture->variables);
  struct text note = {0};
  text_add(&note, "%s, %zu architectures",
           importance->grid ? "functional ANOVA over the full grid"
                            : "not a full grid: each key by itself (epsilon squared), approximate",
           importance->rows);
  plot_add_variable(&picture->variables, "method_text", note.failed ? "" : note.text);
  text_clear(&note);
  if (!isnan(importance->luck))
    plot_add_number_variable(&picture->variables, "luck", importance->luck);
  add_shares(axes, importance, &picture->data);
  picture->script = plot_script_importance;
}

bool plot_make_importance(const struct plot_view *view, struct picture *picture, struct text *why,
                          struct error *error) {
  struct plot_axes axes;
  struct importance importance = {.share = NULL};
  bool derived, known = false;
  bool good = plot_axes_init(&axes, view->summary, error) &&
              plot_axes_derive(&axes, view->summary, false, &derived, error) &&
              importance_init(&importance, &axes, view->summary, &known, why, error);
  if (good && known) fill_importance(view, &axes, &importance, picture);
  importance_clear(&importance);
  plot_axes_clear(&axes);
  return good;
}

/* --- parallel coordinates --- */

/* Where an axis has a number, from 0 at its bottom to 1: by the logarithm when
 * its values span a factor of 30. Other values stand at even distances. */
static double height_of(const struct plot_axis *axis, size_t value) {
  double last = (double)(axis->values - 1);
  if (!axis->numeric || axis->values <= PARALLEL_TICKS) return ((double)value + 0.5) / (last + 1);
  double low = axis->value[0].number, high = axis->value[axis->values - 1].number;
  double at = axis->value[value].number;
  if (low > 0 && high >= 30 * low) return 0.05 + 0.9 * log(at / low) / log(high / low);
  return 0.05 + 0.9 * (at - low) / (high - low);
}

/* Lines of the same value lie side by side, by MSE. */
static double spread_of(const struct plot_view *view, const struct plot_axis *axis, size_t row) {
  if (axis->numeric && axis->values > PARALLEL_TICKS) return 0;
  size_t before = 0, members = 0;
  for (size_t i = 0; i < view->summary->rows; i++) {
    if (axis->of[i] != axis->of[row]) continue;
    before += view->summary->row[i].mse < view->summary->row[row].mse;
    members++;
  }
  double room = 0.5 / (double)axis->values;
  return members > 1 ? room * ((double)before / (double)(members - 1) - 0.5) : 0;
}

static bool complete(const struct plot_axes *axes, const struct summary *summary, size_t row) {
  bool all = summary_finished(&summary->row[row]);
  for (size_t a = 0; a < axes->count; a++) all = all && axes->axis[a].of[row] != PLOT_NO_VALUE;
  return all;
}

static double mse_height(double mse, double low, double high) {
  return high > low ? 0.05 + 0.9 * fmin((mse - low) / (high - low), 1.05) : 0.5;
}

/* One line per architecture, the lowest MSE last so that it lies on top. */
static void add_strands(const struct plot_view *view, const struct plot_axes *axes, double low,
                        double high, struct text *text) {
  const struct summary *summary = view->summary;
  plot_add_block(text, "lines: axis, height, test MSE, whether of lowest validation MSE, row");
  for (size_t i = summary->rows; i-- > 0;) {
    size_t row = view->order[i];
    if (!complete(axes, summary, row)) continue;
    double mse = summary->row[row].mse;
    for (size_t a = 0; a <= axes->count; a++) {
      double at = a < axes->count ? height_of(&axes->axis[a], axes->axis[a].of[row]) +
                                        spread_of(view, &axes->axis[a], row)
                                  : mse_height(mse, low, high);
      text_add(text, "%zu", a);
      plot_add_number(text, at);
      plot_add_number(text, mse);
      plot_add_count(text, row == view->best);
      plot_add_count(text, row);
      text_add(text, "\n");
    }
    text_add(text, "\n");
  }
}

static void add_axis_ticks(const struct plot_axis *axis, size_t number, struct text *text) {
  size_t shown = axis->values <= PARALLEL_TICKS || !axis->numeric ? axis->values : 2;
  for (size_t i = 0; i < shown; i++) {
    size_t value = shown < axis->values ? i * (axis->values - 1) : i;
    text_add(text, "%zu", number);
    plot_add_number(text, height_of(axis, value));
    text_add(text, "\t");
    add_tick(text, axis->value[value].text, TICK_WIDTH);
    text_add(text, "\n");
  }
}

static void add_mse_ticks(size_t number, double low, double high, struct text *text) {
  for (int i = 0; i <= 4; i++) {
    double mse = low + 0.25 * i * (high - low);
    text_add(text, "%zu", number);
    plot_add_number(text, mse_height(mse, low, high));
    text_add(text, "\t\"");
    text_add_rounded(text, mse, 4);
    text_add(text, "\"\n");
  }
}

static bool fill_parallel(const struct plot_view *view, const struct plot_axes *axes,
                          struct picture *picture, struct error *error) {
  const struct summary *summary = view->summary;
  double *values = memory_array(summary->rows, sizeof *values, error);
  if (values == NULL) return false;
  size_t count = 0;
  for (size_t i = 0; i < summary->rows; i++) {
    if (complete(axes, summary, i)) values[count++] = summary->row[i].mse;
  }
  double high = plot_robust_high(values, count), low = count > 0 ? values[0] : 0;
  free(values);
  add_strands(view, axes, low, high, &picture->data);
  plot_add_block(&picture->data, "ticks: axis, height, text");
  for (size_t a = 0; a < axes->count; a++) add_axis_ticks(&axes->axis[a], a, &picture->data);
  add_mse_ticks(axes->count, low, high, &picture->data);
  plot_add_block(&picture->data, "axes: number, name");
  for (size_t a = 0; a <= axes->count; a++) {
    text_add(&picture->data, "%zu\t", a);
    plot_add_label(&picture->data, a < axes->count ? axes->axis[a].name : "test MSE", TICK_WIDTH);
    text_add(&picture->data, "\n");
  }
  plot_view_variables(view, "parallel coordinates", &picture->variables);
  plot_view_note(view, NULL, SIZE_MAX, &picture->variables);
  plot_add_number_variable(&picture->variables, "mse_low", low);
  plot_add_number_variable(&picture->variables, "mse_high", high);
  if (view->best != PLOT_NO_VALUE) {
    struct text best = {0};
    text_add(&best, "%s: MSE" PLOT_NO_BREAK "%.4f", view->label[view->best],
             summary->row[view->best].mse);
    plot_add_variable(&picture->variables, "best_text", best.failed ? "" : best.text);
    text_clear(&best);
  }
  picture->script = plot_script_parallel_coordinates;
  return true;
}

bool plot_make_parallel(const struct plot_view *view, struct picture *picture, struct text *why,
                        struct error *error) {
  struct plot_axes axes;
  bool good = plot_axes_init(&axes, view->summary, error);
  size_t lines = 0;
  for (size_t i = 0; good && i < view->summary->rows; i++) {
    lines += complete(&axes, view->summary, i);
  }
  if (good && (axes.count < 2 || axes.count > PARALLEL_AXES)) {
    text_add(why, axes.count < 2 ? "fewer than two keys are swept" : "more than %d keys are swept",
             PARALLEL_AXES);
  } else if (good && lines < 2) {
    text_add(why, "fewer than two architectures have all keys");
  } else if (good) {
    good = fill_parallel(view, &axes, picture, error);
  }
  plot_axes_clear(&axes);
  return good;
}
