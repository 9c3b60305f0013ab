/* Within records/: whether a record can be believed. */
#ifndef CROSSLANE_RECORDS_RECORD_CHECK_H
#define CROSSLANE_RECORDS_RECORD_CHECK_H

#include "base/json_fields.h"
#include "records/record.h"

/* Field `digest`: XXH3 of the record's other fields, as json_text_add_line
 * writes them, in the order of the file. False when memory ran out. */
bool record_digest(const json_t *object, char digest[DIGEST_TEXT]);

/* A fault for each rule that does not hold. Whether there is a digest or not,
 * the numbers of a trial that did not fail must agree with each other:
 *
 *   rmse² = mse, mae <= rmse; no error, count or time is below 0
 *   best_epoch is that of the lowest validation_mse of the curve
 *   mse and validation_mse are those of the curve's last epoch; with early
 *   stopping, of one epoch */
void record_check(const struct json_fields *fields, const struct record *record);

#endif
