/* Within results/: what the formats of a table share. */
#ifndef CROSSLANE_RESULTS_TABLE_COLUMNS_H
#define CROSSLANE_RESULTS_TABLE_COLUMNS_H

#include "results/table.h"

/* A row with the run that it is of. */
struct table_row {
  const struct summary *summary;
  const struct summary_row *row;
};

enum column_kind {
  COLUMN_RUN,
  COLUMN_LABEL,
  COLUMN_STATUS,
  COLUMN_COUNT,
  COLUMN_COUNT_OR_NONE, /* 0 is no value */
  COLUMN_U64,
  COLUMN_REAL,
  COLUMN_MEAN, /* real, over the done trials: none of a row that was stopped */
  COLUMN_APART /* of a struct architecture_comparison: a significant difference (1), none (0), no
                  verdict */
};

struct table_column {
  const char *name; /* --sort, the head of CSV, the key of JSON */
  enum column_kind kind;
  size_t offset;     /* into struct summary_row, for numbers */
  const char *title; /* the heading for people; NULL: the name */
  bool of_several;   /* says something of several runs alone: programs get it with these */
};

extern const struct table_column table_columns[];
extern const size_t table_column_count;

/* NULL when there is none of that name. */
const struct table_column *table_column_named(const char *name);

/* By its name or its heading, in any case, with or without " ± sd". `what` begins
 * the message of the ERROR_USAGE, such as "cannot sort by". */
bool table_column_find(const char *name, size_t length, const char *what,
                       const struct table_column **column, struct error *error);
const char *table_column_title(const struct table_column *column);

/* What goes by table_string; all other columns are numbers. */
bool table_column_is_string(const struct table_column *column);

/* What needs digits after the point. */
bool table_column_is_real(const struct table_column *column);

/* Whether to sort by it is to rank architectures by their test rows. */
bool table_column_ranks_by_test(const struct table_column *column);

/* A number of the row; NaN where it has none (sizes of a row without a trial
 * that trained, too). */
double table_number(const struct summary_row *row, const struct table_column *column);
const char *table_string(const struct table_row *row, const struct table_column *column);

/* Some trial ended early, so that its numbers do not compare. */
bool table_row_stopped(const struct summary_row *row);

/* What is shown: all that the parts of a table go by. */
struct table_view {
  const struct summary *summaries;
  size_t count;
  const struct table_row *rows; /* those shown, in their order */
  size_t row_count;
  const struct table_options *options;
  const struct table_column *sort; /* what the rows are ordered by; NULL: as in the config */
  const struct table_column *const *columns; /* [chosen] those of --columns */
  size_t chosen;
};

/* For people: headings, aligned or Markdown table, notes. */
void table_write_text(const struct table_view *view, struct text *text);

/* The prose above and below that table, each line ended. */
void table_write_headings(const struct table_view *view, struct text *text);
void table_write_legend(const struct table_view *view, struct text *text);
void table_write_changes(const struct table_view *view, struct text *text);
void table_write_unfinished(const struct summary *summary, const struct table_options *options,
                            struct text *text);

/* One line of prose in the style given (TEXT_TABLE_BOLD, TEXT_TABLE_WARNING or ""). */
void table_add_line(const struct table_options *options, const char *style, const struct text *line,
                    struct text *text);

/* Whether a row has the same architecture in the first run. */
bool table_has_changes(const struct summary *summaries, size_t count);

/* Puts each row of a later run after the same architecture of the first one. */
bool table_pair_rows(struct table_row *rows, size_t count, struct error *error);

/* What the labels of all rows begin and end with, in bytes, up to a separator that
 * stands in no brackets; something is left of each. 0 and 0 for one row. */
struct table_common {
  size_t head, tail;
};
struct table_common table_common_of(const struct table_row *rows, size_t count);

#endif
