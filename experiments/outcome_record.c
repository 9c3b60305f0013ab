#include "experiments/outcome_record.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/build.h"
#include "base/memory.h"
#include "kernels/machine.h"

static json_t *host_json(void) {
  struct machine machine;
  machine_identify(&machine);
  return json_pack("{s:s, s:s, s:s, s:s, s:i, s:b}", "architecture", machine.architecture, "cpu",
                   machine.cpu, "features", machine.features, "caches", machine.caches, "cores",
                   (int)machine.cores, "emulated", (int)machine.emulated);
}

/* Population variance: the MSE of predicting the mean rating everywhere. */
static double rating_variance(const struct dataset *dataset) {
  double sum = 0.0, squares = 0.0, rows = (double)dataset->ratings;
  for (size_t i = 0; i < dataset->ratings; i++) sum += (double)dataset->row_rating[i];
  double mean = sum / rows;
  for (size_t i = 0; i < dataset->ratings; i++) {
    double difference = (double)dataset->row_rating[i] - mean;
    squares += difference * difference;
  }
  return squares / rows;
}

static json_t *data_json(const struct dataset *dataset) {
  char digest[DIGEST_TEXT];
  digest_text(dataset->digest, digest);
  json_t *irreducible =
      isnan(dataset->irreducible_mse) ? json_null() : json_real(dataset->irreducible_mse);
  return json_pack("{s:s, s:s, s:I, s:b, s:o, s:f}", "name", dataset->name, "digest", digest,
                   "rows", (json_int_t)dataset->ratings, "synthetic", (int)dataset->synthetic,
                   "irreducible_mse", irreducible, "rating_variance", rating_variance(dataset));
}

bool record_frame_init(struct record_frame *frame, const struct dataset *dataset, enum isa isa,
                       size_t jobs, size_t threads, struct error *error) {
  *frame = (struct record_frame){.host = host_json(),
                                 .build = build_json(),
                                 .data = data_json(dataset),
                                 .isa = isa,
                                 .jobs = (uint32_t)jobs,
                                 .threads = (uint32_t)threads};
  if (frame->host != NULL && frame->build != NULL && frame->data != NULL) return true;
  record_frame_clear(frame);
  return error_set(error, ERROR_SYSTEM, "out of memory for the records' frame");
}

void record_frame_clear(struct record_frame *frame) {
  json_decref(frame->host);
  json_decref(frame->build);
  json_decref(frame->data);
  *frame = (struct record_frame){0};
}

static char *iso_time(int64_t since_1970, struct error *error) {
  time_t seconds = (time_t)since_1970;
  struct tm utc;
  char text[32] = "unknown";
  if (gmtime_r(&seconds, &utc) != NULL)
    (void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return memory_text(text, error);
}

static void copy_numbers(const struct train_result *result, struct record *record) {
  record->mse = result->mse;
  record->rmse = result->rmse;
  record->mae = result->mae;
  record->train_mse = result->train_mse;
  record->validation_mse = result->validation_mse;
  record->best_epoch = result->best_epoch;
  record->refit_epochs = result->refit_epochs;
  record->train_seconds = result->train_seconds;
  record->train_cpu_seconds = result->train_cpu_seconds;
  record->rows_per_second = result->rows_per_second;
  record->parameters = result->parameters;
  record->wide_columns = result->wide_columns;
  record->flops_per_row = result->flops_per_row;
  digest_text(result->weights_digest, record->weights_digest);
}

/* Of an ensemble that is whole. */
static bool copy_members(const struct train_result *result, struct record *record,
                         struct error *error) {
  if (result->members <= 1) return true;
  record->member = memory_array(result->members, sizeof *record->member, error);
  if (record->member == NULL) return false;
  record->members = result->members;
  for (size_t m = 0; m < record->members; m++) {
    const struct member_result *member = &result->member[m];
    record->member[m] = (struct record_member){.epochs = member->epochs,
                                               .best_epoch = member->best_epoch,
                                               .validation_mse = member->validation_mse};
    digest_text(member->weights_digest, record->member[m].weights_digest);
  }
  return true;
}

static bool copy_curve(const struct train_result *result, struct record *record,
                       struct error *error) {
  record->epochs = result->epochs;
  record->curve = memory_array(result->epochs, sizeof *record->curve, error);
  if (record->curve == NULL) return false;
  for (size_t e = 0; e < record->epochs; e++) {
    const struct epoch_result *epoch = &result->curve[e];
    record->curve[e] = (struct record_epoch){.train_loss = epoch->train_loss,
                                             .validation_mse = epoch->validation_mse,
                                             .test_mse = epoch->test_mse,
                                             .seconds = epoch->seconds};
  }
  return true;
}

static void set_numbers_missing(struct record *record) {
  record->mse = record->rmse = record->mae = NAN;
  record->train_mse = record->validation_mse = NAN;
  record->train_seconds = record->train_cpu_seconds = record->rows_per_second = NAN;
}

static enum trial_status status_of(const struct trial_outcome *outcome) {
  if (!outcome->done) return TRIAL_FAILED;
  return outcome->stopped ? TRIAL_STOPPED : TRIAL_DONE;
}

bool outcome_to_record(const struct record_frame *frame, const struct architecture *architecture,
                       const struct trial *trial, const struct trial_outcome *outcome,
                       struct record *record, struct error *error) {
  *record = (struct record){
      .label = memory_text(architecture->label, error),
      .swept = json_incref(architecture->swept),
      .config = config_json(&architecture->config),
      .seed = trial->seed,
      .fold = memory_text(trial->fold, error),
      .status = status_of(outcome),
      .error = memory_text(outcome->done ? "" : outcome->error.message, error),
      .train_rows = outcome->train_rows,
      .validation_rows = outcome->validation_rows,
      .test_rows = outcome->test_rows,
      .peak_rss_kib = outcome->peak_rss_kib,
      .isa = memory_text(isa_name(frame->isa), error),
      .jobs = frame->jobs,
      .threads = frame->threads,
      .numerics_version = NUMERICS_VERSION,
      .host = json_incref(frame->host),
      .build = json_incref(frame->build),
      .data = json_incref(frame->data),
      .started_at = iso_time(outcome->started, error),
  };
  memcpy(record->key, trial->key, sizeof record->key);
  bool made = record->label != NULL && record->config != NULL && record->fold != NULL &&
              record->error != NULL && record->isa != NULL && record->started_at != NULL;
  set_numbers_missing(record);
  if (made && outcome->done) {
    copy_numbers(&outcome->result, record);
    made = copy_members(&outcome->result, record, error);
  }
  if (made && outcome->result.epochs > 0) made = copy_curve(&outcome->result, record, error);
  if (made) return true;
  record_clear(record);
  return error->kind != ERROR_NONE ? false
                                   : error_set(error, ERROR_SYSTEM, "out of memory for a record");
}
