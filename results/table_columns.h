/* Within results/: what the formats of a table share. */
#ifndef CROSSLANE_RESULTS_TABLE_COLUMNS_H
#define CROSSLANE_RESULTS_TABLE_COLUMNS_H

#include "results/table.h"

/* A row with the run that it is of. */
struct table_row {
  const struct summary *summary;
  const struct summary_row *row;
};

enum column_kind { COLUMN_RUN, COLUMN_LABEL, COLUMN_COUNT, COLUMN_U64, COLUMN_REAL };

struct table_column {
  const char *name; /* --sort, the head of CSV, the key of JSON */
  enum column_kind kind;
  size_t offset; /* into struct summary_row, for numbers */
};

extern const struct table_column table_columns[];
extern const size_t table_column_count;

/* NULL when there is none of that name. */
const struct table_column *table_column_named(const char *name);

/* A number of the row; NaN where it has none (counts of a row without a
 * finished trial too, but for n and failed). */
double table_number(const struct summary_row *row, const struct table_column *column);
const char *table_string(const struct table_row *row, const struct table_column *column);

/* For people: headings, aligned or Markdown table, notes. */
void table_write_text(const struct summary *summaries, size_t count, const struct table_row *rows,
                      size_t row_count, const struct table_options *options, struct text *text);

#endif
