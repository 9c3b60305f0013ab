/* The prose of a table for people: headings above, legend and notes below. */
#include <math.h>
#include <string.h>

#include "results/table_columns.h"
#include "results/width.h"

/* Within a Markdown table a bar ends the cell; the others are markup. */
void table_add_markdown(struct text *text, const char *cell) {
  for (; *cell != '\0'; cell++) {
    if (strchr("|\\`*_<>[]~", *cell) != NULL) text_add(text, "\\");
    text_add_bytes(text, cell, 1);
  }
}

/* Markdown parts paragraphs by an empty line, and its own signs in names must
 * not act. */
void table_add_line(const struct table_options *options, const char *style, const struct text *line,
                    struct text *text) {
  if (line->failed) {
    text->failed = true;
  } else if (options->format == TABLE_MARKDOWN) {
    table_add_markdown(text, line->text);
    text_add(text, "\n\n");
  } else {
    bool styled = options->color && style[0] != '\0';
    text_add(text, "%s%s%s\n", styled ? style : "", line->text, styled ? TABLE_PLAIN : "");
  }
}

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
  width_add_plain(&line, summary->name);
  if (summary->description[0] != '\0') {
    text_add(&line, ": ");
    width_add_plain(&line, summary->description);
  }
  flush(options, TABLE_BOLD, &line, text);
  if (summary->data[0] != '\0') {
    text_add(&line, "data: ");
    width_add_plain(&line, summary->data);
    if (summary->synthetic) text_add(&line, " (SYNTHETIC DATA, made by a generator");
    if (summary->synthetic && !isnan(summary->irreducible_mse)) {
      text_add(&line, "; irreducible MSE %.4f", summary->irreducible_mse);
    }
    if (summary->synthetic) text_add(&line, ")");
    flush(options, summary->synthetic ? TABLE_WARNING : "", &line, text);
  }
  if (summary->emulated) {
    text_add(&line, "EMULATED MACHINE: seconds here are not a speed");
    flush(options, TABLE_WARNING, &line, text);
  }
}

void table_write_headings(const struct summary *summaries, size_t count,
                          const struct table_options *options, struct text *text) {
  for (size_t i = 0; i < count; i++) write_heading(&summaries[i], count > 1, options, text);
  if (options->format == TABLE_TEXT) text_add(text, "\n");
}

/* What the comparisons at `offset` of the rows shown have in common. */
struct family {
  bool compared, intervals, by_fold, alike;
  size_t least, most; /* pairs */
};

static struct family family_of(const struct table_row *rows, size_t count, size_t offset) {
  struct family family = {.least = SIZE_MAX};
  for (size_t i = 0; i < count; i++) {
    const struct comparison *comparison = (const void *)((const char *)rows[i].row + offset);
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
static size_t tested(const struct summary *summary, size_t offset) {
  size_t count = 0;
  for (size_t i = 0; i < summary->rows; i++) {
    const char *row = (const char *)&summary->row[i];
    if (paired_tested((const void *)(row + offset))) count++;
  }
  return count;
}

static void add_holm(const struct summary *summaries, size_t count, size_t offset,
                     struct text *line) {
  size_t comparisons = count == 1 ? tested(&summaries[0], offset) : 0;
  text_add(line, " (5 %%, Holm");
  if (comparisons > 1) text_add(line, " over %zu comparisons", comparisons);
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
  if (baseline == NULL || baseline->trials > 0 || summary->rows < 2) return;
  struct text line = {0};
  text_add(&line, "vs base: no trial of the baseline, ");
  width_add_plain(&line, baseline->label);
  text_add(&line, ", is done: nothing is compared with it");
  flush(options, "", &line, text);
}

static void write_baseline(const struct summary *summaries, size_t count,
                           const struct family *family, const struct table_options *options,
                           struct text *text) {
  struct text line = {0};
  const struct summary_row *baseline = count == 1 ? baseline_of(&summaries[0]) : NULL;
  text_add(&line, "vs base: test MSE minus that of ");
  width_add_plain(&line, baseline != NULL ? baseline->label : "the run's baseline");
  text_add(&line, ", paired over ");
  if (family->least < family->most) text_add(&line, "%zu to ", family->least);
  text_add(&line, "%zu %s", family->most,
           family->by_fold ? "folds, the seeds of each averaged" : "shared seeds");
  text_add(&line,
           family->intervals ? ", each with its own interval (Nadeau-Bengio)" : "; no interval");
  flush(options, "", &line, text);
  if (!family->alike) return;
  text_add(&line, "~: cannot be told apart from the baseline");
  add_holm(summaries, count, offsetof(struct summary_row, vs_baseline), &line);
  flush(options, "", &line, text);
}

static void write_best(const struct summary *summaries, size_t count, const struct table_row *rows,
                       size_t row_count, const struct table_options *options, struct text *text) {
  struct text line = {0};
  size_t offset = offsetof(struct summary_row, vs_best);
  struct family family = family_of(rows, row_count, offset);
  bool validated = false;
  for (size_t i = 0; i < count; i++) validated = validated || summaries[i].validated;
  if (!validated) {
    text_add(&line, "no validation rows: none is marked as the best");
  } else {
    text_add(&line, "*: lowest validation MSE%s", count > 1 ? " of its run" : "");
  }
  if (family.alike) {
    text_add(&line, "; ≈: its test MSE cannot be told apart from that of *");
    add_holm(summaries, count, offset, &line);
  }
  flush(options, "", &line, text);
}

void table_write_legend(const struct summary *summaries, size_t count, const struct table_row *rows,
                        size_t row_count, const struct table_options *options, struct text *text) {
  struct text line = {0};
  size_t all = 0;
  bool stopped = false;
  for (size_t i = 0; i < count; i++) all += summaries[i].rows;
  for (size_t i = 0; i < row_count; i++) stopped = stopped || table_row_stopped(rows[i].row);
  text_add(text, "\n");
  if (row_count < all) {
    text_add(&line, "%zu of %zu architectures shown", row_count, all);
    flush(options, "", &line, text);
  }
  text_add(&line, "test MSE: of the test rows, which chose nothing; means over n seeds and folds");
  flush(options, "", &line, text);
  struct family family = family_of(rows, row_count, offsetof(struct summary_row, vs_baseline));
  if (family.compared) write_baseline(summaries, count, &family, options, text);
  for (size_t i = 0; i < count; i++) write_missing(&summaries[i], options, text);
  write_best(summaries, count, rows, row_count, options, text);
  if (!stopped) return;
  text_add(&line, "(in brackets): as it was when the sweep stopped it; not compared");
  flush(options, "", &line, text);
}

void table_write_unfinished(const struct summary *summary, const struct table_options *options,
                            struct text *text) {
  size_t planned = 0, ended = 0;
  struct text line = {0};
  for (size_t i = 0; i < summary->rows; i++) {
    const struct summary_row *row = &summary->row[i];
    planned += row->planned;
    ended += row->trials + row->failed + row->stopped;
    if (row->trials > 0 && row->stopped > 0) {
      text_add(&line, "stopped early: %zu of %zu trials of ", row->stopped, row->planned);
      width_add_plain(&line, row->label);
      text_add(&line, ", which are left out");
      flush(options, "", &line, text);
    }
    if (row->failed == 0) continue;
    text_add(&line, "failed: %zu of %zu trials of ", row->failed, row->planned);
    width_add_plain(&line, row->label);
    text_add(&line, ": ");
    width_add_plain(&line, row->failure);
    flush(options, TABLE_WARNING, &line, text);
  }
  if (planned <= ended) return;
  text_add(&line, "%s: %zu of %zu trials have not run yet", summary->name, planned - ended,
           planned);
  flush(options, "", &line, text);
}
