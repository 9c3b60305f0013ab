#include "records/record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_fields.h"
#include "base/json_text.h"
#include "base/memory.h"
#include "base/text.h"
#include "records/record_check.h"
#include "records/record_members.h"

#define SUFFIX ".json"

static const char *const status_names[] = {
    [TRIAL_DONE] = "done", [TRIAL_FAILED] = "failed", [TRIAL_STOPPED] = "stopped"};
enum { STATUSES = sizeof status_names / sizeof status_names[0] };

const char *trial_status_name(enum trial_status status) {
  return status_names[status];
}

bool record_loss_is_mse(const struct record *record) {
  const json_t *head = json_object_get(json_object_get(record->config, "model"), "head");
  return head == NULL || (json_is_string(head) && strcmp(json_string_value(head), "linear") == 0);
}

/* `value` is stolen. json_object_set_new fails for a NULL value, so that one
 * check at the end sees every failure. */
static void put(json_t *object, bool *good, const char *name, json_t *value) {
  *good = json_object_set_new(object, name, value) == 0 && *good;
}

static void put_object(json_t *object, bool *good, const char *name, json_t *value) {
  put(object, good, name, value != NULL ? json_incref(value) : json_object());
}

static json_t *curve_to_json(const struct record *record) {
  json_t *curve = json_array();
  bool good = curve != NULL;
  for (size_t i = 0; i < record->epochs && good; i++) {
    const struct record_epoch *epoch = &record->curve[i];
    json_t *object = json_object();
    put(object, &good, "epoch", json_integer((json_int_t)i + 1));
    put(object, &good, "train_loss", json_text_real(epoch->train_loss));
    put(object, &good, "validation_mse", json_text_real(epoch->validation_mse));
    put(object, &good, "test_mse", json_text_real(epoch->test_mse));
    put(object, &good, "seconds", json_text_real(epoch->seconds));
    good = json_array_append_new(curve, object) == 0 && good;
  }
  if (good) return curve;
  json_decref(curve);
  return NULL;
}

static void put_identity(json_t *object, bool *good, const struct record *record) {
  put(object, good, "schema", json_integer(RECORD_SCHEMA));
  put(object, good, "numerics_version", json_integer(record->numerics_version));
  put(object, good, "key", json_text_string(record->key));
  put(object, good, "label", json_text_string(record->label));
  put_object(object, good, "swept", record->swept);
  put_object(object, good, "config", record->config);
  put(object, good, "seed", json_text_u64(record->seed));
  put(object, good, "fold", json_text_string(record->fold));
  put(object, good, "status", json_string(trial_status_name(record->status)));
}

static bool rows_known(const struct record *record) {
  return record->train_rows + record->validation_rows + record->test_rows > 0;
}

static void put_results(json_t *object, bool *good, const struct record *record) {
  if (rows_known(record)) {
    put(object, good, "train_rows", json_text_u64(record->train_rows));
    put(object, good, "validation_rows", json_text_u64(record->validation_rows));
    put(object, good, "test_rows", json_text_u64(record->test_rows));
  }
  put(object, good, "mse", json_text_real(record->mse));
  put(object, good, "rmse", json_text_real(record->rmse));
  put(object, good, "mae", json_text_real(record->mae));
  put(object, good, "train_mse", json_text_real(record->train_mse));
  put(object, good, "validation_mse", json_text_real(record->validation_mse));
  put(object, good, "best_epoch", json_integer(record->best_epoch));
  if (record->refit_epochs > 0) {
    put(object, good, "refit_epochs", json_integer(record->refit_epochs));
  }
  put(object, good, "curve", curve_to_json(record));
  put(object, good, "train_seconds", json_text_real(record->train_seconds));
  put(object, good, "train_cpu_seconds", json_text_real(record->train_cpu_seconds));
  put(object, good, "rows_per_second", json_text_real(record->rows_per_second));
  put(object, good, "parameters", json_text_u64(record->parameters));
  put(object, good, "wide_columns", json_text_u64(record->wide_columns));
  put(object, good, "flops_per_row", json_text_u64(record->flops_per_row));
  put(object, good, "weights_digest", json_text_string(record->weights_digest));
  if (record->members > 0) put(object, good, "members", record_members_json(record));
  put(object, good, "peak_rss_kib", json_text_u64(record->peak_rss_kib));
}

json_t *record_to_json(const struct record *record) {
  json_t *object = json_object();
  bool good = object != NULL;
  put_identity(object, &good, record);
  put_results(object, &good, record);
  put(object, &good, "isa", json_text_string(record->isa));
  put(object, &good, "jobs", json_integer(record->jobs));
  put(object, &good, "threads", json_integer(record->threads));
  put_object(object, &good, "host", record->host);
  put_object(object, &good, "build", record->build);
  put_object(object, &good, "data", record->data);
  put(object, &good, "started_at", json_text_string(record->started_at));
  put(object, &good, "error", json_text_string(record->error));
  char digest[DIGEST_TEXT];
  if (good && record_digest(object, digest)) put(object, &good, "digest", json_string(digest));
  if (good && json_object_get(object, "digest") != NULL) return object;
  json_decref(object);
  return NULL;
}

static void read_status(const struct json_fields *fields, enum trial_status *status) {
  const json_t *json = json_fields_get(fields, "status");
  if (json == NULL) return;
  const char *word = json_string_value(json);
  for (size_t i = 0; word != NULL && i < STATUSES; i++) {
    if (strcmp(word, status_names[i]) != 0) continue;
    *status = (enum trial_status)i;
    return;
  }
  json_fields_fault(fields, "status", "expected \"done\", \"failed\" or \"stopped\"");
}

/* Records of before these counts have none of the three. */
static void read_rows(const struct json_fields *fields, struct record *record) {
  struct {
    const char *name;
    uint64_t *rows;
  } part[] = {{"train_rows", &record->train_rows},
              {"validation_rows", &record->validation_rows},
              {"test_rows", &record->test_rows}};
  bool any = false;
  for (size_t i = 0; i < 3; i++) {
    any = any || json_object_get(fields->object, part[i].name) != NULL;
  }
  for (size_t i = 0; any && i < 3; i++) json_fields_u64(fields, part[i].name, part[i].rows);
}

static void read_epoch(const struct json_fields *fields, size_t number, bool failed,
                       struct record_epoch *epoch) {
  uint64_t named = number;
  json_fields_u64(fields, "epoch", &named);
  if (named != number) json_fields_fault(fields, "epoch", "expected the epochs in order, from 1");
  json_fields_real(fields, "train_loss", failed, &epoch->train_loss);
  json_fields_real(fields, "validation_mse", true, &epoch->validation_mse);
  json_fields_real(fields, "test_mse", failed, &epoch->test_mse);
  json_fields_real(fields, "seconds", failed, &epoch->seconds);
}

static void read_curve(const struct json_fields *fields, struct record *record) {
  const json_t *curve = json_fields_array(fields, "curve");
  if (curve == NULL) return;
  struct error memory;
  record->curve = memory_array(json_array_size(curve), sizeof *record->curve, &memory);
  if (record->curve == NULL) {
    json_fields_no_memory(fields, "curve");
    return;
  }
  record->epochs = json_array_size(curve);
  for (size_t i = 0; i < record->epochs; i++) {
    struct text prefix = {0};
    text_add(&prefix, "curve[%zu].", i);
    struct json_fields epoch = {json_array_get(curve, i), fields->where,
                                prefix.failed ? "curve." : prefix.text, fields->error};
    read_epoch(&epoch, i + 1, record->status == TRIAL_FAILED, &record->curve[i]);
    text_clear(&prefix);
  }
}

static void read_results(const struct json_fields *fields, struct record *record) {
  bool failed = record->status == TRIAL_FAILED;
  read_rows(fields, record);
  json_fields_real(fields, "mse", failed, &record->mse);
  json_fields_real(fields, "rmse", failed, &record->rmse);
  json_fields_real(fields, "mae", failed, &record->mae);
  json_fields_real(fields, "train_mse", failed, &record->train_mse);
  json_fields_real(fields, "validation_mse", true, &record->validation_mse);
  json_fields_u32(fields, "best_epoch", &record->best_epoch);
  if (json_object_get(fields->object, "refit_epochs") != NULL) {
    json_fields_u32(fields, "refit_epochs", &record->refit_epochs);
  }
  read_curve(fields, record);
  if (record->status == TRIAL_STOPPED && record->epochs == 0) {
    json_fields_fault(fields, "curve", "expected the epochs that a stopped trial ran");
  }
  json_fields_real(fields, "train_seconds", failed, &record->train_seconds);
  json_fields_real(fields, "train_cpu_seconds", failed, &record->train_cpu_seconds);
  json_fields_real(fields, "rows_per_second", failed, &record->rows_per_second);
  json_fields_u64(fields, "parameters", &record->parameters);
  json_fields_u64(fields, "wide_columns", &record->wide_columns);
  json_fields_u64(fields, "flops_per_row", &record->flops_per_row);
  record_read_digest(fields, "weights_digest", failed, record->weights_digest);
  record_read_members(fields, record);
  json_fields_u64(fields, "peak_rss_kib", &record->peak_rss_kib);
}

/* What tables and plots say of a trial's data and machine must be there. */
static void read_surroundings(const struct json_fields *fields, struct record *record) {
  json_fields_object(fields, "host", &record->host);
  json_fields_object(fields, "build", &record->build);
  json_fields_object(fields, "data", &record->data);
  struct json_fields host = {record->host, fields->where, "host.", fields->error};
  struct json_fields data = {record->data, fields->where, "data.", fields->error};
  bool flag;
  double number;
  char *name = NULL;
  if (record->host != NULL) json_fields_boolean(&host, "emulated", &flag);
  if (record->data == NULL) return;
  json_fields_string(&data, "name", &name);
  free(name);
  json_fields_boolean(&data, "synthetic", &flag);
  static const char *const optional[] = {"irreducible_mse", "rating_variance"};
  for (size_t i = 0; i < sizeof optional / sizeof optional[0]; i++) {
    if (json_object_get(record->data, optional[i]) == NULL) continue;
    json_fields_real(&data, optional[i], true, &number);
  }
}

/* Records of before threads have none: they are of one. */
static void read_threads(const struct json_fields *fields, uint32_t *threads) {
  *threads = 1;
  if (json_object_get(fields->object, "threads") == NULL) return;
  json_fields_u32(fields, "threads", threads);
  if (*threads == 0) json_fields_fault(fields, "threads", "expected 1 or more");
}

static void read_all(const struct json_fields *fields, struct record *record) {
  const size_t before = json_fields_faults(fields->error);
  record_read_digest(fields, "key", false, record->key);
  json_fields_string(fields, "label", &record->label);
  json_fields_object(fields, "swept", &record->swept);
  json_fields_object(fields, "config", &record->config);
  json_fields_u64(fields, "seed", &record->seed);
  json_fields_string(fields, "fold", &record->fold);
  read_status(fields, &record->status);
  read_results(fields, record);
  json_fields_string(fields, "isa", &record->isa);
  json_fields_u32(fields, "jobs", &record->jobs);
  read_threads(fields, &record->threads);
  if (record->schema > RECORD_SCHEMA_FIRST) {
    json_fields_u32(fields, "numerics_version", &record->numerics_version);
  }
  read_surroundings(fields, record);
  json_fields_string(fields, "started_at", &record->started_at);
  json_fields_string(fields, "error", &record->error);
  if (json_fields_faults(fields->error) == before) record_check(fields, record);
}

/* Adds its faults to those that `error` has already. */
static bool read_json(const json_t *json, const char *where, struct record *record,
                      struct error *error) {
  size_t before = json_fields_faults(error);
  *record = (struct record){0};
  struct json_fields fields = {json, where, "", error};
  uint32_t schema = 0;
  if (!json_is_object(json)) {
    error_fault(error, ERROR_DATA, where, 0, "expected an object");
  } else {
    json_fields_u32(&fields, "schema", &schema);
  }
  if (json_fields_faults(error) == before &&
      (schema < RECORD_SCHEMA_FIRST || schema > RECORD_SCHEMA)) {
    json_fields_fault(&fields, "schema",
                      "another version of Crosslane wrote this; expected 1 or 2");
  }
  record->schema = schema;
  if (json_fields_faults(error) == before) read_all(&fields, record);
  if (json_fields_faults(error) == before) return true;
  record_clear(record);
  return false;
}

bool record_from_json(const json_t *json, const char *where, struct record *record,
                      struct error *error) {
  *error = (struct error){0};
  (void)read_json(json, where, record, error);
  return error_faults_done(error);
}

static bool names_key(const char *path, const char *key) {
  const char *slash = strrchr(path, '/');
  const char *name = slash != NULL ? slash + 1 : path;
  size_t length = strlen(key);
  return strncmp(name, key, length) == 0 && strcmp(name + length, SUFFIX) == 0;
}

static bool read_file(const char *path, struct record *record, struct error *error) {
  *record = (struct record){0};
  json_t *json = json_file_read(path, error);
  if (json == NULL) return false;
  bool good = read_json(json, path, record, error);
  if (good && !names_key(path, record->key)) {
    good = error_fault(error, ERROR_DATA, path, 0, "holds the record of key %s", record->key);
    record_clear(record);
  }
  json_decref(json);
  return good;
}

bool record_read(const char *path, struct record *record, struct error *error) {
  *error = (struct error){0};
  (void)read_file(path, record, error);
  return error_faults_done(error);
}

bool record_write(const char *run, const struct record *record, struct error *error) {
  struct text path = {0};
  text_add(&path, "%s/trials/%s" SUFFIX, run, record->key);
  if (path.failed) return error_set(error, ERROR_SYSTEM, "out of memory");
  json_t *json = record_to_json(record);
  struct record check = {0};
  bool done = json == NULL || record_from_json(json, path.text, &check, error);
  if (done) done = json_file_write(path.text, json, error);
  record_clear(&check);
  json_decref(json);
  text_clear(&path);
  return done;
}

void record_clear(struct record *record) {
  free(record->label);
  free(record->fold);
  free(record->error);
  free(record->curve);
  free(record->member);
  free(record->isa);
  free(record->started_at);
  json_decref(record->swept);
  json_decref(record->config);
  json_decref(record->host);
  json_decref(record->build);
  json_decref(record->data);
  *record = (struct record){0};
}
