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
  const char *sort;    /* a column's name or heading, or TABLE_CONFIG_ORDER; NULL: see below */
  const char *columns; /* names or headings, parted by commas; NULL: those that tell the most */
  size_t top;          /* 0: all */
  size_t width;        /* text only: columns of the terminal; 0: no bound */
  bool color;          /* text only */
};

#define TABLE_CONFIG_ORDER "config"

/* Text and Markdown: a heading for each run, then one table, with a column
 * `run` when there are several, then what failed or has not run. CSV
 * and JSON (a list, one object a row): every column, full precision.
 * Sorting is ascending, what has no value last; when it is by the test rows,
 * the prose says that this is not for selection. An unknown column is ERROR_USAGE.
 * Unless asked, the rows of text are by validation MSE within each run that has
 * validation rows; all others are as in the config.
 *
 * Text keeps to `width`: what all labels begin and end with is said once above the
 * table, columns are left out, the least telling first, and named below it, and
 * labels are broken between words. Columns that were asked for always stand.
 * For people the architecture (and the run, of several) is always among the
 * columns; programs get what was asked for and nothing else.
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
