/* What several runs of the page share: one row for each architecture of the first run
 * that another has. */
#include <math.h>

#include "base/plain.h"
#include "results/report_parts.h"

static const struct summary_row *shared_by(const struct summary *summary,
                                           const struct summary_row *first) {
  for (size_t i = 0; i < summary->rows; i++) {
    if (summary->row[i].first == first) return &summary->row[i];
  }
  return NULL;
}

static bool is_shared(const struct summary *summaries, size_t count,
                      const struct summary_row *first) {
  bool shared = false;
  for (size_t i = 1; i < count; i++) {
    shared = shared || shared_by(&summaries[i], first) != NULL;
  }
  return shared;
}

static void add_mse(const struct summary_row *row, struct text *page) {
  if (row == NULL || isnan(row->mse)) {
    text_add(page, "<td>–</td>");
    return;
  }
  text_add(page, "<td data-value=\"%.9g\">%.4f", row->mse, row->mse);
  if (!isnan(row->mse_sd)) text_add(page, " ± %.4f", row->mse_sd);
  text_add(page, "</td>");
}

static void add_change(const struct summary_row *row, struct text *page) {
  if (row == NULL || isnan(row->vs_first.difference)) {
    text_add(page, "<td>–</td><td>–</td>");
    return;
  }
  const struct architecture_comparison *versus = &row->vs_first;
  text_add(page, "<td data-value=\"%.9g\">%+.4f", versus->difference, versus->difference);
  if (paired_alike(versus)) text_add(page, " <span class=\"mark\">~</span>");
  text_add(page, "</td><td>");
  if (isnan(versus->low)) {
    text_add(page, "–");
  } else {
    text_add(page, "%+.4f to %+.4f", versus->low, versus->high);
  }
  text_add(page, "</td>");
}

static void add_head(const char *name, const char *what, struct text *page) {
  text_add(page, "<th scope=\"col\" aria-sort=\"none\"><button type=\"button\">");
  plain_add_markup(page, name);
  text_add(page, "%s</button></th>", what);
}

static void add_heads(const struct summary *summaries, size_t count, struct text *page) {
  add_head("Architecture", "", page);
  for (size_t i = 0; i < count; i++) {
    add_head(summaries[i].run, ": test MSE ± sd", page);
    if (i == 0) continue;
    add_head("change", "", page);
    add_head("95 % interval", "", page);
  }
}

static void add_row(const struct summary *summaries, size_t count, const struct summary_row *first,
                    struct text *page) {
  text_add(page, "<tr><th scope=\"row\"><span class=\"label\">");
  plain_add_markup(page, first->label);
  text_add(page, "</span></th>");
  add_mse(first, page);
  for (size_t i = 1; i < count; i++) {
    const struct summary_row *row = shared_by(&summaries[i], first);
    add_mse(row, page);
    add_change(row, page);
  }
  text_add(page, "</tr>\n");
}

static bool any_synthetic(const struct summary *summaries, size_t count) {
  bool synthetic = false;
  for (size_t i = 0; i < count; i++) synthetic = synthetic || summaries[i].synthetic;
  return synthetic;
}

void report_add_changes(const struct summary *summaries, size_t count, struct text *page) {
  size_t shared = 0;
  for (size_t r = 0; count > 1 && r < summaries[0].rows; r++) {
    shared += is_shared(summaries, count, &summaries[0].row[r]);
  }
  if (shared == 0) return;
  text_add(page,
           "<section class=\"changes\">\n<h2 id=\"changes\">What the runs share</h2>\n%s"
           "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-labelledby=\"changes\">\n"
           "<table>\n<thead><tr>",
           any_synthetic(summaries, count)
               ? "<p class=\"warning\">SYNTHETIC DATA, made by a generator: these numbers say "
                 "nothing about real ratings.</p>\n"
               : "");
  add_heads(summaries, count, page);
  text_add(page, "</tr></thead>\n<tbody>\n");
  for (size_t r = 0; r < summaries[0].rows; r++) {
    const struct summary_row *first = &summaries[0].row[r];
    if (is_shared(summaries, count, first)) add_row(summaries, count, first, page);
  }
  text_add(page,
           "</tbody>\n</table>\n</div>\n<p class=\"soft\">change: test MSE minus that of the same "
           "architecture in ");
  plain_add_markup(page, summaries[0].run);
  text_add(page,
           ", over shared seeds or folds, with its 95 %% interval (Nadeau and Bengio); ~: no "
           "significant difference (5 %% level, Holm correction for each run). %zu of the %zu "
           "architectures of that run are in another.</p>\n</section>\n",
           shared, summaries[0].rows);
}
