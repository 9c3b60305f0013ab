/* results.db: a SQLite index of a run's records, for queries. It holds nothing
 * that trials/ does not and can be deleted at any time. */
#ifndef CROSSLANE_RECORDS_INDEX_H
#define CROSSLANE_RECORDS_INDEX_H

#include <stdbool.h>

#include "base/error.h"

enum { INDEX_VERSION = 4 }; /* PRAGMA user_version */

/* Makes <run>/results.db agree with <run>/trials; always built anew, under a temporary name,
 * and then put in place of the old one atomically, so that a query sees the
 * old index or the new one. Few records are in memory at a time; one that is damaged is left
 * out (records/record_list.h).
 *   trials         one row a record: a column for each scalar field, under its
 *                  name; swept, config, host, build, data as JSON text;
 *                  train_rows, validation_rows, test_rows NULL when not known
 *   epochs         key, epoch, train_loss, validation_mse, test_mse, seconds
 *   architectures  (view) by label, data set and config without data.path and
 *                  data.split.folds: label, trials (done), failed, stopped,
 *                  mean_mse, min_mse, max_mse, mean_validation_mse, ... of the
 *                  trials that are done (they do not compare where `stopped` is
 *                  not 0); that config */
bool index_build(const char *run, struct error *error);

#endif
