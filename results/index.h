/* results.db: a SQLite index of a run's records, for queries. It holds nothing
 * that trials/ does not and can be deleted at any time. */
#ifndef CROSSLANE_RESULTS_INDEX_H
#define CROSSLANE_RESULTS_INDEX_H

#include "base/error.h"
#include "results/record.h"

/* Makes <run>/results.db agree with trials/: tables trials (one row a record,
 * a column each for the scalar fields, swept and config as JSON text) and
 * epochs (key, epoch, train_loss, validation_mse, test_mse, seconds). Written
 * under a temporary name and renamed. */
bool index_build(const char *run, const struct record_list *records, struct error *error);

#endif
