/* The table of the page: one row per architecture, to be sorted and filtered. */
#include <math.h>

#include "base/plain.h"
#include "results/report_parts.h"

enum column {
  LABEL,
  TRIALS,
  TEST,
  VS_BASELINE,
  INTERVAL,
  VALIDATION,
  TRAINING,
  PARAMETERS,
  WIDE,
  SECONDS,
  COLUMNS
};

/* name: as --sort takes it. */
static const struct {
  const char *name, *head, *title;
} heads[COLUMNS] = {
    [LABEL] = {"label", "Architecture", "label from the config"},
    [TRIALS] = {"n", "n", "completed trials, over seeds and folds"},
    [TEST] = {"mse", "Test MSE ± sd", "mean and standard deviation over the trials"},
    [VS_BASELINE] = {"difference", "vs base", "difference in test MSE from the baseline"},
    [INTERVAL] = {"difference_low", "95 % interval",
                  "of that difference, corrected for overlapping training rows"},
    [VALIDATION] = {"validation_mse", "Validation MSE", "used for selection"},
    [TRAINING] = {"train_mse", "Train MSE", "MSE of the training rows after training"},
    [PARAMETERS] = {"parameters", "Parameters", "trainable parameters"},
    [WIDE] = {"wide_columns", "One-hot columns", "of the wide part"},
    [SECONDS] = {"cpu_seconds", "CPU s", "CPU seconds to train one trial"},
};

static double value_of(const struct summary_row *row, enum column column) {
  bool trained = row->trials + row->stopped > 0;
  switch (column) {
    case TRIALS:
      return (double)row->trials;
    case TEST:
      return row->mse;
    case VS_BASELINE:
      return row->vs_baseline.pairs > 0 ? row->vs_baseline.difference : NAN;
    case INTERVAL:
      return row->vs_baseline.pairs > 0 ? row->vs_baseline.low : NAN;
    case VALIDATION:
      return row->validation_mse;
    case TRAINING:
      return row->train_mse;
    case PARAMETERS:
      return trained ? (double)row->parameters : NAN;
    case WIDE:
      return trained ? (double)row->wide_columns : NAN;
    case SECONDS:
      return row->cpu_seconds;
    case LABEL:
    case COLUMNS:
      break;
  }
  return NAN;
}

static void add_value(const struct summary_row *row, enum column column, struct text *page) {
  double value = value_of(row, column);
  if (isnan(value)) {
    text_add(page, "–");
    return;
  }
  switch (column) {
    case TEST:
      text_add(page, "%.4f", value);
      if (!isnan(row->mse_sd)) text_add(page, " ± %.4f", row->mse_sd);
      break;
    case VS_BASELINE:
      text_add(page, "%+.4f", value);
      if (paired_tested(&row->vs_baseline) && paired_alike(&row->vs_baseline)) {
        text_add(page, " <span class=\"mark\">~</span>");
      }
      break;
    case INTERVAL:
      text_add(page, "%+.4f to %+.4f", value, row->vs_baseline.high);
      break;
    case VALIDATION:
    case TRAINING:
      text_add(page, "%.4f", value);
      break;
    case SECONDS:
      text_add_rounded(page, value, 3);
      break;
    default:
      text_add(page, "%.0f", value);
  }
}

/* What is wrong with the row, or unfinished. */
static void add_state(const struct summary_row *row, struct text *page) {
  if (row->failed > 0) {
    text_add(page, "<br><span class=\"bad\">failed: %zu of %zu trials: ", row->failed,
             row->planned);
    plain_add_markup(page, row->failure != NULL ? row->failure : "");
    text_add(page, "</span>");
  }
  if (row->stopped > 0) {
    text_add(page,
             "<br><span class=\"soft\">stopped early: %zu of %zu trials, by epoch %zu; "
             "test MSE then %.4f over all</span>",
             row->stopped, row->planned, row->stopped_epoch, row->stopped_mse);
  }
  size_t ended = row->trials + row->failed + row->stopped;
  if (ended < row->planned) {
    text_add(page, "<br><span class=\"soft\">not run yet: %zu of %zu trials</span>",
             row->planned - ended, row->planned);
  }
}

static void add_label(const struct summary_row *row, struct text *page) {
  text_add(page, "<th scope=\"row\"><span class=\"label\">");
  plain_add_markup(page, row->label);
  text_add(page, "</span>");
  if (row->best) {
    text_add(page, " <span class=\"mark\" title=\"lowest validation MSE\">★</span>");
  } else if (paired_tested(&row->vs_best) && paired_alike(&row->vs_best)) {
    text_add(page, " <span class=\"mark\">≈</span>");
  }
  if (row->baseline) text_add(page, " <span class=\"soft\">(baseline)</span>");
  add_state(row, page);
  text_add(page, "</th>");
}

/* What is rounded in its cell is sorted by this. */
static void add_cell(const struct summary_row *row, enum column column, struct text *page) {
  double value = value_of(row, column);
  bool rounded =
      column == TEST || column == VS_BASELINE || column == VALIDATION || column == TRAINING;
  text_add(page, "<td");
  if (rounded && !isnan(value)) text_add(page, " data-value=\"%.9g\"", value);
  text_add(page, ">");
  add_value(row, column, page);
  text_add(page, "</td>");
}

static void add_row(const struct summary_row *row, struct text *page) {
  text_add(page, "<tr%s>", row->best ? " class=\"best\"" : "");
  add_label(row, page);
  for (enum column column = TRIALS; column < COLUMNS; column++) add_cell(row, column, page);
  text_add(page, "</tr>\n");
}

static void add_legend(const struct summary *summary, struct text *page) {
  bool compared = false;
  for (size_t i = 0; i < summary->rows; i++) {
    compared = compared || summary->row[i].vs_baseline.pairs > 0;
  }
  text_add(page,
           "<p class=\"soft\">Test MSE: mean over n seeds and folds; test rows were never used for "
           "selection. ");
  text_add(page, summary->validated
                     ? "★: lowest validation MSE; ≈: no significant difference from it in "
                       "test MSE. "
                     : "Without validation rows none is marked as the best. ");
  if (compared) {
    text_add(page,
             "vs base: paired over shared seeds or folds, with a 95 %% interval (Nadeau and "
             "Bengio); ~: no significant difference from the baseline (5 %% level, Holm correction "
             "for all comparisons).");
  }
  text_add(page, "</p>\n");
}

static void add_controls(size_t run, struct text *page) {
  text_add(page,
           "<div class=\"controls needs-script\"><label for=\"r%zu-filter\">Filter</label>"
           "<input id=\"r%zu-filter\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" "
           "aria-describedby=\"r%zu-help\" placeholder=\"words of a label, mse&lt;1.2\">"
           "<button type=\"button\" class=\"clear\" hidden>Show all, mark none</button>"
           "<span class=\"count soft\" role=\"status\"></span></div>\n"
           "<details class=\"needs-script\"><summary>How to filter and mark</summary>\n"
           "<ul id=\"r%zu-help\"><li>Filter: words of the label, and columns with &lt;, &lt;=, "
           "&gt;, &gt;= or =, such as mse&lt;1.2. Columns: ",
           run, run, run, run);
  for (enum column column = TRIALS; column < COLUMNS; column++) {
    text_add(page, "%s%s", column > TRIALS ? ", " : "", heads[column].name);
  }
  text_add(page,
           ".</li>\n<li>Click a row to mark it in each picture, or a point to mark its row.</li>\n"
           "<li>Drag over a picture, or along an axis of parallel coordinates, to keep what lies "
           "there; click beside the points to drop that.</li>\n"
           "<li>Click an entry of a legend to hide what it names.</li>\n"
           "<li>Keyboard: arrows go from row to row and from point to point, Enter marks, Escape "
           "shows all.</li></ul></details>\n");
}

void report_add_table(const struct summary *summary, size_t run, struct text *page) {
  text_add(page, "<section class=\"results\">\n<h2 id=\"r%zu-results\">Results</h2>\n", run);
  add_controls(run, page);
  text_add(page,
           "<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
           "aria-labelledby=\"r%zu-results\">\n<table>\n<thead><tr>",
           run);
  for (enum column column = LABEL; column < COLUMNS; column++) {
    text_add(page,
             "<th scope=\"col\" aria-sort=\"none\" data-name=\"%s\"><button type=\"button\" "
             "title=\"%s\">%s</button></th>",
             heads[column].name, heads[column].title, heads[column].head);
  }
  text_add(page, "</tr></thead>\n<tbody>\n");
  for (size_t i = 0; i < summary->rows; i++) add_row(&summary->row[i], page);
  text_add(page, "</tbody>\n</table>\n</div>\n");
  add_legend(summary, page);
  text_add(page, "</section>\n");
}
