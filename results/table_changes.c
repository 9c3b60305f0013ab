/* What several runs share: side by side, and in words below the table. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/plain.h"
#include "results/table_columns.h"

bool table_has_changes(const struct summary *summaries, size_t count) {
  for (size_t i = 1; i < count; i++) {
    for (size_t r = 0; r < summaries[i].rows; r++) {
      if (summaries[i].row[r].first != NULL) return true;
    }
  }
  return false;
}

bool table_pair_rows(struct table_row *rows, size_t count, struct error *error) {
  struct table_row *paired = memory_array(count, sizeof *paired, error);
  if (paired == NULL) return false;
  size_t next = 0;
  for (size_t i = 0; i < count; i++) {
    if (rows[i].row->first != NULL) continue;
    paired[next++] = rows[i];
    for (size_t k = 0; k < count; k++) {
      if (rows[k].row->first == rows[i].row) paired[next++] = rows[k];
    }
  }
  for (size_t i = 0; i < count; i++) rows[i] = paired[i];
  free(paired);
  return true;
}

/* Of one run: how many of its architectures the first one has, and how they went. */
struct counts {
  size_t shared, lower, higher, alike, tested, paired;
};

static struct counts counts_of(const struct summary *summary) {
  struct counts counts = {0};
  for (size_t i = 0; i < summary->rows; i++) {
    const struct summary_row *row = &summary->row[i];
    const struct architecture_comparison *versus = &row->vs_first;
    counts.shared += row->first != NULL;
    counts.paired += versus->pairs > 0;
    if (!paired_tested(versus)) continue;
    counts.tested++;
    counts.alike += paired_alike(versus);
    counts.lower += !paired_alike(versus) && versus->difference < 0;
    counts.higher += !paired_alike(versus) && versus->difference > 0;
  }
  return counts;
}

static void write_run(const struct table_view *view, size_t number, struct text *text) {
  const struct counts counts = counts_of(&view->summaries[number]);
  struct text line = {0};
  plain_add(&line, view->summaries[number].run);
  text_add(&line, ": %zu of %zu architectures are in ", counts.shared,
           view->summaries[number].rows);
  plain_add(&line, view->summaries[0].run);
  if (counts.tested > 0) {
    text_add(&line,
             " too; of %zu tested %zu came out lower, %zu higher, %zu with no significant "
             "difference (5 %% level, Holm correction for %zu comparisons)",
             counts.tested, counts.lower, counts.higher, counts.alike, counts.tested);
  } else if (counts.shared > 0) {
    text_add(&line, " too; no difference could be tested: it needs two shared seeds or folds");
  }
  table_add_line(view->options, "", &line, text);
  text_clear(&line);
}

void table_write_changes(const struct table_view *view, struct text *text) {
  if (!table_has_changes(view->summaries, view->count)) return;
  struct text line = {0};
  bool unpaired = false;
  for (size_t i = 0; i < view->row_count; i++) {
    const struct architecture_comparison *versus = &view->rows[i].row->vs_first;
    unpaired = unpaired || (versus->pairs == 0 && !isnan(versus->difference));
  }
  text_add(&line, "change: test MSE minus that of the same architecture in ");
  plain_add(&line, view->summaries[0].run);
  text_add(
      &line,
      " (first run), over shared seeds or folds, with its 95 %% interval "
      "(Nadeau-Bengio)%s; ~: no significant difference",
      unpaired ? "; without an interval where none is shared: the difference of the means" : "");
  table_add_line(view->options, "", &line, text);
  text_clear(&line);
  for (size_t i = 1; i < view->count; i++) write_run(view, i, text);
}
