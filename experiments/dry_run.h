/* `crosslane sweep --dry-run`: what a sweep would train, without training or
 * writing anything. */
#ifndef CROSSLANE_EXPERIMENTS_DRY_RUN_H
#define CROSSLANE_EXPERIMENTS_DRY_RUN_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "base/text_table.h"
#include "experiments/run.h"

/* Text has a row for each architecture, unless `each_trial`: how many seeds and
 * folds, the largest memory, the seconds of all of its trials, and how many are in
 * which state. CSV and JSON have each trial. */
struct dry_run_form {
  enum text_table_format format;
  bool each_trial;
  size_t width; /* text: columns of the terminal; 0: no bound */
};

/* `table`: one row a trial of the shard, in the order of the config: key, label, seed, fold
 * ("" without one), parameters, wide_columns, flops_per_row (of the dense
 * layers, forward), training_rows, epochs, memory_kib (of the process that
 * trains it), estimated_seconds (of one core, for all of its epochs) and state:
 *   train     it would be trained
 *   recorded  it is recorded, and done
 *   failed    it is recorded as failed, and not asked to be trained again
 *   stopped   its record ended at a rung of early_terminate, and it is trained
 *             further only if its architecture goes on
 *   left out  larger than sweep.constraint allows
 * `total`: a few lines for people, the estimated time and memory of all
 * that would be trained among them. */
bool dry_run(const struct run_options *options, const struct dry_run_form *form, struct text *table,
             struct text *total, struct error *error);

#endif
