/* Putting a trial's record into its run folder, where there may be one already:
 * when a rung's training is followed by a longer one, or a trial is trained
 * again. */
#ifndef CROSSLANE_RECORDS_RECORD_STORE_H
#define CROSSLANE_RECORDS_RECORD_STORE_H

#include "base/error.h"
#include "records/record.h"

/* Training is deterministic, so a record has nothing that a longer one of its
 * key lacks: it is not written over that. Records of failures are the exception.
 * They are replaced by any; and they replace any, but `record` then takes the
 * earlier curve if that is the longer: a worker that crashed sent none, and the
 * rungs before were decided by it. An earlier record that is damaged counts as
 * none. */
bool record_store(const char *run, struct record *record, struct error *error);

#endif
