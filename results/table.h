/* `crosslane show`: one row per architecture, over its seeds and folds. */
#ifndef CROSSLANE_RESULTS_TABLE_H
#define CROSSLANE_RESULTS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "base/text_table.h"
#include "results/summary.h"

struct table_options {
  enum text_table_format format;
  const char *sort; /* a column's name; NULL: the order of the config */
  size_t top;       /* 0: all */
  bool color;       /* text only */
};

/* Text and Markdown: a heading for each run, then one table, with a column
 * `run` when there are several, then what failed or has not run. CSV
 * and JSON (a list, one object a row): every column, full precision.
 * Sorting is ascending, what has no value last; when it is by the test rows,
 * the prose says that this is not for selection. An unknown column is ERROR_USAGE.
 *
 * The column `status` is summary_status_name. `n` are the trials that are
 * done; for people "3/5" where others are planned. Of a stopped row the means
 * over them are left out, and stopped_mse and stopped_validation_mse are over
 * its done and its stopped trials; for people these stand in brackets, with
 * how many trials they are over. */
bool table_write(const struct summary *summaries, size_t count, const struct table_options *options,
                 struct text *text, struct error *error);

/* The columns by which a table can be sorted; NULL after the last. */
const char *table_column_name(size_t index);

#endif
