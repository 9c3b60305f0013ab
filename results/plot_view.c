#include "results/plot_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "base/width.h"
#include "plots/plot_syntax.h"
#include "results/plot_labels.h"

/* --- order --- */

static bool comes_before(const struct summary *summary, size_t a, size_t b) {
  const struct summary_row *left = &summary->row[a], *right = &summary->row[b];
  if (summary_finished(left) != summary_finished(right)) return summary_finished(left);
  if ((left->stopped > 0) != (right->stopped > 0)) return right->stopped > 0;
  double own = left->validation_mse, other = right->validation_mse;
  if (isnan(own) != isnan(other)) return isnan(other);
  return own < other;
}

static void sort_rows(const struct summary *summary, size_t *order) {
  for (size_t i = 0; i < summary->rows; i++) {
    size_t to = i;
    for (; to > 0 && comes_before(summary, i, order[to - 1]); to--) order[to] = order[to - 1];
    order[to] = i;
  }
}

double plot_robust_high(double *values, size_t count) {
  quantile_sort(values, count);
  if (count < 5) return count > 0 ? values[count - 1] : NAN;
  double q1 = values[count / 4], q3 = values[3 * count / 4];
  double limit = fmax(q3 + 4 * (q3 - q1), 1.05 * q3);
  while (values[count - 1] > limit) count--;
  return values[count - 1];
}

/* --- lines --- */

static struct plot_lines lines_of(const struct summary *summary) {
  struct plot_lines lines = {summary->irreducible_mse, 0, NAN};
  double trials = 0;
  for (size_t i = 0; i < summary->rows; i++) {
    for (size_t t = 0; t < summary->row[i].trials; t++, trials++) {
      const json_t *data = summary->records.record[summary->row[i].trial[t]].data;
      const json_t *variance = json_object_get(data, "rating_variance");
      lines.mean_predictor += json_is_number(variance) ? json_number_value(variance) : NAN;
    }
  }
  lines.mean_predictor = trials > 0 ? lines.mean_predictor / trials : NAN;
  if (!summary->synthetic && strcmp(summary->data, "ml-100k") == 0) lines.report = PLOT_REPORT_MSE;
  return lines;
}

bool plot_view_init(struct plot_view *view, const struct summary *summary, bool hover,
                    struct error *error) {
  *view = (struct plot_view){.summary = summary, .best = PLOT_NO_VALUE, .hover = hover};
  view->order = memory_array(summary->rows, sizeof *view->order, error);
  view->label = memory_array(summary->rows, sizeof *view->label, error);
  if (view->order == NULL || view->label == NULL) return false;
  sort_rows(summary, view->order);
  for (size_t i = 0; i < summary->rows; i++) {
    view->label[i] = plot_short_label(summary, i, true, error);
    if (view->label[i] == NULL) return false;
    view->finished += summary_finished(&summary->row[i]);
    view->stopped += summary->row[i].stopped > 0;
    if (summary->row[i].best) view->best = i;
  }
  view->lines = lines_of(summary);
  return true;
}

void plot_view_clear(struct plot_view *view) {
  if (view->summary != NULL) plot_free_labels(view->label, view->summary->rows);
  free(view->order);
  *view = (struct plot_view){.summary = NULL};
}

/* Never the last words of the title are cut: they say what the numbers are worth. */
static void add_cut(struct text *text, const char *words, size_t width) {
  const size_t fit = width_fit(words, width);
  text_add_bytes(text, words, fit);
  if (words[fit] != '\0') text_add(text, "…");
}

void plot_view_variables(const struct plot_view *view, const char *title, struct text *text) {
  enum { NAME = 40, KIND = 64, DATA = 30 };
  const struct summary *summary = view->summary;
  struct text line = {0};
  add_cut(&line, summary->name, NAME);
  text_add(&line, ": ");
  add_cut(&line, title, KIND);
  text_add(&line, " (");
  add_cut(&line, summary->data, DATA);
  text_add(&line, "%s%s)", summary->synthetic ? ", SYNTHETIC DATA" : "",
           summary->emulated ? ", EMULATED MACHINE" : "");
  plot_add_line_variable(text, "title_text", line.failed ? "" : line.text);
  text_clear(&line);
  plot_add_variable(text, "subtitle", summary->description);
  if (view->hover) plot_add_count_variable(text, "hover", 1);
}

void plot_view_note(const struct plot_view *view, const char *first, size_t limit,
                    struct text *text) {
  const struct summary *summary = view->summary;
  const size_t pending = summary->rows - view->stopped - view->finished;
  struct text note = {0};
  if (first != NULL) text_add(&note, "%s; ", first);
  if (view->finished > limit && summary->validated) {
    text_add(&note, "the %zu of %zu architectures with the lowest validation MSE; ", limit,
             view->finished);
  } else if (view->finished > limit) {
    text_add(&note, "the first %zu of %zu architectures; ", limit, view->finished);
  }
  if (view->stopped > 0) text_add(&note, "without %zu stopped early; ", view->stopped);
  if (pending > 0) text_add(&note, "without %zu that have no finished trial; ", pending);
  if (note.length > 0) note.text[note.length -= strlen("; ")] = '\0';
  plot_add_variable(text, "note_text", note.failed ? "" : note.text);
  text->failed = text->failed || note.failed;
  text_clear(&note);
}

static bool at_most(double left, double right) {
  return !(left > right);
}

static double error_of(const struct plot_view *view, size_t row) {
  const struct summary_row *at = &view->summary->row[row];
  return view->summary->validated ? at->validation_mse : at->mse;
}

size_t plot_front(const struct plot_view *view, const double *cost, size_t *front) {
  size_t count = 0, rows = view->summary->rows;
  for (size_t i = 0; i < rows; i++) {
    double own = error_of(view, i);
    bool beaten = !summary_finished(&view->summary->row[i]) || isnan(cost[i]) || isnan(own);
    for (size_t k = 0; k < rows && !beaten; k++) {
      double other = error_of(view, k);
      if (k == i || !summary_finished(&view->summary->row[k]) || isnan(cost[k]) || isnan(other))
        continue;
      bool better = cost[k] < cost[i] || other < own;
      /* Of equals the first. */
      beaten = at_most(cost[k], cost[i]) && at_most(other, own) && (better || k < i);
    }
    if (beaten) continue;
    size_t to = count++;
    for (; to > 0 && cost[i] < cost[front[to - 1]]; to--) front[to] = front[to - 1];
    front[to] = i;
  }
  return count;
}
