#include "records/record_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_copy.h"
#include "base/json_text.h"
#include "records/record_members.h"

/* A square root and a square are each rounded once. */
#define ROUNDING 1e-12
/* And mse, not mae, is of errors that are rounded to floats (model/score.c). */
#define FLOAT_ROUNDING 0x1p-23

bool record_digest(const json_t *object, char digest[DIGEST_TEXT]) {
  json_t *rest = json_copy_shallow(object);
  struct text line = {0};
  if (rest != NULL) {
    (void)json_object_del(rest, "digest");
    json_text_add_line(&line, rest);
  }
  const bool done = rest != NULL && !line.failed;
  if (done) digest_text(digest_bytes(line.text, line.length), digest);
  text_clear(&line);
  json_decref(rest);
  return done;
}

/* Records of before the digest have none. */
static void check_digest(const struct json_fields *fields) {
  char *named = NULL, digest[DIGEST_TEXT];
  if (json_object_get(fields->object, "digest") == NULL) return;
  json_fields_string(fields, "digest", &named);
  if (named == NULL) return;
  if (!record_digest(fields->object, digest)) {
    json_fields_no_memory(fields, "digest");
  } else if (strcmp(named, digest) != 0) {
    json_fields_fault(fields, "digest", "the record was changed after it was written");
  }
  free(named);
}

static bool same(double a, double b) {
  return a == b || (isnan(a) && isnan(b));
}

static void check_errors(const struct json_fields *fields, const struct record *record) {
  if (!(record->mse >= 0)) json_fields_fault(fields, "mse", "below 0");
  if (!(record->train_mse >= 0)) json_fields_fault(fields, "train_mse", "below 0");
  if (record->validation_mse < 0) json_fields_fault(fields, "validation_mse", "below 0");
  if (!(record->rmse >= 0) ||
      !(fabs(record->rmse * record->rmse - record->mse) <= ROUNDING * record->mse)) {
    json_fields_fault(fields, "rmse", "its square is not mse");
  }
  if (!(record->mae >= 0) || !(record->mae <= record->rmse * (1 + FLOAT_ROUNDING))) {
    json_fields_fault(fields, "mae", "not from 0 to rmse");
  }
}

static uint32_t best_epoch(const struct record *record) {
  size_t best = record->epochs;
  for (size_t e = record->epochs; e > 0; e--) {
    if (record->curve[e - 1].validation_mse <= record->curve[best - 1].validation_mse) best = e;
  }
  return (uint32_t)best;
}

static const json_t *train_of(const struct record *record, const char *key) {
  return json_object_get(json_object_get(record->config, "train"), key);
}

/* A refit has as many epochs as the training before it found. */
static void check_refit(const struct json_fields *fields, const struct record *record) {
  const bool refit = json_is_true(train_of(record, "refit")) && record->status == TRIAL_DONE;
  if (record->refit_epochs == (refit ? record->best_epoch : 0)) return;
  json_fields_fault(fields, "refit_epochs",
                    refit ? "not best_epoch" : "only a done trial with train.refit has one");
}

/* The weights of the last epoch are kept; with early stopping those of the best,
 * also where the sweep ended the trial. Test rows are scored after a refit; an
 * ensemble's scores are not those of a member. */
static void check_curve(const struct json_fields *fields, const struct record *record) {
  if (record->epochs == 0) {
    json_fields_fault(fields, "curve", "no epoch");
    return;
  }
  const uint32_t best = best_epoch(record);
  if (record->best_epoch != best) {
    json_fields_fault(fields, "best_epoch", "not the epoch of the lowest validation_mse");
    return;
  }
  const bool early = json_is_object(train_of(record, "early_stopping"));
  const struct record_epoch *kept = &record->curve[(early ? best : record->epochs) - 1];
  const bool alone = record->members == 0;
  const bool same_test = !alone || record->refit_epochs > 0 || same(kept->test_mse, record->mse);
  if (!same_test || (alone && !same(kept->validation_mse, record->validation_mse))) {
    json_fields_fault(fields, "mse",
                      early ? "it and validation_mse are not those of the curve's best epoch"
                            : "it and validation_mse are not those of the curve's last epoch");
  }
  check_refit(fields, record);
  record_check_members(fields, record);
}

static void check_times(const struct json_fields *fields, const struct record *record) {
  const struct {
    const char *name;
    double value;
  } time[] = {{"train_seconds", record->train_seconds},
              {"train_cpu_seconds", record->train_cpu_seconds},
              {"rows_per_second", record->rows_per_second}};
  for (size_t i = 0; i < sizeof time / sizeof time[0]; i++) {
    if (!(time[i].value >= 0)) json_fields_fault(fields, time[i].name, "below 0");
  }
}

void record_check(const struct json_fields *fields, const struct record *record) {
  check_digest(fields);
  if (record->status == TRIAL_FAILED) return;
  check_errors(fields, record);
  check_curve(fields, record);
  check_times(fields, record);
}
