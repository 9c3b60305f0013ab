/* MSE per architecture, and its learning curves. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/width.h"
#include "plots/plot_syntax.h"
#include "results/plot.h"
#include "results/plot_labels.h"
#include "results/plot_parts.h"
#include "results/plot_view.h"

/* Columns, before a label is broken: of few architectures, and from MANY on, where labels
 * lose their middle rather than that the picture is taller than a screen. */
enum { LABEL_WIDTH = 56, MANY_WIDTH = 84, PANEL_WIDTH = 56, MANY = 16 };

/* --- MSE per architecture --- */

/* Columns of text that a cell has room for. */
static size_t cell_width(const struct plot_label_table *table) {
  enum { ALL = 96, LEAST = 18, MOST = 60 };
  const size_t own = table->count > 0 ? ALL / table->count : MOST;
  return own < LEAST ? LEAST : own > MOST ? MOST : own;
}

static void add_cells(const struct plot_label_table *table, size_t number, struct text *text) {
  for (size_t c = 0; c < table->count; c++) {
    struct text words = {0};
    plot_add_short_value(&table->column[c], table->column[c].of[number], cell_width(table), &words);
    text_add(text, "\t");
    plot_add_label(text, words.failed ? "" : words.text, SIZE_MAX);
    text_clear(&words);
  }
  if (table->count > 0) text_add(text, "\t\"\"");
}

static void add_architecture(const struct plot_view *view, const struct plot_label_table *table,
                             size_t number, size_t position, struct text *text) {
  const struct summary_row *row = &view->summary->row[number];
  const double spread = isnan(row->mse_sd) ? 0 : row->mse_sd;
  text_add(text, "%zu\t", position);
  if (view->finished < MANY) {
    plot_add_label(text, view->label[number], LABEL_WIDTH);
  } else {
    plot_add_cut_label(view->label[number], MANY_WIDTH, text);
  }
  text_add(text, "\t%zu", row->trials);
  plot_add_number(text, row->mse);
  plot_add_number(text, row->mse_sd);
  plot_add_number(text, row->mse - spread);
  plot_add_number(text, row->mse + spread);
  plot_add_number(text, row->validation_mse);
  plot_add_count(text, number);
  add_cells(table, number, text);
  text_add(text, "\n");
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
  plot_add_block(text,
                 "the others: position, label, median, least and largest mean test MSE, empty");
  text_add(text, "%d\t\"the other %zu: %.4f to %.4f, median %.4f\"", PLOT_ARCHITECTURES + 1, count,
           values[0], values[count - 1], median);
  plot_add_number(text, median);
  plot_add_number(text, values[0]);
  plot_add_number(text, values[count - 1]);
  text_add(text, "\t\"\"\n");
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

static void fill_mse(const struct plot_view *view, const struct plot_label_table *table,
                     double *values, struct picture *picture) {
  const struct summary *summary = view->summary;
  const size_t shown = view->finished < PLOT_ARCHITECTURES ? view->finished : PLOT_ARCHITECTURES;
  struct text *data = &picture->data;
  plot_add_block(data,
                 "architectures: position, label, n, test MSE, sd, MSE - sd, MSE + sd, "
                 "validation MSE, row, values of the keys");
  for (size_t i = 0; i < shown; i++) add_architecture(view, table, view->order[i], i + 1, data);
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

/* What short values stand for: code_1, code_2, ... */
static void add_codes(const struct plot_label_table *table, struct text *variables) {
  size_t count = 0;
  for (size_t c = 0; c < table->count; c++) {
    const struct plot_axis *column = &table->column[c];
    for (size_t v = 0; v < column->values; v++) {
      struct text words = {0}, name = {0}, line = {0};
      plot_add_short_value(column, v, cell_width(table), &words);
      if (!words.failed && strcmp(words.text, column->value[v].text) != 0) {
        text_add(&name, "code_%zu", ++count);
        text_add(&line, "%s: %s is %s", column->name, words.text, column->value[v].text);
        plot_add_variable(variables, name.failed ? "" : name.text, line.text);
      }
      variables->failed |= words.failed || name.failed || line.failed;
      text_clear(&words);
      text_clear(&name);
      text_clear(&line);
    }
  }
  plot_add_count_variable(variables, "codes", count);
}

/* Columns of the table, left to right: their names, and pixels from the first. */
static void add_columns(const struct plot_label_table *table, struct text *variables) {
  enum { TWO_LETTERS = 15, BETWEEN = 14 };
  size_t x = 0;
  for (size_t c = 0; c < table->count; c++) {
    const struct plot_axis *column = &table->column[c];
    size_t widest = width_of(column->name);
    for (size_t v = 0; v < column->values; v++) {
      const size_t own = width_of(column->value[v].text);
      const size_t width = own < cell_width(table) ? own : cell_width(table);
      if (width > widest) widest = width;
    }
    char name[32];
    (void)snprintf(name, sizeof name, "column_%zu", c + 1);
    plot_add_line_variable(variables, name, column->name);
    (void)snprintf(name, sizeof name, "column_x_%zu", c + 1);
    plot_add_count_variable(variables, name, x);
    x += TWO_LETTERS * widest / 2 + BETWEEN;
  }
  plot_add_count_variable(variables, "columns", table->count);
  plot_add_count_variable(variables, "columns_pixels", x);
}

bool plot_make_mse(const struct plot_view *view, struct picture *picture, struct text *why,
                   struct error *error) {
  (void)why;
  struct plot_label_table table;
  if (!plot_label_table_init(&table, view->summary, error)) return false;
  double *values = memory_array(view->summary->rows, sizeof *values, error);
  if (values != NULL) {
    fill_mse(view, &table, values, picture);
    add_columns(&table, &picture->variables);
    add_codes(&table, &picture->variables);
  }
  plot_label_table_clear(&table);
  free(values);
  return values != NULL;
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
  size_t shown = view->finished < PLOT_CURVES ? view->finished : PLOT_CURVES;
  size_t most = 0;
  for (size_t i = 0; i < shown; i++) {
    const size_t epochs = epochs_of(view->summary, &view->summary->row[view->order[i]]);
    if (epochs > most) most = epochs;
  }
  if (most < 2) return text_add(why, "one epoch"), true;
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
