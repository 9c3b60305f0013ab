/* Within records/: the members of an ensemble in a record. */
#ifndef CROSSLANE_RECORDS_RECORD_MEMBERS_H
#define CROSSLANE_RECORDS_RECORD_MEMBERS_H

#include <jansson.h>

#include "base/json_fields.h"
#include "records/record.h"

/* A new list; NULL when memory ran out. */
json_t *record_members_json(const struct record *record);
/* The record's `members`, where it has some. */
void record_read_members(const struct json_fields *fields, struct record *record);

/* A fault for each rule that does not hold: a done trial whose config has an ensemble of
 * several has as many members, and no other has any; the first has the epochs, best_epoch and
 * validation_mse of the curve; weights_digest is that of theirs. */
void record_check_members(const struct json_fields *fields, const struct record *record);

/* Sixteen hexadecimal digits, or nothing where `empty` allows it. */
void record_read_digest(const struct json_fields *fields, const char *name, bool empty,
                        char digest[DIGEST_TEXT]);

#endif
