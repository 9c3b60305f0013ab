/* Pictures of the swept keys: heat map of two, importance of each. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/width.h"
#include "plots/plot_syntax.h"
#include "results/plot_importance.h"
#include "results/plot_labels.h"
#include "results/plot_parts.h"
#include "results/plot_view.h"

enum {
  HEAT_SIDE = 16,  /* values of an axis of the heat map */
  TICK_WIDTH = 18, /* columns, before a tick's text is broken */
  SIDE_WIDTH = 40  /* likewise, of the ticks at the left */
};

/* --- heat map --- */

static void add_ticks(const struct plot_axis *axis, size_t width, struct text *text) {
  for (size_t v = 0; v < axis->values; v++) {
    text_add(text, "%zu\t", v);
    plot_add_tick(axis->value[v].text, width, text);
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
