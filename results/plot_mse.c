/* MSE per architecture, and its learning curves. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/width.h"
#include "plots/plot_syntax.h"
#include "results/plot.h"
#include "results/plot_labels.h"
#include "results/plot_parts.h"
#include "results/plot_view.h"

/* Columns, before a label is broken: of few architectures, and from MANY on. Then
 * letters stand for long values rather than that a label is broken. */
enum { LABEL_WIDTH = 56, MANY_WIDTH = 84, PANEL_WIDTH = 56, MANY = 9 };

/* --- MSE per architecture --- */

static void add_architecture(const struct plot_view *view, char *const *labels, size_t number,
                             size_t position, struct text *text) {
  const struct summary_row *row = &view->summary->row[number];
  double spread = isnan(row->mse_sd) ? 0 : row->mse_sd;
  struct text label = {0};
  text_add(&label, "%s", labels[number]);
  text_add(text, "%zu\t", position);
  plot_add_label(text, label.failed ? "" : label.text,
                 view->summary->rows < MANY ? LABEL_WIDTH : MANY_WIDTH);
  text_add(text, "\t%zu", row->trials);
  plot_add_number(text, row->mse);
  plot_add_number(text, row->mse_sd);
  plot_add_number(text, row->mse - spread);
  plot_add_number(text, row->mse + spread);
  plot_add_number(text, row->validation_mse);
  plot_add_count(text, number);
  text_add(text, "\n");
  text_clear(&label);
}

static void add_trials(const struct summary *summary, const struct summary_row *row,
                       size_t position, struct text *text) {
  for (size_t i = 0; i < row->trials; i++) {
    const struct record *record = &summary->records.record[row->trial[i]];
    text_add(text, "%zu", position);
    plot_add_number(text, record->mse);
    text_add(text, "\t%llu\t", (unsigned long long)record->seed);
    plot_add_label(text, record->fold, SIZE_MAX);
    text_add(text, "\n");
  }
}

/* Those beyond PLOT_ARCHITECTURES as one: median, least and largest. */
static bool add_others(const struct plot_view *view, double *values, struct text *text) {
  size_t count = 0;
  for (size_t i = PLOT_ARCHITECTURES; i < view->finished; i++) {
    values[count++] = view->summary->row[view->order[i]].mse;
  }
  if (count == 0) return false;
  (void)plot_robust_high(values, count); /* sorts */
  double median = 0.5 * (values[(count - 1) / 2] + values[count / 2]);
  plot_add_block(text, "the others: position, label, median, least and largest mean test MSE");
  text_add(text, "%d\t\"the other %zu: %.4f to %.4f, median %.4f\"", PLOT_ARCHITECTURES + 1, count,
           values[0], values[count - 1], median);
  plot_add_number(text, median);
  plot_add_number(text, values[0]);
  plot_add_number(text, values[count - 1]);
  text_add(text, "\n");
  return true;
}

/* The upper end of the picture: of means and trials, without those far off. */
static void add_clip(const struct plot_view *view, size_t shown, double *values,
                     struct text *variables) {
  size_t count = 0;
  double high = 0;
  for (size_t i = 0; i < shown && i < view->finished; i++) {
    values[count++] = view->summary->row[view->order[i]].mse;
    high = fmax(high, values[count - 1]);
  }
  double clip = count > 0 ? plot_robust_high(values, count) : 0;
  if (clip < high) plot_add_number_variable(variables, "clip", clip);
}

static void add_lines(const struct plot_view *view, struct text *variables) {
  const double value[] = {view->lines.irreducible, view->lines.mean_predictor, view->lines.report};
  static const char *const name[] = {"irreducible", "mean_predictor", "report"};
  for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
    if (!isnan(value[i])) plot_add_number_variable(variables, name[i], value[i]);
  }
  if (view->best == PLOT_NO_VALUE || view->finished < 2) return;
  plot_add_number_variable(variables, "best", view->summary->row[view->best].mse);
}

static void fill_mse(const struct plot_view *view, char *const *labels, double *values,
                     struct picture *picture) {
  const struct summary *summary = view->summary;
  const size_t shown = view->finished < PLOT_ARCHITECTURES ? view->finished : PLOT_ARCHITECTURES;
  struct text *data = &picture->data;
  plot_add_block(data,
                 "architectures: position, label, n, test MSE, sd, MSE - sd, MSE + sd, "
                 "validation MSE, row");
  for (size_t i = 0; i < shown; i++) add_architecture(view, labels, view->order[i], i + 1, data);
  plot_add_block(data, "trials: position, test MSE, seed, fold");
  for (size_t i = 0; i < shown; i++) {
    add_trials(summary, &summary->row[view->order[i]], i + 1, data);
  }
  bool others = add_others(view, values, data);
  plot_view_variables(view, "test MSE by architecture", &picture->variables);
  const char *sorted = summary->validated ? "sorted by validation MSE" : "in config order";
  plot_view_note(view, summary->rows > 1 ? sorted : NULL, PLOT_ARCHITECTURES, &picture->variables);
  plot_add_count_variable(&picture->variables, "others", others);
  add_clip(view, shown, values, &picture->variables);
  add_lines(view, &picture->variables);
  picture->script = plot_script_mse_by_architecture;
}

static bool is_crowded(const struct plot_view *view) {
  bool wide = false;
  for (size_t i = 0; i < view->summary->rows; i++) {
    wide = wide || width_of(view->label[i]) > MANY_WIDTH;
  }
  return wide && view->summary->rows >= MANY;
}

/* What the letters stand for: code_1, code_2, ... */
static void add_codes(const struct text *legend, struct text *variables) {
  size_t count = 0;
  for (const char *at = legend->text; at != NULL && *at != '\0';) {
    size_t length = strcspn(at, "\n");
    struct text name = {0}, line = {0};
    text_add(&name, "code_%zu", ++count);
    text_add_bytes(&line, at, length);
    bool good = !name.failed && !line.failed;
    plot_add_variable(variables, good ? name.text : "", good ? line.text : "");
    text_clear(&name);
    text_clear(&line);
    at += length + 1;
  }
  plot_add_count_variable(variables, "codes", count);
}

bool plot_make_mse(const struct plot_view *view, struct picture *picture, struct text *why,
                   struct error *error) {
  (void)why;
  size_t rows = view->summary->rows;
  struct text legend = {0};
  double *values = memory_array(rows, sizeof *values, error);
  char **coded = is_crowded(view) ? plot_coded_labels(view->summary, &legend, error) : NULL;
  bool good = values != NULL && (coded != NULL || !is_crowded(view));
  if (good) {
    fill_mse(view, coded != NULL ? coded : view->label, values, picture);
    add_codes(&legend, &picture->variables);
  }
  plot_free_labels(coded, rows);
  text_clear(&legend);
  free(values);
  return good;
}

/* --- learning curves --- */

/* loss: NaN where it is no MSE, which has no place on their axis. */
struct epoch {
  double trials, loss, validation, test, low, high;
};

static struct epoch epoch_of(const struct summary *summary, const struct summary_row *row,
                             size_t number) {
  struct epoch epoch = {.low = INFINITY, .high = -INFINITY};
  for (size_t i = 0; i < row->trials; i++) {
    const struct record *record = &summary->records.record[row->trial[i]];
    const struct record_epoch *at = &record->curve[number];
    epoch.loss += record_loss_is_mse(record) ? at->train_loss : NAN;
    epoch.validation += at->validation_mse;
    epoch.test += at->test_mse;
    epoch.low = fmin(epoch.low, at->test_mse);
    epoch.high = fmax(epoch.high, at->test_mse);
    epoch.trials++;
  }
  epoch.loss /= epoch.trials;
  epoch.validation /= epoch.trials;
  epoch.test /= epoch.trials;
  return epoch;
}

/* How many all of the row's trials ran; early stopping ends some before others,
 * and the mean of those that are left would jump at each end. */
static size_t epochs_of(const struct summary *summary, const struct summary_row *row) {
  size_t least = row->trials > 0 ? SIZE_MAX : 0;
  for (size_t i = 0; i < row->trials; i++) {
    size_t epochs = summary->records.record[row->trial[i]].epochs;
    if (epochs < least) least = epochs;
  }
  return least;
}

static bool ran_longer(const struct summary *summary, const struct summary_row *row) {
  const size_t least = epochs_of(summary, row);
  bool longer = false;
  for (size_t i = 0; i < row->trials; i++) {
    longer |= summary->records.record[row->trial[i]].epochs > least;
  }
  return longer;
}

static void add_curve(const struct plot_view *view, size_t number, struct text *text) {
  const struct summary_row *row = &view->summary->row[number];
  plot_add_label(text, view->label[number], PANEL_WIDTH);
  text_add(text, "\n");
  size_t epochs = epochs_of(view->summary, row);
  for (size_t i = 0; i < epochs; i++) {
    struct epoch epoch = epoch_of(view->summary, row, i);
    text_add(text, "%zu\t%.0f", i + 1, epoch.trials);
    plot_add_number(text, epoch.loss);
    plot_add_number(text, epoch.validation);
    plot_add_number(text, epoch.test);
    plot_add_number(text, epoch.low);
    plot_add_number(text, epoch.high);
    text_add(text, "\t%zu:%zu\n", number, i + 1);
  }
}

struct range {
  double low, high;
};

static void see(struct range *range, double value, bool settled) {
  if (isnan(value)) return;
  range->low = fmin(range->low, value);
  if (settled) range->high = fmax(range->high, value);
}

/* The first epochs fall from far above, and with dropout the training loss
 * stays there: the upper end is that of validation and test MSE without the
 * first tenth of the epochs, one at least, and of the training loss in the second half of
 * them. Nor does a curve that diverges set it: at most 8 times as far above the
 * least value as three quarters of these values are. */
static bool range_of(const struct plot_view *view, size_t shown, struct range *range,
                     struct error *error) {
  size_t room = 1, count = 0;
  for (size_t i = 0; i < shown; i++) {
    room += 4 * epochs_of(view->summary, &view->summary->row[view->order[i]]);
  }
  double *values = memory_array(room, sizeof *values, error);
  if (values == NULL) return false;
  *range = (struct range){INFINITY, -INFINITY};
  for (size_t i = 0; i < shown; i++) {
    const struct summary_row *row = &view->summary->row[view->order[i]];
    size_t epochs = epochs_of(view->summary, row), first = epochs / 10 + 1;
    if (first >= epochs) first = epochs - 1;
    for (size_t e = 0; e < epochs; e++) {
      struct epoch epoch = epoch_of(view->summary, row, e);
      const double value[] = {epoch.loss, epoch.validation, epoch.low, epoch.high};
      for (size_t v = 0; v < 4; v++) {
        bool settled = e >= (v == 0 ? epochs / 2 : first) && !isnan(value[v]);
        see(range, value[v], settled);
        if (settled) values[count++] = value[v];
      }
    }
  }
  (void)plot_robust_high(values, count); /* sorts */
  if (count > 0) {
    range->high = fmin(range->high, range->low + 8 * (values[3 * count / 4] - range->low));
  }
  free(values);
  return true;
}

bool plot_make_curves(const struct plot_view *view, struct picture *picture, struct text *why,
                      struct error *error) {
  (void)why;
  size_t shown = view->finished < PLOT_CURVES ? view->finished : PLOT_CURVES;
  struct range range;
  if (!range_of(view, shown, &range, error)) return false;
  text_add(&picture->data,
           "# label, then: epoch, n, training loss, validation MSE, test MSE, its least, its "
           "largest, row:epoch\n");
  for (size_t i = 0; i < shown; i++) {
    if (i > 0) text_add(&picture->data, "\n\n");
    add_curve(view, view->order[i], &picture->data);
  }
  size_t cut = 0;
  for (size_t i = 0; i < shown; i++) {
    cut |= ran_longer(view->summary, &view->summary->row[view->order[i]]);
  }
  plot_view_variables(view, "learning curves", &picture->variables);
  plot_view_note(view, NULL, PLOT_CURVES, &picture->variables);
  plot_add_count_variable(&picture->variables, "cut", cut);
  plot_add_number_variable(&picture->variables, "y_low", range.low);
  plot_add_number_variable(&picture->variables, "y_high", range.high);
  picture->script = plot_script_learning_curves;
  return true;
}
