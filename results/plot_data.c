/* Data files and variables of the pictures, in gnuplot's syntax. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "results/document.h"
#include "results/plot.h"
#include "results/plot_parts.h"
#include "results/width.h"

enum { LABEL_WIDTH = 56, TITLE_WIDTH = 84 }; /* columns, before a text is broken */

static bool comes_before(const struct summary *summary, size_t a, size_t b) {
  const struct summary_row *left = &summary->row[a], *right = &summary->row[b];
  if ((left->trials > 0) != (right->trials > 0)) return left->trials > 0;
  double own = left->validation_mse, other = right->validation_mse;
  if (isnan(own) != isnan(other)) return isnan(other);
  if (own < other || own > other) return own < other;
  return a < b;
}

bool plot_shows(const struct summary *summary, size_t number, size_t limit) {
  size_t before = 0;
  for (size_t i = 0; i < summary->rows; i++) {
    if (i != number && comes_before(summary, i, number)) before++;
  }
  return before < limit;
}

/* Where the line that begins at `text` ends: at the last blank within `width`
 * bytes (a column has at least one), or at the end of the text. A word longer
 * than that is not broken. */
static size_t line_length(const char *text, size_t width) {
  size_t length = strlen(text);
  if (length <= width) return length;
  size_t end = 0;
  for (size_t i = 1; i < length && (i <= width || end == 0); i++) {
    if (text[i] == ' ') end = i;
  }
  return end > 0 ? end : length;
}

/* Within the double quotes of a data file backslash escapes count, and there
 * is none for the quote itself but its octal number. */
void plot_add_label(struct text *out, const char *label, size_t width) {
  struct text plain = {0};
  width_add_plain(&plain, label);
  text_add(out, "\"");
  const char *at = plain.text != NULL ? plain.text : "";
  for (size_t left = line_length(at, width); *at != '\0'; at++, left--) {
    if (left == 0) {
      text_add(out, "\\n");
      left = line_length(at + 1, width) + 1;
    } else if (*at == '"') {
      text_add(out, "\\042");
    } else if (*at == '\\') {
      text_add(out, "\\\\");
    } else {
      text_add_bytes(out, at, 1);
    }
  }
  text_add(out, "\"");
  out->failed = out->failed || plain.failed;
  text_clear(&plain);
}

/* Within single quotes nothing has a meaning (backquotes, which would run a
 * command, least of all) but the quote, which is doubled. */
static void add_quoted(struct text *out, const char *string) {
  struct text plain = {0};
  width_add_plain(&plain, string);
  text_add(out, "'");
  const char *at = plain.text != NULL ? plain.text : "";
  for (size_t left = line_length(at, TITLE_WIDTH); *at != '\0'; at++, left--) {
    if (left == 0) {
      text_add(out, "'.\"\\n\".'");
      left = line_length(at + 1, TITLE_WIDTH) + 1;
    } else {
      text_add_bytes(out, *at == '\'' ? "''" : at, *at == '\'' ? 2 : 1);
    }
  }
  text_add(out, "'");
  out->failed = out->failed || plain.failed;
  text_clear(&plain);
}

void plot_add_number(struct text *text, double value) {
  text_add(text, "\t");
  if (isfinite(value)) {
    document_add_real(text, value);
  } else {
    text_add(text, "NaN");
  }
}

static void add_architecture(const struct summary_row *row, size_t position, struct text *text) {
  double spread = isnan(row->mse_sd) ? 0 : row->mse_sd;
  struct text label = {0};
  text_add(&label, "%s%s", row->label, row->trials == 0 ? " (no finished trial)" : "");
  text_add(text, "%zu\t", position);
  plot_add_label(text, label.failed ? "" : label.text, LABEL_WIDTH);
  text_add(text, "\t%zu", row->trials);
  plot_add_number(text, row->mse);
  plot_add_number(text, row->mse_sd);
  plot_add_number(text, row->mse - spread);
  plot_add_number(text, row->mse + spread);
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

void plot_data_mse(const struct summary *summary, struct text *text) {
  text_add(text, "# architectures: position, label, n, test MSE, sd, MSE - sd, MSE + sd\n");
  for (size_t i = 0, position = 1; i < summary->rows; i++) {
    if (!plot_shows(summary, i, PLOT_ARCHITECTURES)) continue;
    add_architecture(&summary->row[i], position++, text);
  }
  text_add(text, "\n\n# trials: position, test MSE, seed, fold\n");
  for (size_t i = 0, position = 1; i < summary->rows; i++) {
    if (!plot_shows(summary, i, PLOT_ARCHITECTURES)) continue;
    add_trials(summary, &summary->row[i], position++, text);
  }
}

/* One epoch over the trials that ran it; early stopping ends some before. */
static bool add_epoch(const struct summary *summary, const struct summary_row *row, size_t epoch,
                      struct text *text) {
  double loss = 0, validation = 0, test = 0, low = INFINITY, high = -INFINITY, trials = 0;
  for (size_t i = 0; i < row->trials; i++) {
    const struct record *record = &summary->records.record[row->trial[i]];
    if (epoch >= record->epochs) continue;
    const struct record_epoch *at = &record->curve[epoch];
    loss += at->train_loss;
    validation += at->validation_mse;
    test += at->test_mse;
    if (at->test_mse < low) low = at->test_mse;
    if (at->test_mse > high) high = at->test_mse;
    trials++;
  }
  if (trials == 0) return false;
  text_add(text, "%zu\t%.0f", epoch + 1, trials);
  plot_add_number(text, loss / trials);
  plot_add_number(text, validation / trials);
  plot_add_number(text, test / trials);
  plot_add_number(text, low);
  plot_add_number(text, high);
  text_add(text, "\n");
  return true;
}

void plot_data_curves(const struct summary *summary, struct text *text) {
  text_add(text,
           "# label, then: epoch, n, training loss, validation MSE, test MSE, its least, its "
           "largest\n");
  for (size_t i = 0, shown = 0; i < summary->rows; i++) {
    const struct summary_row *row = &summary->row[i];
    if (row->trials == 0 || !plot_shows(summary, i, PLOT_CURVES)) continue;
    if (shown++ > 0) text_add(text, "\n\n");
    plot_add_label(text, row->label, SIZE_MAX); /* a key has one line an entry */
    text_add(text, "\n");
    for (size_t epoch = 0; add_epoch(summary, row, epoch, text);) epoch++;
  }
}

void plot_add_variable(struct text *text, const char *name, const char *value) {
  text_add(text, "if (!exists(\"%s\")) %s = ", name, name);
  add_quoted(text, value);
  text_add(text, "\n");
}

void plot_add_number_variable(struct text *text, const char *name, double value) {
  text_add(text, "if (!exists(\"%s\")) %s = ", name, name);
  document_add_real(text, value);
  text_add(text, "\n");
}

static void add_subtitle(const struct summary *summary, size_t limit, struct text *line) {
  text_add(line, "%s%s", summary->data, summary->synthetic ? " (SYNTHETIC DATA)" : "");
  if (summary->emulated) text_add(line, ", EMULATED MACHINE");
  if (summary->rows > limit && summary->validated) {
    text_add(line, ", the %zu of %zu architectures with the lowest validation MSE", limit,
             summary->rows);
  } else if (summary->rows > limit) {
    text_add(line, ", the first %zu of %zu architectures", limit, summary->rows);
  }
}

void plot_variables(const struct summary *summary, const char *title, size_t limit,
                    struct text *text) {
  struct text line = {0};
  text_add(&line, "%s: %s", summary->name, title);
  plot_add_variable(text, "title_text", line.failed ? "" : line.text);
  text_clear(&line);
  add_subtitle(summary, limit, &line);
  plot_add_variable(text, "subtitle", line.failed ? "" : line.text);
  text_clear(&line);
  const double reference[] = {summary->irreducible_mse, summary->rating_variance};
  static const char *const name[] = {"irreducible", "mean_predictor"};
  for (size_t i = 0; i < 2; i++) {
    if (isnan(reference[i])) continue;
    plot_add_number_variable(text, name[i], reference[i]);
  }
}
