/* The room records/: what a run folder keeps of each trial. The JSON files are
 * the truth, results.db is an index of them. */
#ifndef CROSSLANE_RECORDS_RECORDS_H
#define CROSSLANE_RECORDS_RECORDS_H

#include "records/architectures.h" /* what the newest config asks for */
#include "records/index.h"         /* the SQLite index */
#include "records/record.h"        /* one trial: write, read, check */
#include "records/record_list.h"   /* all trials of a run */
#include "records/record_store.h"  /* a record beside an earlier one of the same trial */
#include "records/record_union.h"  /* the records of several folders as one */

#endif
