/* `crosslane show`: one row an architecture, over its seeds and folds. */
#ifndef CROSSLANE_RESULTS_TABLE_H
#define CROSSLANE_RESULTS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "results/record.h"

enum table_format { TABLE_TEXT, TABLE_CSV, TABLE_JSON, TABLE_MARKDOWN };

struct table_options {
  enum table_format format;
  const char *sort; /* a column's name; NULL: the order of the config */
  size_t top;       /* 0: all */
  bool color;       /* text only */
};

/* The order and selection of architectures: those of the run's newest config
 * (<run>/architectures.json, which the sweep writes: a list of {label, keys});
 * every record when that file is not there. */
struct summary_row {
  char *label;
  size_t trials, failed;
  double mse_mean, mse_sd; /* sd over n - 1; NaN for one trial */
  double validation_mean, validation_sd, train_mse_mean;
  double rmse_mean, mae_mean;
  double cpu_seconds_mean, seconds_mean;
  uint64_t parameters, wide_columns, flops_per_row;
  bool synthetic, emulated;
};

struct summary {
  size_t rows;
  struct summary_row *row;
};

bool summary_read(const char *run, struct summary *summary, struct error *error);
void summary_clear(struct summary *summary);

bool table_write(const struct summary *summary, const struct table_options *options,
                 struct text *text, struct error *error);

#endif
