#ifndef CROSSLANE_RECORDS_RECORD_LIST_H
#define CROSSLANE_RECORDS_RECORD_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "records/record.h"

/* All records of a run, by file name. A damaged file is an error, and all
 * faults of all files are named; files of other names than *.json (temporaries
 * of a writer at work) are passed over. */
struct record_list {
  size_t count;
  struct record *record;
};
bool record_list_read(const char *run, struct record_list *list, struct error *error);
void record_list_clear(struct record_list *list);

#endif
