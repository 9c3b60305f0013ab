/* What a crosslane_record is. For library/ alone. */
#ifndef CROSSLANE_LIBRARY_RECORD_PARTS_H
#define CROSSLANE_LIBRARY_RECORD_PARTS_H

#include "base/text.h"
#include "crosslane/train.h"
#include "library/library.h"
#include "records/record.h"

struct crosslane_record {
  struct record record;
  struct text json;
};

/* Writes the JSON of the record that is in it; on failure it is still to be freed. */
bool record_write_json(crosslane_record *record, struct error *error);

#endif
