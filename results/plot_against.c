/* MSE against what a model costs or is made of: one picture per quantity. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "base/quantile.h"
#include "base/width.h"
#include "plots/plot_syntax.h"
#include "results/plot_encoding.h"
#include "results/plot_frame.h"
#include "results/plot_labels.h"
#include "results/plot_parts.h"
#include "results/plot_view.h"

enum {
  LINE_MOST = 130, /* columns of a name below the picture, before it is broken */
  NAMED = 10,      /* architectures that are numbered, and named below the picture */
  BARS = 24,       /* architectures, beyond which bars would hide each other */
  GROUPS = 20,     /* values of a count that get a median each, */
  EACH = 3         /* when they have so many architectures on average */
};

/* How far apart numbered members of the front are, in parts of an axis. */
#define NUMBER_APART 0.04

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

/* [rows] each: an x of every row, where it is drawn, room to sort in; and rows
 * by ascending x, with whether each gets a number. */
struct columns {
  double *x, *drawn, *scratch;
  size_t *rows;
  bool *named;
  const struct plot_label_table *table; /* of the labels */
};

static size_t sharing_x(const struct plot_view *view, const double *x, double at) {
  size_t count = 0;
  for (size_t i = 0; i < view->summary->rows; i++) count += same(x[i], at);
  return count;
}

/* Where each model is drawn: models of equal x stand beside each other by colour and shape, so
 * that none hides another. */
static void place_points(const struct plot_view *view, const struct plot_encoding *encoding,
                         const double *x, const struct plot_frame *frame, double *drawn) {
  for (size_t i = 0; i < view->summary->rows; i++) {
    const bool alone = isnan(x[i]) || sharing_x(view, x, x[i]) < 2;
    drawn[i] = alone ? x[i] : plot_frame_beside(frame, x[i], plot_encoding_lane(encoding, i));
  }
}

static void add_points(const struct plot_view *view, const struct plot_encoding *encoding,
                       const struct columns *c, const struct plot_frame *frame, struct text *text) {
  const struct summary *summary = view->summary;
  const double *x = c->x, *drawn = c->drawn;
  plot_add_block(text,
                 "architectures: x, test MSE, sd, validation MSE, n, x drawn, row, label, colour, "
                 "shape");
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
    plot_add_count(text, plot_encoding_of(encoding, encoding->colour, number));
    plot_add_count(text, plot_encoding_of(encoding, encoding->shape, number));
    text_add(text, "\n");
  }
}

static double median_of(double *values, size_t count) {
  quantile_sort(values, count);
  return quantile_of(values, count, 0.5);
}

/* A line from the first to the last of the models of one x: no median stands where no
 * model is. */
static void add_medians(const struct plot_view *view, const struct columns *c, struct text *text) {
  plot_add_block(text,
                 "medians: x, median of the test MSE of its architectures, how many, from, to");
  for (double last = -INFINITY;;) {
    double next = INFINITY, from = INFINITY, to = -INFINITY;
    for (size_t i = 0; i < view->summary->rows; i++) {
      if (c->x[i] > last && c->x[i] < next) next = c->x[i];
    }
    if (isinf(next)) return;
    last = next;
    size_t count = 0;
    for (size_t i = 0; i < view->summary->rows; i++) {
      if (!same(c->x[i], next)) continue;
      c->scratch[count++] = view->summary->row[i].mse;
      from = fmin(from, c->drawn[i]);
      to = fmax(to, c->drawn[i]);
    }
    if (count < EACH) continue;
    text_add(text, "%.17g", next);
    plot_add_number(text, median_of(c->scratch, count));
    plot_add_count(text, count);
    plot_add_number(text, from);
    plot_add_number(text, to);
    text_add(text, "\n");
  }
}

/* --- numbers and names --- */

/* Between two rows as drawn: parts of the axes' lengths, added. */
static double distance(const struct plot_view *view, const struct plot_frame *frame,
                       const double *drawn, size_t a, size_t b) {
  const struct summary_row *row = view->summary->row;
  double across = frame->log_x ? log(drawn[a] / drawn[b]) / log(frame->x_high / frame->x_low)
                               : (drawn[a] - drawn[b]) / (frame->x_high - frame->x_low);
  double up = (fmin(row[a].mse, frame->clip) - fmin(row[b].mse, frame->clip)) /
              (frame->y_high - frame->y_low);
  return fabs(across) + fabs(up);
}

/* Names the last row and, going back, each `apart` from the one before. How many. */
static size_t mark_apart(const struct plot_view *view, const struct plot_frame *frame,
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

/* In one line, unless the picture would be wider for it than a page. */
static void add_line(const char *name, const struct text *line, struct text *variables) {
  const char *words = line->failed || line->text == NULL ? "" : line->text;
  if (width_of(words) <= LINE_MOST) {
    plot_add_line_variable(variables, name, words);
  } else {
    plot_add_variable(variables, name, words);
  }
}

static void add_heading(const struct plot_label_table *table, struct text *variables) {
  struct text line = {0};
  plot_label_table_add(table, PLOT_NO_VALUE, &line);
  add_line("names_text", &line, variables);
  text_clear(&line);
}

static void add_name(const struct plot_view *view, const struct plot_label_table *table,
                     const char *unit, double x, size_t row, size_t number, struct text *names) {
  const struct summary_row *at = &view->summary->row[row];
  struct text line = {0};
  text_add(&line, "%zu  ", number);
  plot_label_table_add(table, row, &line);
  if (table->count == 0) text_add(&line, "%s", view->label[row]);
  text_add(&line, ": ");
  text_add_rounded(&line, x, 3);
  text_add(&line, PLOT_NO_BREAK "%s, MSE" PLOT_NO_BREAK "%.4f", unit, at->mse);
  struct text name = {0};
  text_add(&name, "name_%zu", number);
  add_line(name.failed ? "" : name.text, &line, names);
  text_clear(&line);
  text_clear(&name);
}

/* Numbers the rows, which are by ascending x: all, or as many as have room.
 * Returns the number of the best; 0 when it has none. */
static size_t add_named(const struct plot_view *view, enum quantity quantity,
                        const struct columns *c, const struct plot_frame *frame, size_t count,
                        bool all, struct picture *picture) {
  double apart = all ? 0 : NUMBER_APART;
  while (mark_apart(view, frame, c, count, apart) > NAMED) apart *= 1.25;
  plot_add_block(&picture->data, "named: number, x drawn, test MSE, row");
  size_t best = 0, number = 0;
  for (size_t i = 0; i < count; i++) {
    size_t row = c->rows[i];
    if (c->named[i]) {
      number++;
      double own = same(c->x[row], frame->zero_at) ? 0 : c->x[row];
      add_name(view, c->table, quantities[quantity].unit, own, row, number, &picture->variables);
      if (row == view->best) best = number;
    }
    text_add(&picture->data, "%zu", c->named[i] ? number : 0);
    plot_add_number(&picture->data, c->drawn[row]);
    plot_add_number(&picture->data, view->summary->row[row].mse);
    plot_add_count(&picture->data, row);
    text_add(&picture->data, "\n");
  }
  plot_add_count_variable(&picture->variables, "names", number);
  add_heading(c->table, &picture->variables);
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
                          const struct plot_frame *frame, struct text *variables) {
  plot_view_variables(view, quantities[quantity].title, variables);
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

/* What helps to read the points: colours and shapes of the other keys, medians of a count
 * that many architectures share, names of a few, or of the front. Returns the number that
 * the best one has below the picture, or 0. */
static size_t add_guides(const struct plot_view *view, enum quantity quantity,
                         const struct plot_encoding *encoding, const struct columns *c,
                         const struct plot_frame *frame, struct picture *picture) {
  const bool whole = quantities[quantity].whole, coded = encoding->colour != PLOT_NO_VALUE;
  const bool shared = whole && frame->values <= GROUPS && EACH * frame->values <= frame->points;
  plot_encoding_variables(encoding, &picture->variables);
  if (shared) add_medians(view, c, &picture->data);
  if (shared) plot_add_count_variable(&picture->variables, "medians", 1);
  if (shared || coded) return 0;
  const bool all = whole && view->finished <= NAMED;
  const size_t count = all ? sort_by_x(view, c->x, c->rows) : plot_front(view, c->x, c->rows);
  if (!all) {
    plot_add_variable(&picture->variables, "front_text",
                      view->summary->validated ? "Pareto front, by validation MSE"
                                               : "Pareto front, by test MSE (no validation rows)");
  }
  return add_named(view, quantity, c, frame, count, all, picture);
}

static void add_note(const struct plot_view *view, const struct plot_encoding *encoding,
                     struct text *variables) {
  struct text note = {0};
  if (encoding->hidden.length > 0 && encoding->colour != PLOT_NO_VALUE) {
    text_add(&note, "not shown: %s", encoding->hidden.text);
  }
  plot_view_note(view, note.text, SIZE_MAX, variables);
  variables->failed = variables->failed || note.failed;
  text_clear(&note);
}

static void fill(const struct plot_view *view, enum quantity quantity,
                 const struct plot_encoding *encoding, const struct columns *c,
                 struct plot_frame *frame, struct picture *picture) {
  const bool spread = encoding->colour != PLOT_NO_VALUE && frame->values < frame->points;
  plot_frame_widen(frame, quantities[quantity].whole,
                   spread ? plot_frame_nearest(view, c->x, frame->log_x) : 0);
  add_variables(view, quantity, frame, &picture->variables);
  add_note(view, encoding, &picture->variables);
  place_points(view, encoding, c->x, frame, c->drawn);
  plot_add_count_variable(&picture->variables, "spread", spread);
  const double sd = view->finished > BARS ? typical_sd(view, c->scratch) : NAN;
  if (!isnan(sd)) plot_add_number_variable(&picture->variables, "typical_sd", sd);
  add_points(view, encoding, c, frame, &picture->data);
  if (view->best != PLOT_NO_VALUE) {
    plot_add_block(&picture->data, "lowest validation MSE: x drawn, test MSE, row");
    text_add(&picture->data, "%.17g", c->drawn[view->best]);
    plot_add_number(&picture->data, view->summary->row[view->best].mse);
    plot_add_count(&picture->data, view->best);
    text_add(&picture->data, "\n");
  }
  const size_t best = add_guides(view, quantity, encoding, c, frame, picture);
  if (view->best != PLOT_NO_VALUE) add_best(view, best, &picture->variables);
  picture->script = plot_script_mse_against;
}

static bool make_of(const struct plot_view *view, enum quantity quantity, const struct columns *c,
                    struct picture *picture, struct text *why, struct error *error) {
  for (size_t i = 0; i < view->summary->rows; i++) c->x[i] = quantity_of(view, quantity, i);
  struct plot_frame frame = plot_frame_of(view, c->x, c->scratch, BARS);
  if (view->finished < 2) return text_add(why, "one architecture"), true;
  if (frame.values < 2) return text_add(why, "all have the same"), true;
  struct plot_encoding encoding = {.colour = PLOT_NO_VALUE, .shape = PLOT_NO_VALUE};
  const bool whole = quantities[quantity].whole;
  const bool good = !whole || plot_encoding_init(&encoding, view, c->x, error);
  if (good) fill(view, quantity, &encoding, c, &frame, picture);
  plot_encoding_clear(&encoding);
  return good;
}

static bool make(const struct plot_view *view, enum quantity quantity, struct picture *picture,
                 struct text *why, struct error *error) {
  size_t rows = view->summary->rows;
  struct plot_label_table table;
  if (!plot_label_table_init(&table, view->summary, error)) return false;
  const struct columns c = {.x = memory_array(rows, sizeof *c.x, error),
                            .drawn = memory_array(rows, sizeof *c.drawn, error),
                            .scratch = memory_array(rows, sizeof *c.scratch, error),
                            .rows = memory_array(rows, sizeof *c.rows, error),
                            .named = memory_array(rows, sizeof *c.named, error),
                            .table = &table};
  bool good =
      c.x != NULL && c.drawn != NULL && c.scratch != NULL && c.rows != NULL && c.named != NULL;
  good = good && make_of(view, quantity, &c, picture, why, error);
  plot_label_table_clear(&table);
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
