/* records/record.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json_fields.h"
#include "base/memory.h"
#include "base/philox.h"
#include "records/record_check.h"
#include "records/record_list.h"
#include "tests/records/fabricate.h"

/* Any finite double, subnormal and negative ones too. */
static double any_double(struct random *random) {
  for (;;) {
    uint64_t bits = (uint64_t)random_u32(random) << 32 | random_u32(random);
    double value;
    memcpy(&value, &bits, sizeof value);
    if (isfinite(value)) return value;
  }
}

static bool same_bits(double a, double b) {
  return memcmp(&a, &b, sizeof a) == 0;
}

static struct record read_back(const char *folder, const struct record *record) {
  struct error error = {0};
  struct record read;
  char name[64];
  (void)snprintf(name, sizeof name, "trials/%s.json", record->key);
  char *path = file_join(folder, name, &error);
  if (!record_read(path, &read, &error)) fail_msg("%s", error.message);
  free(path);
  return read;
}

static void fill_with_noise(struct record *record, struct random *random) {
  for (size_t i = 0; i < record->epochs; i++) {
    record->curve[i] = (struct record_epoch){any_double(random), any_double(random),
                                             any_double(random), any_double(random)};
  }
  /* What must agree with something, or not be below 0. */
  const double mse = fabs(any_double(random)), validation = fabs(any_double(random));
  fabricate_settle(record, mse, validation);
  record->train_mse = fabs(any_double(random));
  record->train_seconds = fabs(any_double(random));
  record->train_cpu_seconds = fabs(any_double(random));
  record->rows_per_second = fabs(any_double(random));
  record->swept = (json_decref(record->swept), json_pack("{s:f}", "x", any_double(random)));
}

static void assert_same_numbers(const struct record *a, const struct record *b) {
  assert_true(same_bits(a->mse, b->mse));
  assert_true(same_bits(a->rmse, b->rmse));
  assert_true(same_bits(a->mae, b->mae));
  assert_true(same_bits(a->train_mse, b->train_mse));
  assert_true(same_bits(a->validation_mse, b->validation_mse));
  assert_true(same_bits(a->train_seconds, b->train_seconds));
  assert_true(same_bits(a->train_cpu_seconds, b->train_cpu_seconds));
  assert_true(same_bits(a->rows_per_second, b->rows_per_second));
  assert_int_equal(a->epochs, b->epochs);
  for (size_t i = 0; i < a->epochs; i++) {
    assert_memory_equal(&a->curve[i], &b->curve[i], sizeof a->curve[i]);
  }
}

static void a_record_reads_back_bit_for_bit(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  struct random random;
  random_init(&random, 1, STREAM_SYNTHETIC, 0, 0);
  for (uint64_t seed = 0; seed < 50; seed++) {
    struct record record = fabricate_record("bits", seed, 20);
    fill_with_noise(&record, &random);
    fabricate_write(folder, &record);
    struct record read = read_back(folder, &record);
    assert_same_numbers(&record, &read);
    double swept = json_real_value(json_object_get(record.swept, "x"));
    assert_true(same_bits(swept, json_real_value(json_object_get(read.swept, "x"))));
    record_clear(&record);
    record_clear(&read);
  }
  fabricate_remove(folder);
}

static void every_other_field_reads_back(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  struct record record = fabricate_record("a \"label\"\n\\ é", UINT64_MAX, 3);
  fabricate_write(folder, &record);
  struct record read = read_back(folder, &record);
  json_t *before = record_to_json(&record), *after = record_to_json(&read);
  assert_true(json_equal(before, after));
  assert_string_equal(read.label, record.label);
  assert_true(read.seed == UINT64_MAX);
  assert_string_equal(read.weights_digest, record.weights_digest);
  assert_int_equal(read.status, TRIAL_DONE);
  json_decref(before);
  json_decref(after);
  record_clear(&record);
  record_clear(&read);
  fabricate_remove(folder);
}

static void a_number_that_does_not_exist_is_null_in_the_file(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  struct record record = fabricate_failure("diverged", 1, "the loss is not finite in epoch 3");
  record.train_mse = INFINITY;
  fabricate_write(folder, &record);
  char name[64];
  (void)snprintf(name, sizeof name, "trials/%s.json", record.key);
  char *text = fabricate_read(folder, name);
  assert_non_null(strstr(text, "\"mse\": null"));
  assert_non_null(strstr(text, "\"train_mse\": null"));
  struct record read = read_back(folder, &record);
  assert_true(isnan(read.mse) && isnan(read.train_mse));
  assert_string_equal(read.error, "the loss is not finite in epoch 3");
  free(text);
  record_clear(&record);
  record_clear(&read);
  fabricate_remove(folder);
}

static void a_stopped_trial_keeps_the_numbers_of_its_epochs(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  struct record record = fabricate_record("stopped", 1, 4);
  record.status = TRIAL_STOPPED;
  fabricate_write(folder, &record);
  struct record read = read_back(folder, &record);
  assert_int_equal(read.status, TRIAL_STOPPED);
  assert_same_numbers(&record, &read);
  record_clear(&read);
  struct error error = {0};
  record.epochs = 0;
  assert_false(record_write(folder, &record, &error));
  assert_non_null(strstr(error.message, "field 'curve': expected the epochs that a stopped trial"));
  record.epochs = 4;
  record.mse = NAN;
  assert_false(record_write(folder, &record, &error));
  assert_non_null(strstr(error.message, "field 'mse': expected a number"));
  record_clear(&record);
  fabricate_remove(folder);
}

/* Records of before threads are of one. */
static void threads_read_back_and_may_be_missing(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  struct record record = fabricate_record("threads", 1, 1), read;
  record.threads = 3;
  fabricate_write(folder, &record);
  read = read_back(folder, &record);
  assert_int_equal(read.threads, 3);
  record_clear(&read);
  struct error error = {0};
  json_t *json = record_to_json(&record);
  json_object_del(json, "threads");
  json_object_del(json, "digest");
  assert_true(record_from_json(json, "x.json", &read, &error));
  assert_int_equal(read.threads, 1);
  record_clear(&read);
  json_decref(json);
  record.threads = 0;
  assert_false(record_write(folder, &record, &error));
  assert_non_null(strstr(error.message, "field 'threads': expected 1 or more"));
  record_clear(&record);
  fabricate_remove(folder);
}

static void the_parts_row_counts_read_back_and_may_be_missing(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  struct record record = fabricate_record("rows", 1, 1);
  json_t *json = record_to_json(&record);
  assert_null(json_object_get(json, "train_rows"));
  json_decref(json);
  record.train_rows = 80000;
  record.test_rows = 20000;
  fabricate_write(folder, &record);
  struct record read = read_back(folder, &record);
  assert_true(read.train_rows == 80000 && read.validation_rows == 0 && read.test_rows == 20000);
  record_clear(&read);
  json = record_to_json(&record);
  json_object_del(json, "validation_rows");
  struct error error = {0};
  assert_false(record_from_json(json, "x.json", &read, &error));
  assert_string_equal(error.message, "x.json: field 'validation_rows': missing");
  json_decref(json);
  record_clear(&record);
  fabricate_remove(folder);
}

static void keys_stand_in_the_order_of_the_struct(void **state) {
  (void)state;
  static const char *const names[] = {"schema",
                                      "numerics_version",
                                      "key",
                                      "label",
                                      "swept",
                                      "config",
                                      "seed",
                                      "fold",
                                      "status",
                                      "mse",
                                      "rmse",
                                      "mae",
                                      "train_mse",
                                      "validation_mse",
                                      "best_epoch",
                                      "curve",
                                      "train_seconds",
                                      "train_cpu_seconds",
                                      "rows_per_second",
                                      "parameters",
                                      "wide_columns",
                                      "flops_per_row",
                                      "weights_digest",
                                      "peak_rss_kib",
                                      "isa",
                                      "jobs",
                                      "threads",
                                      "host",
                                      "build",
                                      "data",
                                      "started_at",
                                      "error",
                                      "digest"};
  struct record record = fabricate_record("order", 1, 2);
  json_t *json = record_to_json(&record);
  size_t i = 0;
  const char *name;
  json_t *value;
  json_object_foreach(json, name, value) {
    assert_true(i < sizeof names / sizeof *names);
    assert_string_equal(name, names[i++]);
  }
  assert_int_equal(i, sizeof names / sizeof *names);
  json_decref(json);
  record_clear(&record);
}

/* The record with one field replaced (NULL: taken away) must be refused. */
static void refused(const char *name, json_t *value, const char *message) {
  struct record record = fabricate_record("strict", 1, 2), read;
  struct error error = {0};
  json_t *json = record_to_json(&record);
  if (value != NULL) {
    json_object_set_new(json, name, value);
  } else {
    json_object_del(json, name);
  }
  assert_false(record_from_json(json, "x.json", &read, &error));
  assert_int_equal(error.kind, ERROR_DATA);
  assert_string_equal(error.message, message);
  json_decref(json);
  record_clear(&record);
}

static void a_missing_or_mistyped_field_is_refused_by_its_name(void **state) {
  (void)state;
  refused("mse", json_string("0.9"), "x.json: field 'mse': expected a number");
  refused("mse", json_null(), "x.json: field 'mse': expected a number");
  refused("mse", NULL, "x.json: field 'mse': missing");
  refused("label", json_integer(1), "x.json: field 'label': expected a text");
  refused("seed", json_integer(-1), "x.json: field 'seed': expected a whole number, 0 or more");
  refused("seed", json_string("12"), "x.json: field 'seed': expected a whole number, 0 or more");
  refused("jobs", json_real(1.5), "x.json: field 'jobs': expected a whole number, 0 or more");
  refused("jobs", json_integer(4294967296),
          "x.json: field 'jobs': expected a whole number below 4294967296");
  refused("status", json_string("fine"),
          "x.json: field 'status': expected \"done\", \"failed\" or \"stopped\"");
  refused("key", json_string("../../etc/passwd"),
          "x.json: field 'key': expected 16 hexadecimal digits");
  refused("curve", json_object(), "x.json: field 'curve': expected an array");
  refused("host", json_pack("{s:s}", "emulated", "no"),
          "x.json: field 'host.emulated': expected true or false");
  refused("data", json_pack("{s:s}", "name", "x"), "x.json: field 'data.synthetic': missing");
  refused("schema", json_integer(3),
          "x.json: field 'schema': another version of Crosslane wrote this; expected 1 or 2");
  refused("schema", json_integer(0),
          "x.json: field 'schema': another version of Crosslane wrote this; expected 1 or 2");
  refused("numerics_version", NULL, "x.json: field 'numerics_version': missing");
}

/* Of Crosslane 0.1. */
static void a_record_of_the_first_schema_is_read(void **state) {
  (void)state;
  struct record record = fabricate_record("strict", 1, 2), read;
  struct error error = {0};
  char digest[DIGEST_TEXT];
  json_t *json = record_to_json(&record);
  json_object_del(json, "numerics_version");
  json_object_del(json, "digest");
  json_object_set_new(json, "schema", json_integer(1));
  assert_true(record_digest(json, digest));
  json_object_set_new(json, "digest", json_string(digest));
  if (!record_from_json(json, "x.json", &read, &error)) fail_msg("%s", error.message);
  assert_int_equal(read.schema, 1);
  assert_int_equal(read.numerics_version, 0);
  assert_string_equal(read.key, record.key);
  record_clear(&read);
  json_decref(json);
  json = record_to_json(&record);
  assert_true(record_from_json(json, "x.json", &read, &error));
  assert_int_equal(read.schema, 2);
  assert_int_equal(read.numerics_version, 3);
  record_clear(&read);
  record_clear(&record);
  json_decref(json);
}

static void every_fault_of_a_record_is_named(void **state) {
  (void)state;
  struct record record = fabricate_record("strict", 1, 2), read;
  struct error error = {0};
  json_t *json = record_to_json(&record);
  json_object_del(json, "fold");
  json_t *epoch = json_array_get(json_object_get(json, "curve"), 1);
  json_object_set_new(epoch, "test_mse", json_true());
  assert_false(record_from_json(json, "x.json", &read, &error));
  assert_string_equal(error.message,
                      "x.json: field 'fold': missing\n"
                      "x.json: field 'curve[1].test_mse': expected a number");
  assert_int_equal(error.faults, 2);
  json_decref(json);
  record_clear(&record);
}

static void write_file(const char *folder, const char *name, const char *text) {
  struct error error = {0};
  char *path = file_join(folder, name, &error);
  assert_true(file_write_atomic(path, text, strlen(text), &error));
  free(path);
}

/* What was left out; NULL: nothing. */
static char *read_list(const char *folder, struct record_list *list) {
  struct text left_out = {0};
  struct error error = {0};
  if (!record_list_read(folder, list, &left_out, &error)) fail_msg("%s", error.message);
  return left_out.text;
}

static void damaged_json_is_left_out_with_its_line_and_column(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  write_file(folder, "trials/0123456789abcdef.json", "{\n  \"mse\": oops\n}\n");
  struct record_list list = {0};
  char *left_out = read_list(folder, &list);
  assert_non_null(strstr(left_out, "trials/0123456789abcdef.json:2:"));
  assert_non_null(strstr(left_out, "oops"));
  free(left_out);
  record_list_clear(&list);
  fabricate_remove(folder);
}

static void all_damaged_files_of_a_run_are_named(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  struct record good = fabricate_record("good", 1, 1);
  fabricate_write(folder, &good);
  write_file(folder, "trials/0000000000000001.json", "{}");
  write_file(folder, "trials/0000000000000002.json", "[]");
  struct record_list list = {0};
  char *left_out = read_list(folder, &list);
  assert_non_null(strstr(left_out, "0000000000000001.json: field 'schema': missing\n"));
  assert_non_null(strstr(left_out, "0000000000000002.json: expected an object\n"));
  assert_non_null(strstr(left_out, "\n2 of 3 records left out; "));
  assert_int_equal(list.count, 1);
  assert_string_equal(list.record[0].label, "good");
  free(left_out);
  record_list_clear(&list);
  record_clear(&good);
  fabricate_remove(folder);
}

static void more_faults_than_are_shown_are_counted(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  for (int i = 0; i < 25; i++) {
    char name[64];
    (void)snprintf(name, sizeof name, "trials/%016d.json", i);
    write_file(folder, name, "[]");
  }
  struct record_list list = {0};
  char *left_out = read_list(folder, &list);
  assert_non_null(strstr(left_out, "\n... and 5 more\n25 of 25 records left out; "));
  assert_null(strstr(left_out, "0000000000000020.json"));
  free(left_out);
  record_list_clear(&list);
  fabricate_remove(folder);
}

/* More than are read at a time, with a damaged one among the later ones. */
static void many_records_come_in_their_order(void **state) {
  (void)state;
  enum { RECORDS = 150 };
  char *folder = fabricate_folder();
  for (uint64_t seed = 0; seed < RECORDS; seed++) {
    struct record record = fabricate_record("many", seed, 1);
    fabricate_write(folder, &record);
    record_clear(&record);
  }
  write_file(folder, "trials/8000000000000000.json", "[]");
  struct record_list list = {0};
  bool seen[RECORDS] = {false};
  char *left_out = read_list(folder, &list);
  assert_non_null(strstr(left_out, "8000000000000000.json: expected an object\n1 of 151 records"));
  assert_int_equal(list.count, RECORDS);
  for (size_t i = 0; i < RECORDS; i++) {
    assert_true(i == 0 || strcmp(list.record[i - 1].key, list.record[i].key) < 0);
    assert_true(list.record[i].seed < RECORDS && !seen[list.record[i].seed]);
    seen[list.record[i].seed] = true;
  }
  free(left_out);
  record_list_clear(&list);
  fabricate_remove(folder);
}

static void a_file_under_the_name_of_another_key_is_refused(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  struct record record = fabricate_record("moved", 1, 1);
  json_t *json = record_to_json(&record);
  struct error error = {0};
  char *path = file_join(folder, "trials/0123456789abcdef.json", &error);
  assert_true(json_file_write(path, json, &error));
  struct record read;
  assert_false(record_read(path, &read, &error));
  assert_non_null(strstr(error.message, "holds the record of key "));
  assert_non_null(strstr(error.message, record.key));
  free(path);
  json_decref(json);
  record_clear(&record);
  fabricate_remove(folder);
}

/* Writes the record, puts `text` in the place of `value`, the first after
 * "name", and reads it. */
static void assert_edited(const char *name, const char *text, const char *reason) {
  char *folder = fabricate_folder();
  struct record record = fabricate_record("edited", 1, 3);
  fabricate_write(folder, &record);
  char file[64], field[64];
  (void)snprintf(file, sizeof file, "trials/%s.json", record.key);
  (void)snprintf(field, sizeof field, "\n  \"%s\": ", name);
  char *before = fabricate_read(folder, file), *at = strstr(before, field);
  assert_non_null(at);
  at += strlen(field);
  struct text after = {0};
  text_add(&after, "%.*s%s%s", (int)(at - before), before, text, at + strcspn(at, ",\n"));
  write_file(folder, file, after.text);
  struct record_list list = {0};
  char *left_out = read_list(folder, &list);
  assert_int_equal(list.count, 0);
  assert_non_null(left_out);
  if (strstr(left_out, reason) == NULL) fail_msg("no '%s' in: %s", reason, left_out);
  free(left_out);
  record_list_clear(&list);
  text_clear(&after);
  free(before);
  record_clear(&record);
  fabricate_remove(folder);
}

static void an_edited_record_is_not_believed(void **state) {
  (void)state;
  static const char changed[] = "field 'digest': the record was changed after it was written";
  assert_edited("label", "\"other\"", changed);
  assert_edited("seed", "2", changed);
  assert_edited("parameters", "1", changed);
  assert_edited("train_mse", "0.5", changed);
  assert_edited("started_at", "\"2020-01-01T00:00:00Z\"", changed);
  assert_edited("digest", "\"0123456789abcdef\"", changed);
  assert_edited("mse", "0.001", "field 'rmse': its square is not mse");
  assert_edited("mse", "0.001",
                "field 'mse': it and validation_mse are not those of the curve's last");
}

static void assert_refused(const struct record *record, const char *reason) {
  json_t *json = record_to_json(record);
  assert_non_null(json);
  assert_int_equal(json_object_del(json, "digest"), 0);
  struct record read;
  struct error error = {0};
  if (reason == NULL) {
    if (!record_from_json(json, "x.json", &read, &error)) fail_msg("%s", error.message);
    record_clear(&read);
  } else {
    assert_false(record_from_json(json, "x.json", &read, &error));
    if (strstr(error.message, reason) == NULL) fail_msg("no '%s': %s", reason, error.message);
  }
  json_decref(json);
}

/* Records of before the digest have none: their numbers are compared. */
static void numbers_that_disagree_are_not_believed(void **state) {
  (void)state;
  const struct record sound = fabricate_record("sound", 1, 3);
  assert_refused(&sound, NULL);
#define WITH(field, value, reason)    \
  do {                                \
    struct record other = sound;      \
    other.field = (value);            \
    assert_refused(&other, (reason)); \
  } while (0)
  WITH(mse, 0.001, "'rmse': its square is not mse");
  WITH(rmse, sound.rmse * 1.001, "'rmse': its square is not mse");
  WITH(mae, sound.rmse * 1.001, "'mae': not from 0 to rmse");
  WITH(mae, sound.rmse * (1 + 0x1p-22), "'mae': not from 0 to rmse");
  WITH(mae, sound.rmse * (1 + 0x1p-24), NULL); /* errors of one size, rounded to floats */
  WITH(mae, -0.1, "'mae': not from 0 to rmse");
  WITH(train_mse, -0.1, "'train_mse': below 0");
  WITH(validation_mse, 0.25, "'mse': it and validation_mse are not those of the curve's last");
  WITH(validation_mse, NAN, "'mse': it and validation_mse are not those of the curve's last");
  WITH(best_epoch, 0, "'best_epoch': not the epoch of the lowest validation_mse");
  WITH(best_epoch, 4, "'best_epoch': not the epoch of the lowest validation_mse");
  WITH(best_epoch, 2, "'best_epoch': not the epoch of the lowest validation_mse");
  WITH(epochs, 0, "'curve': no epoch");
  WITH(train_seconds, -1, "'train_seconds': below 0");
  WITH(train_cpu_seconds, -1, "'train_cpu_seconds': below 0");
  WITH(rows_per_second, -1, "'rows_per_second': below 0");
#undef WITH
  struct record copy = sound;
  record_clear(&copy);
}

/* Of three epochs the second is the best: early stopping keeps its weights, of a
 * trial that is done and of one that a rung ended. */
static void early_stopping_keeps_the_numbers_of_the_best_epoch(void **state) {
  (void)state;
  static const enum trial_status statuses[] = {TRIAL_DONE, TRIAL_STOPPED};
  struct record record = fabricate_record("early", 1, 3);
  json_t *train = json_object();
  assert_int_equal(json_object_set_new(train, "early_stopping", json_pack("{s:i}", "patience", 2)),
                   0);
  assert_int_equal(json_object_set_new(record.config, "train", train), 0);
  record.curve[0] = (struct record_epoch){1, 0.75, 1.0, 1};
  record.curve[1] = (struct record_epoch){1, 0.25, 0.25, 1};
  record.curve[2] = (struct record_epoch){1, 0.5, 0.0625, 1};
  record.best_epoch = 2;
  record.mae = 0.125;
  for (size_t i = 0; i < 2; i++) {
    record.status = statuses[i];
    record.validation_mse = 0.25;
    record.mse = 0.25;
    record.rmse = 0.5;
    assert_refused(&record, NULL);
    record.mse = 0.0625;
    record.rmse = 0.25;
    assert_refused(&record, "'mse': it and validation_mse are not those of the curve's best epoch");
    record.validation_mse = 0.5;
    assert_refused(&record, "'mse': it and validation_mse are not those of the curve's best epoch");
  }
  record_clear(&record);
}

/* Of two epochs the first is the best; the model that was trained anew is scored. */
static void a_refit_is_scored_by_itself(void **state) {
  (void)state;
  struct record record = fabricate_record("refit", 1, 2);
  json_t *train = json_pack("{s:{s:i}, s:b}", "early_stopping", "patience", 1, "refit", 1);
  assert_int_equal(json_object_set_new(record.config, "train", train), 0);
  record.curve[0] = (struct record_epoch){1, 0.5, 0.5, 1};
  record.curve[1] = (struct record_epoch){1, 0.75, 0.75, 1};
  record.best_epoch = record.refit_epochs = 1;
  record.validation_mse = 0.5;
  record.mse = 0.25;
  record.rmse = 0.5;
  record.mae = 0.125;
  assert_refused(&record, NULL);
  json_t *json = record_to_json(&record);
  assert_int_equal(json_integer_value(json_object_get(json, "refit_epochs")), 1);
  json_decref(json);
  record.validation_mse = 0.25;
  assert_refused(&record, "'mse': it and validation_mse are not those of the curve's best epoch");
  record.validation_mse = 0.5;
  record.refit_epochs = 2;
  assert_refused(&record, "'refit_epochs': not best_epoch");
  record.refit_epochs = 0;
  assert_refused(&record, "'refit_epochs': not best_epoch");
  assert_refused(&record, "'mse': it and validation_mse are not those of the curve's best epoch");
  record.refit_epochs = 1;
  record.status = TRIAL_STOPPED;
  assert_refused(&record, "'refit_epochs': only a done trial with train.refit has one");
  record.status = TRIAL_DONE;
  assert_int_equal(json_object_set_new(train, "refit", json_false()), 0);
  assert_refused(&record, "'refit_epochs': only a done trial with train.refit has one");
  record_clear(&record);
}

/* Of two members, whose mean prediction is better than that of each. */
static void an_ensemble_is_scored_by_its_mean(void **state) {
  (void)state;
  struct record record = fabricate_record("ensemble", 1, 2), read;
  struct record_member member[2] = {{"0123456789abcdef", 2, 1, 0.5},
                                    {"fedcba9876543210", 1, 1, 0.6}};
  const uint64_t digests[2] = {0x0123456789abcdef, 0xfedcba9876543210};
  json_t *train =
      json_pack("{s:{s:i}, s:{s:i}}", "early_stopping", "patience", 1, "ensemble", "members", 2);
  assert_int_equal(json_object_set_new(record.config, "train", train), 0);
  record.curve[0] = (struct record_epoch){1, 0.5, 0.5, 1};
  record.curve[1] = (struct record_epoch){1, 0.75, 0.75, 1};
  record.best_epoch = 1;
  record.validation_mse = 0.375;
  record.mse = 0.25;
  record.rmse = 0.5;
  record.mae = 0.125;
  record.members = 2;
  record.member = member;
  digest_text(digest_join(digests, 2), record.weights_digest);
  assert_refused(&record, NULL);
  json_t *json = record_to_json(&record);
  struct error error = {0};
  assert_true(record_from_json(json, "x.json", &read, &error));
  assert_int_equal(read.members, 2);
  assert_string_equal(read.member[1].weights_digest, "fedcba9876543210");
  assert_true(read.member[1].epochs == 1 && read.member[1].best_epoch == 1);
  assert_true(read.member[1].validation_mse == 0.6);
  record_clear(&read);
  json_decref(json);
  member[0].validation_mse = 0.625;
  assert_refused(&record, "'members': the first is not that of the curve");
  member[0].validation_mse = 0.5;
  member[0].epochs = 1;
  assert_refused(&record, "'members': the first is not that of the curve");
  member[0].epochs = 2;
  member[1].weights_digest[0] = 'e';
  assert_refused(&record, "'weights_digest': not that of the members");
  member[1].weights_digest[0] = 'f';
  record.members = 1;
  assert_refused(&record, "'members': not as many as train.ensemble.members says");
  record.members = 2;
  record.status = TRIAL_STOPPED;
  assert_refused(&record, "'members': not as many as train.ensemble.members says");
  record.members = 0;
  record.mse = record.validation_mse = 0.5; /* of the first alone */
  record.rmse = sqrt(0.5);
  assert_refused(&record, NULL);
  record.member = NULL;
  record_clear(&record);
}

static void records_come_by_file_name_without_temporaries(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  for (uint64_t seed = 1; seed <= 9; seed++) {
    struct record record = fabricate_record("sorted", seed, 1);
    fabricate_write(folder, &record);
    record_clear(&record);
  }
  write_file(folder, "trials/0123456789abcdef.json.77" FILE_TEMPORARY_SUFFIX, "{ half");
  struct record_list list = {0};
  free(read_list(folder, &list));
  assert_int_equal(list.count, 9);
  for (size_t i = 1; i < list.count; i++) {
    assert_true(strcmp(list.record[i - 1].key, list.record[i].key) < 0);
  }
  record_list_clear(&list);
  fabricate_remove(folder);
}

static void a_record_that_could_not_be_read_is_not_written(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  struct record record = fabricate_record("bad", 1, 1);
  record.mse = NAN;
  struct error error = {0};
  assert_false(record_write(folder, &record, &error));
  assert_non_null(strstr(error.message, "field 'mse': expected a number"));
  struct record_list list = {0};
  free(read_list(folder, &list));
  assert_int_equal(list.count, 0);
  record_list_clear(&list);
  record_clear(&record);
  fabricate_remove(folder);
}

static void a_reason_that_is_not_utf8_is_kept_as_far_as_it_can(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  struct record record = fabricate_failure("bytes", 1, "caf\xe9: no such file");
  fabricate_write(folder, &record);
  struct record read = read_back(folder, &record);
  assert_string_equal(read.error, "caf?: no such file");
  record_clear(&record);
  record_clear(&read);
  fabricate_remove(folder);
}

static void the_training_loss_is_an_mse_unless_the_head_is_another(void **state) {
  (void)state;
  struct record record = fabricate_record("a", 1, 1);
  assert_true(record_loss_is_mse(&record)); /* a config from before there were heads */
  json_t *model = json_pack("{s:s}", "head", "linear");
  json_object_set_new(record.config, "model", model);
  assert_true(record_loss_is_mse(&record));
  json_object_set_new(model, "head", json_pack("{s:s, s:f}", "name", "ordinal", "slope", 2.0));
  assert_false(record_loss_is_mse(&record));
  record_clear(&record);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_training_loss_is_an_mse_unless_the_head_is_another),
      cmocka_unit_test(a_record_reads_back_bit_for_bit),
      cmocka_unit_test(every_other_field_reads_back),
      cmocka_unit_test(a_number_that_does_not_exist_is_null_in_the_file),
      cmocka_unit_test(a_stopped_trial_keeps_the_numbers_of_its_epochs),
      cmocka_unit_test(threads_read_back_and_may_be_missing),
      cmocka_unit_test(the_parts_row_counts_read_back_and_may_be_missing),
      cmocka_unit_test(keys_stand_in_the_order_of_the_struct),
      cmocka_unit_test(a_missing_or_mistyped_field_is_refused_by_its_name),
      cmocka_unit_test(a_record_of_the_first_schema_is_read),
      cmocka_unit_test(every_fault_of_a_record_is_named),
      cmocka_unit_test(damaged_json_is_left_out_with_its_line_and_column),
      cmocka_unit_test(all_damaged_files_of_a_run_are_named),
      cmocka_unit_test(more_faults_than_are_shown_are_counted),
      cmocka_unit_test(many_records_come_in_their_order),
      cmocka_unit_test(a_file_under_the_name_of_another_key_is_refused),
      cmocka_unit_test(an_edited_record_is_not_believed),
      cmocka_unit_test(numbers_that_disagree_are_not_believed),
      cmocka_unit_test(early_stopping_keeps_the_numbers_of_the_best_epoch),
      cmocka_unit_test(a_refit_is_scored_by_itself),
      cmocka_unit_test(an_ensemble_is_scored_by_its_mean),
      cmocka_unit_test(records_come_by_file_name_without_temporaries),
      cmocka_unit_test(a_record_that_could_not_be_read_is_not_written),
      cmocka_unit_test(a_reason_that_is_not_utf8_is_kept_as_far_as_it_can),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
