/* Records, as they are and from their files. */
#include <math.h>
#include <stdlib.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "library/record_parts.h"

bool record_write_json(crosslane_record *record, struct error *error) {
  json_t *json = record_to_json(&record->record);
  if (json != NULL) json_text_add(&record->json, json);
  const bool done = json != NULL && !record->json.failed;
  json_decref(json);
  return done || error_set(error, ERROR_SYSTEM, "out of memory for a record");
}

crosslane_record *crosslane_record_read(const char *path, crosslane_error *error) {
  struct library_call call;
  library_begin(&call, error);
  crosslane_record *record = memory_array(1, sizeof *record, call.error);
  const bool done = record != NULL && record_read(path, &record->record, call.error) &&
                    record_write_json(record, call.error);
  (void)library_end(&call, done);
  if (done) return record;
  library_name_file(error, path);
  crosslane_record_free(record);
  return NULL;
}

void crosslane_record_free(crosslane_record *record) {
  if (record == NULL) return;
  record_clear(&record->record);
  text_clear(&record->json);
  free(record);
}

const char *crosslane_record_json(const crosslane_record *record) {
  return record->json.text;
}

const char *crosslane_record_status(const crosslane_record *record) {
  return trial_status_name(record->record.status);
}

const char *crosslane_record_label(const crosslane_record *record) {
  return record->record.label;
}

const char *crosslane_record_key(const crosslane_record *record) {
  return record->record.key;
}

double crosslane_record_mse(const crosslane_record *record) {
  return record->record.mse;
}

double crosslane_record_mae(const crosslane_record *record) {
  return record->record.mae;
}

double crosslane_record_validation_mse(const crosslane_record *record) {
  return record->record.validation_mse;
}

double crosslane_record_train_seconds(const crosslane_record *record) {
  return record->record.train_seconds;
}

size_t crosslane_record_epochs(const crosslane_record *record) {
  return record->record.epochs;
}

double crosslane_record_epoch_train_loss(const crosslane_record *record, size_t e) {
  return e < record->record.epochs ? record->record.curve[e].train_loss : (double)NAN;
}

double crosslane_record_epoch_validation_mse(const crosslane_record *record, size_t e) {
  return e < record->record.epochs ? record->record.curve[e].validation_mse : (double)NAN;
}

double crosslane_record_epoch_test_mse(const crosslane_record *record, size_t e) {
  return e < record->record.epochs ? record->record.curve[e].test_mse : (double)NAN;
}
