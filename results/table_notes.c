/* The prose of a table for people: headings above, legend and notes below. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/plain.h"
#include "base/quantile.h"
#include "results/table_columns.h"

/* Adds the line and empties it for the next. */
static void flush(const struct table_options *options, const char *style, struct text *line,
                  struct text *text) {
  table_add_line(options, style, line, text);
  text_clear(line);
}

static void write_heading(const struct summary *summary, bool several,
                          const struct table_options *options, struct text *text) {
  struct text line = {0};
  if (several) text_add(&line, "%s: ", summary->run);
  plain_add(&line, summary->name);
  if (summary->folders > 1) text_add(&line, " (%zu folders)", summary->folders);
  if (summary->description[0] != '\0') {
    text_add(&line, ": ");
    plain_add(&line, summary->description);
  }
  flush(options, TEXT_TABLE_BOLD, &line, text);
  if (summary->data[0] != '\0') {
    text_add(&line, "data: ");
    plain_add(&line, summary->data);
    if (summary->synthetic) text_add(&line, " (SYNTHETIC DATA, made by a generator");
    if (summary->synthetic && !isnan(summary->irreducible_mse)) {
      text_add(&line, "; irreducible MSE %.4f", summary->irreducible_mse);
    }
    if (summary->synthetic) text_add(&line, ")");
    flush(options, summary->synthetic ? TEXT_TABLE_WARNING : "", &line, text);
  }
  if (summary->emulated) {
    text_add(&line, "EMULATED MACHINE: times are not meaningful");
    flush(options, TEXT_TABLE_WARNING, &line, text);
  }
}

void table_write_headings(const struct table_view *view, struct text *text) {
  const struct table_options *options = view->options;
  for (size_t i = 0; i < view->count; i++) {
    write_heading(&view->summaries[i], view->count > 1, options, text);
  }
  if (options->format == TEXT_TABLE_TEXT) text_add(text, "\n");
}

/* With which row the others are compared. */
enum rival { BASELINE, BEST };

static const struct architecture_comparison *comparison_with(enum rival rival,
                                                             const struct summary_row *row) {
  return rival == BASELINE ? &row->vs_baseline : &row->vs_best;
}

/* What the comparisons of the rows shown have in common. */
struct family {
  bool compared, intervals, by_fold, alike;
  size_t least, most; /* pairs */
};

static struct family family_of(const struct table_row *rows, size_t count, enum rival rival) {
  struct family family = {.least = SIZE_MAX};
  for (size_t i = 0; i < count; i++) {
    const struct architecture_comparison *comparison = comparison_with(rival, rows[i].row);
    if (comparison->pairs == 0) continue;
    family.compared = true;
    family.intervals = family.intervals || !isnan(comparison->low);
    family.by_fold = family.by_fold || comparison->by_fold;
    family.alike = family.alike || paired_alike(comparison);
    if (comparison->pairs < family.least) family.least = comparison->pairs;
    if (comparison->pairs > family.most) family.most = comparison->pairs;
  }
  return family;
}

/* Holm's family is the whole run, whatever rows are shown. */
static size_t tested(const struct summary *summary, enum rival rival) {
  size_t count = 0;
  for (size_t i = 0; i < summary->rows; i++) {
    if (paired_tested(comparison_with(rival, &summary->row[i]))) count++;
  }
  return count;
}

static void add_holm(const struct summary *summaries, size_t count, enum rival rival,
                     struct text *line) {
  size_t comparisons = count == 1 ? tested(&summaries[0], rival) : 0;
  text_add(line, " (5 %% level, Holm correction");
  if (comparisons > 1) text_add(line, " for %zu comparisons", comparisons);
  text_add(line, ")");
}

static const struct summary_row *baseline_of(const struct summary *summary) {
  for (size_t i = 0; i < summary->rows; i++) {
    if (summary->row[i].baseline) return &summary->row[i];
  }
  return NULL;
}

/* Why there is no comparison, where one would be expected. */
static void write_missing(const struct summary *summary, const struct table_options *options,
                          struct text *text) {
  const struct summary_row *baseline = baseline_of(summary);
  if (baseline == NULL || summary->rows < 2) return;
  bool stopped = table_row_stopped(baseline);
  if (baseline->trials > 0 && !stopped) return;
  struct text line = {0};
  text_add(&line, "vs base: %s, ", stopped ? "the baseline" : "no trial of the baseline");
  plain_add(&line, baseline->label);
  text_add(&line, ", %s: nothing is compared with it", stopped ? "was stopped" : "is done");
  flush(options, "", &line, text);
}

static void write_baseline(const struct summary *summaries, size_t count,
                           const struct family *family, const struct table_options *options,
                           struct text *text) {
  struct text line = {0};
  const struct summary_row *baseline = count == 1 ? baseline_of(&summaries[0]) : NULL;
  text_add(&line, "vs base: difference in test MSE from ");
  plain_add(&line, baseline != NULL ? baseline->label : "the run's baseline");
  text_add(&line, ", paired over ");
  if (family->least < family->most) text_add(&line, "%zu to ", family->least);
  text_add(&line, "%zu %s", family->most,
           family->by_fold     ? "folds (mean over the seeds of each)"
           : family->most == 1 ? "shared seed"
                               : "shared seeds");
  text_add(&line,
           family->intervals ? "; intervals are per comparison (Nadeau-Bengio)" : "; no interval");
  flush(options, "", &line, text);
  if (!family->alike) return;
  text_add(&line, "~: no significant difference from the baseline");
  add_holm(summaries, count, BASELINE, &line);
  flush(options, "", &line, text);
}

/* A reader takes "no significant difference" for "equal": what could have been seen. */
static void write_least(const struct table_row *rows, size_t count,
                        const struct table_options *options, struct text *text) {
  struct error error;
  struct text line = {0};
  double *least = memory_array(count, sizeof *least, &error);
  size_t known = 0;
  for (size_t i = 0; least != NULL && i < count; i++) {
    const struct architecture_comparison *versus = &rows[i].row->vs_baseline;
    if (!paired_tested(versus)) continue;
    const double own = paired_least(versus, tested(rows[i].summary, BASELINE));
    if (!isnan(own)) least[known++] = own;
  }
  if (known > 0) {
    quantile_sort(least, known);
    text_add(&line, "smallest difference that so many splits could have shown: %.4f", least[0]);
    if (known > 1) {
      text_add(&line, " to %.4f, by row, half of the rows below %.4f", least[known - 1],
               quantile_of(least, known, 0.5));
    }
    text_add(&line, " (Holm's first step); less than that is not shown to be equal");
    flush(options, "", &line, text);
  }
  text->failed |= least == NULL;
  free(least);
}

/* Those of which some trial has the seed and fold of another, but not its test
 * rows. */
static void write_unlike(const struct table_row *rows, size_t count, enum rival rival,
                         const char *other, const struct table_options *options,
                         struct text *text) {
  enum { NAMED = 3 };
  struct text line = {0};
  size_t unlike = 0;
  for (size_t i = 0; i < count; i++) {
    const struct architecture_comparison *comparison = comparison_with(rival, rows[i].row);
    if (comparison->unlike == 0 || unlike++ >= NAMED) continue;
    if (unlike == 1) text_add(&line, "not paired with %s (different test rows or data): ", other);
    if (unlike > 1) text_add(&line, ", ");
    plain_add(&line, rows[i].row->label);
  }
  if (unlike > NAMED) text_add(&line, " and %zu more", unlike - NAMED);
  if (unlike > 0) flush(options, "", &line, text);
}

static bool has_best(const struct summary *summary) {
  bool best = false;
  for (size_t i = 0; i < summary->rows; i++) best = best || summary->row[i].best;
  return best;
}

/* Why none of a run is marked. */
static void write_no_best(const struct summary *summary, bool several,
                          const struct table_options *options, struct text *text) {
  struct text line = {0};
  bool done = false, trained = false;
  for (size_t i = 0; i < summary->rows; i++) {
    const struct summary_row *row = &summary->row[i];
    done = done || summary_status(row) == SUMMARY_DONE;
    trained = trained || row->trials + row->stopped > 0;
  }
  if (several) text_add(&line, "%s: ", summary->run);
  if (trained && !summary->validated) {
    text_add(&line, "no validation rows");
  } else if (done) {
    text_add(&line, "no complete architecture has validation rows");
  } else {
    text_add(&line, "no architecture is complete yet");
  }
  text_add(&line, ": none is marked as the best");
  flush(options, "", &line, text);
}

static void write_best(const struct summary *summaries, size_t count, const struct table_row *rows,
                       size_t row_count, const struct table_options *options, struct text *text) {
  struct text line = {0};
  struct family family = family_of(rows, row_count, BEST);
  bool best = false, all_done = true;
  for (size_t i = 0; i < count; i++) {
    best = best || has_best(&summaries[i]);
    for (size_t r = 0; r < summaries[i].rows; r++) {
      all_done = all_done && summary_status(&summaries[i].row[r]) == SUMMARY_DONE;
    }
  }
  if (best) {
    text_add(&line, "*: lowest validation MSE%s%s", count > 1 ? " of its run" : "",
             all_done ? "" : " of the complete architectures");
    if (family.alike) {
      text_add(&line, "; ≈: no significant difference in test MSE from *");
      add_holm(summaries, count, BEST, &line);
    }
    flush(options, "", &line, text);
  }
  for (size_t i = 0; i < count; i++) {
    if (!has_best(&summaries[i])) write_no_best(&summaries[i], count > 1, options, text);
  }
  write_unlike(rows, row_count, BEST, "*", options, text);
}

/* Of signs in the rows shown that stand for trials that are missing. */
static void write_incomplete(const struct table_row *rows, size_t count,
                             const struct table_options *options, struct text *text) {
  struct text line = {0};
  bool stopped = false, part = false;
  for (size_t i = 0; i < count; i++) {
    bool own = table_row_stopped(rows[i].row);
    stopped = stopped || own;
    part = part || (!own && summary_status(rows[i].row) != SUMMARY_DONE);
  }
  if (part) {
    text_add(
        &line,
        "n 2/3: 2 of 3 trials are done; an incomplete row is not tested and cannot be the best");
    flush(options, "", &line, text);
  }
  if (!stopped) return;
  text_add(
      &line,
      "(in brackets): when the sweep stopped it early, over all its trials, and after how many "
      "epochs; not compared");
  flush(options, "", &line, text);
}

/* The order of the rows, and how many of them are left. */
static void write_order(const struct table_view *view, struct text *text) {
  struct text line = {0};
  size_t all = 0;
  for (size_t i = 0; i < view->count; i++) all += view->summaries[i].rows;
  if (view->sort != NULL) {
    text_add(&line, "ordered by %s%s, %s first", table_column_title(view->sort),
             view->options->sort == NULL && view->count > 1 ? " within each run" : "",
             table_column_is_string(view->sort) ? "A to Z" : "the lowest");
  }
  if (view->options->sort == NULL && table_has_changes(view->summaries, view->count)) {
    text_add(&line, "%sthe same architecture of several runs side by side",
             line.length > 0 ? "; " : "");
  }
  if (view->row_count < all) {
    text_add(&line, "%s%zu of %zu %s shown%s", line.length > 0 ? "; " : "", view->row_count, all,
             view->count > 1 ? "rows" : "architectures",
             view->sort == NULL ? ", the first of the experiment file" : "");
  }
  if (line.length > 0) flush(view->options, "", &line, text);
  if (view->sort == NULL || !table_column_ranks_by_test(view->sort)) return;
  text_add(&line, "sorted by a result on the test rows: not for selection");
  flush(view->options, "", &line, text);
}

static bool has_spread(const struct table_row *rows, size_t count) {
  bool found = false;
  for (size_t i = 0; i < count; i++) {
    found = found || (!isnan(rows[i].row->mse_sd) && !table_row_stopped(rows[i].row));
  }
  return found;
}

void table_write_legend(const struct table_view *view, struct text *text) {
  const struct table_options *options = view->options;
  const struct summary *summaries = view->summaries;
  const struct table_row *rows = view->rows;
  const size_t count = view->count, row_count = view->row_count;
  struct text line = {0};
  text_add(text, "\n");
  write_order(view, text);
  text_add(&line, "test MSE: mean over n seeds and folds; test rows were never used for selection");
  flush(options, "", &line, text);
  if (has_spread(rows, row_count)) {
    text_add(&line,
             "±: the standard deviation of single trials, most of it the luck of their "
             "splits, which all rows share; not the error of the mean");
    flush(options, "", &line, text);
  }
  struct family family = family_of(rows, row_count, BASELINE);
  if (family.compared) write_baseline(summaries, count, &family, options, text);
  if (family.compared) write_least(rows, row_count, options, text);
  table_write_changes(view, text);
  for (size_t i = 0; i < count; i++) write_missing(&summaries[i], options, text);
  write_unlike(rows, row_count, BASELINE, "the baseline", options, text);
  write_best(summaries, count, rows, row_count, options, text);
  write_incomplete(rows, row_count, options, text);
}

void table_write_unfinished(const struct summary *summary, const struct table_options *options,
                            struct text *text) {
  size_t planned = 0, ended = 0;
  struct text line = {0};
  for (size_t i = 0; i < summary->rows; i++) {
    const struct summary_row *row = &summary->row[i];
    planned += row->planned;
    ended += row->trials + row->failed + row->stopped;
    if (row->failed == 0) continue;
    text_add(&line, "failed: %zu of %zu trials of ", row->failed, row->planned);
    plain_add(&line, row->label);
    text_add(&line, ": ");
    plain_add(&line, row->failure);
    flush(options, TEXT_TABLE_WARNING, &line, text);
  }
  if (planned <= ended) return;
  text_add(&line, "%s: %zu of %zu trials have not run yet", summary->name, planned - ended,
           planned);
  flush(options, "", &line, text);
}
