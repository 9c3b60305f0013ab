/* MSE against what a model costs or is made of: one picture per quantity. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "base/quantile.h"
#include "plots/plot_syntax.h"
#include "results/plot_parts.h"
#include "results/plot_view.h"

enum {
  NAMED = 10,  /* architectures that are numbered, and named below the picture */
  BARS = 24,   /* architectures, beyond which bars would hide each other */
  GROUPS = 20, /* values of a count that get a median each, */
  EACH = 3     /* when they have so many architectures on average */
};

/* How far apart numbered members of the front are, in parts of an axis. */
#define NUMBER_APART 0.025

enum quantity { RUNTIME, PARAMETERS, WIDE_COLUMNS, DEEP_COLUMNS, DEPTH };

static const struct {
  const char *title, *x_text, *unit;
  bool whole; /* a count: its values get medians where many architectures share them */
} quantities[] = {
    [RUNTIME] = {"test MSE against training time", "training time per trial (CPU seconds)", "s",
                 false},
    [PARAMETERS] = {"test MSE against parameters", "parameters of the model", "parameters", false},
    [WIDE_COLUMNS] = {"test MSE against one-hot columns", "one-hot columns of the wide part",
                      "one-hot columns", true},
    [DEEP_COLUMNS] = {"test MSE against deep columns", "input columns of the deep part",
                      "deep columns", true},
    [DEPTH] = {"test MSE against depth", "hidden layers of the deep part", "hidden layers", true},
};

static double quantity_of(const struct plot_view *view, enum quantity quantity, size_t number) {
  const struct summary_row *row = &view->summary->row[number];
  if (!summary_finished(row)) return NAN;
  switch (quantity) {
    case RUNTIME:
      return row->cpu_seconds;
    case PARAMETERS:
      return (double)row->parameters;
    case WIDE_COLUMNS:
      return (double)row->wide_columns;
    case DEEP_COLUMNS:
      return plot_deep_columns(view->summary, row);
    case DEPTH:
      break;
  }
  return plot_depth(view->summary, row);
}

static bool same(double a, double b) {
  return a <= b && a >= b;
}

struct frame {
  double x_low, x_high, y_low, y_high;
  double clip; /* architectures above are drawn at the upper end */
  size_t above;
  bool log_x;
  double zero_at; /* where 0 stands on a logarithmic axis: a quarter of the least other x; NaN */
  size_t values;  /* distinct x */
  size_t points;  /* with an x */
};

/* Moves an x of 0 to where a logarithmic axis can show it. */
static void place_zero(const struct plot_view *view, double *x, struct frame *frame) {
  double least = INFINITY;
  for (size_t i = 0; i < view->summary->rows; i++) {
    if (x[i] > 0) least = fmin(least, x[i]);
  }
  if (frame->x_low > 0 || frame->x_high < 20 * least) return;
  frame->zero_at = frame->x_low = 0.25 * least;
  for (size_t i = 0; i < view->summary->rows; i++) {
    if (same(x[i], 0)) x[i] = frame->zero_at;
  }
}

/* The range of all points with a margin. An axis that spans a factor of 10 is
 * logarithmic. */
static struct frame frame_of(const struct plot_view *view, double *x, double *scratch) {
  const struct summary *summary = view->summary;
  struct frame frame = {.x_low = INFINITY, .x_high = -INFINITY, .y_low = INFINITY, .zero_at = NAN};
  size_t count = 0;
  for (size_t i = 0; i < summary->rows; i++) {
    if (isnan(x[i])) continue;
    bool first = true;
    for (size_t k = 0; k < i; k++) first = first && !same(x[k], x[i]);
    frame.values += first;
    frame.points++;
    frame.x_low = fmin(frame.x_low, x[i]);
    frame.x_high = fmax(frame.x_high, x[i]);
    double bar = view->finished <= BARS ? fmax(summary->row[i].mse_sd, 0) : 0;
    frame.y_low = fmin(frame.y_low, summary->row[i].mse - bar);
    scratch[count++] = summary->row[i].mse + bar;
  }
  frame.clip = plot_robust_high(scratch, count);
  place_zero(view, x, &frame);
  frame.log_x = frame.x_low > 0 && frame.x_high >= 10 * frame.x_low;
  for (size_t i = 0; i < summary->rows; i++) {
    frame.above += !isnan(x[i]) && summary->row[i].mse > frame.clip;
  }
  double height = fmax(frame.clip - frame.y_low, 0.01 * frame.clip);
  frame.y_low -= 0.12 * height;
  frame.y_high = frame.clip + 0.08 * height;
  return frame;
}

static void widen(struct frame *frame, bool whole) {
  if (frame->log_x) {
    double factor = pow(frame->x_high / frame->x_low, 0.06);
    frame->x_low /= factor;
    frame->x_high *= factor;
  } else {
    double margin = 0.06 * (frame->x_high - frame->x_low);
    if (whole) margin = fmax(margin, 0.5);
    frame->x_low -= margin;
    frame->x_high += margin;
  }
}

/* Of a count: architectures of the same x are spread, by MSE, so
 * that none hides another. */
static double spread_x(const struct plot_view *view, const double *x, size_t number) {
  size_t before = 0, members = 0;
  double own = view->summary->row[number].mse;
  for (size_t i = 0; i < view->summary->rows; i++) {
    if (!same(x[i], x[number])) continue;
    double mse = view->summary->row[i].mse;
    before += mse < own || (same(mse, own) && i < number);
    members++;
  }
  if (members < 2) return x[number]; /* NaN too */
  return x[number] + 0.5 * ((double)before / (double)(members - 1) - 0.5);
}

static void add_points(const struct plot_view *view, const double *x, const double *drawn,
                       const struct frame *frame, struct text *text) {
  const struct summary *summary = view->summary;
  plot_add_block(text, "architectures: x, test MSE, sd, validation MSE, n, x drawn, row, label");
  for (size_t i = 0; i < summary->rows; i++) {
    size_t number = view->order[i];
    const struct summary_row *row = &summary->row[number];
    if (isnan(x[number])) continue;
    json_text_add_real(text, same(x[number], frame->zero_at) ? 0 : x[number]);
    plot_add_number(text, row->mse);
    plot_add_number(text, row->mse_sd);
    plot_add_number(text, row->validation_mse);
    plot_add_count(text, row->trials);
    plot_add_number(text, drawn[number]);
    plot_add_count(text, number);
    text_add(text, "\t");
    plot_add_label(text, row->label, SIZE_MAX);
    text_add(text, "\n");
  }
}

static double median_of(double *values, size_t count) {
  quantile_sort(values, count);
  return quantile_of(values, count, 0.5);
}

static void add_medians(const struct plot_view *view, const double *x, double *scratch,
                        struct text *text) {
  plot_add_block(text, "medians: x, median of the test MSE of its architectures, how many");
  for (double last = -INFINITY;;) {
    double next = INFINITY;
    for (size_t i = 0; i < view->summary->rows; i++) {
      if (x[i] > last && x[i] < next) next = x[i];
    }
    if (isinf(next)) return;
    size_t count = 0;
    for (size_t i = 0; i < view->summary->rows; i++) {
      if (same(x[i], next)) scratch[count++] = view->summary->row[i].mse;
    }
    text_add(text, "%.17g", next);
    plot_add_number(text, median_of(scratch, count));
    plot_add_count(text, count);
    text_add(text, "\n");
    last = next;
  }
}

/* --- numbers and names --- */

/* [rows] each: an x of every row, where it is drawn, room to sort in; and rows
 * by ascending x, with whether each gets a number. */
struct columns {
  double *x, *drawn, *scratch;
  size_t *rows;
  bool *named;
};

/* Between two rows as drawn: parts of the axes' lengths, added. */
static double distance(const struct plot_view *view, const struct frame *frame, const double *drawn,
                       size_t a, size_t b) {
  const struct summary_row *row = view->summary->row;
  double across = frame->log_x ? log(drawn[a] / drawn[b]) / log(frame->x_high / frame->x_low)
                               : (drawn[a] - drawn[b]) / (frame->x_high - frame->x_low);
  double up = (fmin(row[a].mse, frame->clip) - fmin(row[b].mse, frame->clip)) /
              (frame->y_high - frame->y_low);
  return fabs(across) + fabs(up);
}

/* Names the last row and, going back, each `apart` from the one before. How many. */
static size_t mark_apart(const struct plot_view *view, const struct frame *frame,
                         const struct columns *c, size_t count, double apart) {
  size_t named = 0, last = count - 1;
  for (size_t i = count; i-- > 0;) {
    double away = distance(view, frame, c->drawn, c->rows[i], c->rows[last]);
    c->named[i] = i == last || away >= apart;
    if (!c->named[i]) continue;
    last = i;
    named++;
  }
  return named;
}

static void add_name(const struct plot_view *view, const char *unit, double x, size_t row,
                     size_t number, struct text *names) {
  const struct summary_row *at = &view->summary->row[row];
  struct text line = {0};
  text_add(&line, "%zu  %s: ", number, view->label[row]);
  text_add_rounded(&line, x, 3);
  text_add(&line, PLOT_NO_BREAK "%s, MSE" PLOT_NO_BREAK "%.4f", unit, at->mse);
  struct text name = {0};
  text_add(&name, "name_%zu", number);
  plot_add_variable(names, name.failed ? "" : name.text, line.failed ? "" : line.text);
  text_clear(&line);
  text_clear(&name);
}

/* Numbers the rows, which are by ascending x: all, or as many as have room.
 * Returns the number of the best; 0 when it has none. */
static size_t add_named(const struct plot_view *view, enum quantity quantity,
                        const struct columns *c, const struct frame *frame, size_t count, bool all,
                        struct picture *picture) {
  double apart = all ? 0 : NUMBER_APART;
  while (mark_apart(view, frame, c, count, apart) > NAMED) apart *= 1.25;
  plot_add_block(&picture->data, "named: number, x drawn, test MSE, row");
  size_t best = 0, number = 0;
  for (size_t i = 0; i < count; i++) {
    size_t row = c->rows[i];
    if (c->named[i]) {
      number++;
      double own = same(c->x[row], frame->zero_at) ? 0 : c->x[row];
      add_name(view, quantities[quantity].unit, own, row, number, &picture->variables);
      if (row == view->best) best = number;
    }
    text_add(&picture->data, "%zu", c->named[i] ? number : 0);
    plot_add_number(&picture->data, c->drawn[row]);
    plot_add_number(&picture->data, view->summary->row[row].mse);
    plot_add_count(&picture->data, row);
    text_add(&picture->data, "\n");
  }
  plot_add_count_variable(&picture->variables, "names", number);
  return best;
}

/* All rows by ascending x. */
static size_t sort_by_x(const struct plot_view *view, const double *x, size_t *rows) {
  size_t count = 0;
  for (size_t i = 0; i < view->summary->rows; i++) {
    if (isnan(x[i])) continue;
    size_t to = count++;
    for (; to > 0 && x[i] < x[rows[to - 1]]; to--) rows[to] = rows[to - 1];
    rows[to] = i;
  }
  return count;
}

static void add_variables(const struct plot_view *view, enum quantity quantity,
                          const struct frame *frame, struct text *variables) {
  plot_view_variables(view, quantities[quantity].title, variables);
  plot_view_note(view, NULL, SIZE_MAX, variables);
  plot_add_variable(variables, "x_text", quantities[quantity].x_text);
  plot_add_number_variable(variables, "x_low", frame->x_low);
  plot_add_number_variable(variables, "x_high", frame->x_high);
  plot_add_number_variable(variables, "y_low", frame->y_low);
  plot_add_number_variable(variables, "y_high", frame->y_high);
  plot_add_number_variable(variables, "clip", frame->clip);
  plot_add_count_variable(variables, "above", frame->above);
  plot_add_count_variable(variables, "log_x", frame->log_x);
  plot_add_count_variable(variables, "whole", quantities[quantity].whole);
  plot_add_count_variable(variables, "bars", view->finished <= BARS);
  if (!isnan(frame->zero_at)) plot_add_number_variable(variables, "zero_at", frame->zero_at);
}

static void add_best(const struct plot_view *view, size_t number, struct text *variables) {
  struct text best = {0};
  if (number > 0) {
    text_add(&best, "number %zu", number);
  } else {
    text_add(&best, "%s: MSE" PLOT_NO_BREAK "%.4f", view->label[view->best],
             view->summary->row[view->best].mse);
  }
  plot_add_variable(variables, "best_text", best.failed ? "" : best.text);
  text_clear(&best);
}

static double typical_sd(const struct plot_view *view, double *scratch) {
  size_t count = 0;
  for (size_t i = 0; i < view->summary->rows; i++) {
    const struct summary_row *row = &view->summary->row[i];
    if (summary_finished(row) && !isnan(row->mse_sd)) scratch[count++] = row->mse_sd;
  }
  return median_of(scratch, count);
}

/* What helps to read the points: medians of a count that many architectures
 * share, names of a few, or of the front. Returns the number that the best one
 * has below the picture, or 0. */
static size_t add_guides(const struct plot_view *view, enum quantity quantity,
                         const struct columns *c, const struct frame *frame,
                         struct picture *picture) {
  const bool whole = quantities[quantity].whole;
  if (whole && frame->values <= GROUPS && EACH * frame->values <= frame->points) {
    add_medians(view, c->x, c->scratch, &picture->data);
    plot_add_count_variable(&picture->variables, "medians", 1);
    return 0;
  }
  const bool all = whole && view->finished <= NAMED;
  const size_t count = all ? sort_by_x(view, c->x, c->rows) : plot_front(view, c->x, c->rows);
  if (!all) {
    plot_add_variable(&picture->variables, "front_text",
                      view->summary->validated ? "Pareto front, by validation MSE"
                                               : "Pareto front, by test MSE (no validation rows)");
  }
  return add_named(view, quantity, c, frame, count, all, picture);
}

static void fill(const struct plot_view *view, enum quantity quantity, const struct columns *c,
                 struct frame *frame, struct picture *picture) {
  const bool whole = quantities[quantity].whole;
  widen(frame, whole);
  add_variables(view, quantity, frame, &picture->variables);
  const bool spread = whole && !frame->log_x;
  for (size_t i = 0; i < view->summary->rows; i++) {
    c->drawn[i] = spread ? spread_x(view, c->x, i) : c->x[i];
  }
  plot_add_count_variable(&picture->variables, "spread", spread && frame->values < frame->points);
  const double sd = view->finished > BARS ? typical_sd(view, c->scratch) : NAN;
  if (!isnan(sd)) plot_add_number_variable(&picture->variables, "typical_sd", sd);
  add_points(view, c->x, c->drawn, frame, &picture->data);
  if (view->best != PLOT_NO_VALUE) {
    plot_add_block(&picture->data, "lowest validation MSE: x drawn, test MSE, row");
    text_add(&picture->data, "%.17g", c->drawn[view->best]);
    plot_add_number(&picture->data, view->summary->row[view->best].mse);
    plot_add_count(&picture->data, view->best);
    text_add(&picture->data, "\n");
  }
  const size_t best = add_guides(view, quantity, c, frame, picture);
  if (view->best != PLOT_NO_VALUE) add_best(view, best, &picture->variables);
  picture->script = plot_script_mse_against;
}

static bool make(const struct plot_view *view, enum quantity quantity, struct picture *picture,
                 struct text *why, struct error *error) {
  size_t rows = view->summary->rows;
  const struct columns c = {.x = memory_array(rows, sizeof *c.x, error),
                            .drawn = memory_array(rows, sizeof *c.drawn, error),
                            .scratch = memory_array(rows, sizeof *c.scratch, error),
                            .rows = memory_array(rows, sizeof *c.rows, error),
                            .named = memory_array(rows, sizeof *c.named, error)};
  bool good =
      c.x != NULL && c.drawn != NULL && c.scratch != NULL && c.rows != NULL && c.named != NULL;
  if (good) {
    for (size_t i = 0; i < rows; i++) c.x[i] = quantity_of(view, quantity, i);
    struct frame frame = frame_of(view, c.x, c.scratch);
    if (view->finished < 2) {
      text_add(why, "one architecture");
    } else if (frame.values < 2) {
      text_add(why, "all have the same");
    } else {
      fill(view, quantity, &c, &frame, picture);
    }
  }
  free(c.x);
  free(c.drawn);
  free(c.scratch);
  free(c.rows);
  free(c.named);
  return good;
}

#define MAKER(name, quantity)                                                        \
  bool name(const struct plot_view *view, struct picture *picture, struct text *why, \
            struct error *error) {                                                   \
    return make(view, quantity, picture, why, error);                                \
  }

MAKER(plot_make_runtime, RUNTIME)
MAKER(plot_make_parameters, PARAMETERS)
MAKER(plot_make_wide, WIDE_COLUMNS)
MAKER(plot_make_deep, DEEP_COLUMNS)
MAKER(plot_make_depth, DEPTH)
