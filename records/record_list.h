#ifndef CROSSLANE_RECORDS_RECORD_LIST_H
#define CROSSLANE_RECORDS_RECORD_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "records/record.h"

/* Gets one record of a run; false, with the error, ends the reading. The record is released
 * when it returns, unless it moved it away and left it {0}. */
typedef bool record_visit(void *context, struct record *record, struct error *error);

/* Visits all records of a run, by file name, in the calling thread. Where there are many, some
 * dozens are read at a time by as many threads as the process has cores. A file that is damaged, or
 * that somebody changed (records/record.h), counts as not there: it is left out, and all faults of
 * all such files are added to `left_out`, each line with its newline. Files of other names than
 * *.json (temporaries of a writer at work) are passed over. False: the folder cannot be listed,
 * memory ran out, or `visit` said so. */
bool record_list_each(const char *run, record_visit *visit, void *context, struct text *left_out,
                      struct error *error);

/* All of them at once. */
struct record_list {
  size_t count;
  struct record *record;
};
bool record_list_read(const char *run, struct record_list *list, struct text *left_out,
                      struct error *error);
void record_list_clear(struct record_list *list);

#endif
