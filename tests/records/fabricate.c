#include "tests/records/fabricate.h"
#include "records/record_list.h"

#include <assert.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/philox.h"
#include "base/text.h"
#include "records/architectures.h"

enum { PATH_ROOM = 4096 };

static void make_key(const char *label, uint64_t seed, char key[DIGEST_TEXT]) {
  digest_text(digest_extend(digest_bytes(label, strlen(label)), &seed, sizeof seed), key);
}

static char *copy_of(const char *text) {
  struct error error;
  char *copy = memory_text(text, &error);
  assert(copy != NULL);
  return copy;
}

static void set_surroundings(struct record *record) {
  record->swept = json_pack("{s:[i,i]}", "model.deep.hidden", 64, 32);
  record->config = json_pack("{s:{s:s}, s:{s:f}}", "data", "source", "synthetic", "train",
                             "learning_rate", 0.001);
  record->fold = copy_of("");
  record->isa = copy_of("scalar");
  record->jobs = 2;
  record->threads = 1;
  record->numerics_version = 3;
  record->host = json_pack("{s:s, s:b}", "cpu", "a made-up processor", "emulated", 0);
  record->build = json_pack("{s:s, s:b}", "version", "0.1.0", "dirty", 0);
  record->data = json_pack("{s:s, s:b, s:n}", "name", "made-up", "synthetic", 0, "irreducible_mse");
  record->started_at = copy_of("2026-01-02T03:04:05Z");
}

/* Falling curves, a little different for each label and seed. */
static void set_curve(struct record *record, size_t epochs, struct random *random) {
  struct error error;
  double floor = 0.85 + 0.1 * random_double(random);
  record->epochs = epochs;
  record->curve = memory_array(epochs, sizeof *record->curve, &error);
  assert(record->curve != NULL);
  for (size_t i = 0; i < epochs; i++) {
    double noise = 0.01 * random_double(random);
    double away = 1.0 / (double)(i + 1);
    record->curve[i] = (struct record_epoch){.train_loss = floor - 0.05 + 0.6 * away,
                                             .validation_mse = floor + 0.02 + 0.3 * away + noise,
                                             .test_mse = floor + 0.03 + 0.3 * away + noise,
                                             .seconds = 0.25};
  }
}

struct record fabricate_record(const char *label, uint64_t seed, size_t epochs) {
  struct record record = {.label = copy_of(label), .error = copy_of(""), .seed = seed};
  struct random random;
  make_key(label, seed, record.key);
  make_key("weights", seed, record.weights_digest);
  random_init(&random, digest_bytes(label, strlen(label)) + seed, STREAM_SYNTHETIC, 0, 0);
  set_surroundings(&record);
  set_curve(&record, epochs, &random);
  const struct record_epoch *last = &record.curve[epochs - 1];
  fabricate_settle(&record, last->test_mse, last->validation_mse);
  record.train_mse = last->train_loss;
  record.train_seconds = 0.25 * (double)epochs;
  record.train_cpu_seconds = 0.24 * (double)epochs;
  record.rows_per_second = 1250000;
  record.parameters = 4096 + (uint64_t)strlen(label);
  record.wide_columns = 37;
  record.flops_per_row = 12345;
  record.peak_rss_kib = 34567;
  return record;
}

void fabricate_settle(struct record *record, double mse, double validation) {
  struct record_epoch *last = &record->curve[record->epochs - 1];
  record->mse = last->test_mse = mse;
  record->validation_mse = last->validation_mse = validation;
  record->rmse = sqrt(mse);
  record->mae = 0.8 * record->rmse;
  size_t best = record->epochs;
  for (size_t e = record->epochs; e > 0; e--) {
    if (record->curve[e - 1].validation_mse <= record->curve[best - 1].validation_mse) best = e;
  }
  record->best_epoch = (uint32_t)best;
}

struct record fabricate_trial(const char *label, uint64_t seed, const char *fold, double mse,
                              double validation) {
  struct record record = fabricate_record(label, seed, 8);
  struct text name = {0};
  text_add(&name, "%s %s %llu", label, fold, (unsigned long long)seed);
  digest_text(digest_bytes(name.text, name.length), record.key);
  text_clear(&name);
  free(record.fold);
  record.fold = copy_of(fold);
  json_decref(record.config);
  record.config = fold[0] != '\0' ? json_pack("{s:{s:{s:s, s:[s], s:f}}}", "data", "split",
                                              "method", "folds", "folds", fold, "validation", 0.1)
                                  : json_pack("{s:{s:{s:s, s:f, s:f}}}", "data", "split", "method",
                                              "random", "test", 0.2, "validation", 0.1);
  fabricate_settle(&record, mse, validation);
  return record;
}

struct record fabricate_failure(const char *label, uint64_t seed, const char *why) {
  struct record record = {.label = copy_of(label), .error = copy_of(why), .seed = seed};
  make_key(label, seed, record.key);
  set_surroundings(&record);
  record.status = TRIAL_FAILED;
  record.mse = record.rmse = record.mae = record.train_mse = record.validation_mse = NAN;
  record.train_seconds = record.train_cpu_seconds = record.rows_per_second = NAN;
  return record;
}

static void must(bool done, const struct error *error) {
  if (done) return;
  (void)fprintf(stderr, "%s\n", error->message);
  abort();
}

char *fabricate_folder(void) {
  const char *base = getenv("TMPDIR");
  char path[PATH_ROOM];
  (void)snprintf(path, sizeof path, "%s/crosslane-XXXXXX", base != NULL ? base : "/tmp");
  struct error error = {0};
  if (mkdtemp(path) == NULL) abort();
  char *trials = file_join(path, "trials", &error);
  must(trials != NULL && file_make_folders(trials, &error), &error);
  free(trials);
  return copy_of(path);
}

void fabricate_write(const char *folder, const struct record *record) {
  struct error error = {0};
  must(record_write(folder, record, &error), &error);
}

static json_t *number_or_null(double value) {
  return isnan(value) ? json_null() : json_real(value);
}

static void write_trial(const char *folder, const struct fabricated_run *run, const char *label,
                        uint64_t seed, char key[DIGEST_TEXT]) {
  struct record record = fabricate_record(label, seed, run->epochs);
  for (size_t i = 0; i < record.epochs && !run->validation; i++) {
    record.curve[i].validation_mse = NAN;
  }
  if (!run->validation) fabricate_settle(&record, record.mse, NAN);
  json_object_set_new(record.data, "synthetic", json_boolean(run->synthetic));
  json_object_set_new(record.data, "irreducible_mse", number_or_null(run->irreducible_mse));
  json_object_set_new(record.data, "rating_variance", number_or_null(run->rating_variance));
  json_object_set_new(record.host, "emulated", json_boolean(run->emulated));
  fabricate_write(folder, &record);
  memcpy(key, record.key, DIGEST_TEXT);
  record_clear(&record);
}

char *fabricate_run(const struct fabricated_run *run) {
  struct error error = {0};
  char *folder = fabricate_folder();
  struct architecture_list list = {.name = copy_of("fabricated"),
                                   .description = copy_of("made up for a test"),
                                   .count = run->architectures};
  list.architecture = memory_array(list.count, sizeof *list.architecture, &error);
  assert(list.architecture != NULL);
  for (size_t i = 0; i < list.count; i++) {
    struct architecture_entry *entry = &list.architecture[i];
    char number[64];
    (void)snprintf(number, sizeof number, "hidden=[%zu]", i + 1);
    entry->label = copy_of(run->label != NULL ? run->label[i] : number);
    entry->keys = run->seeds;
    entry->key = memory_array(run->seeds, sizeof *entry->key, &error);
    assert(entry->key != NULL);
    for (size_t s = 0; s < run->seeds; s++) {
      write_trial(folder, run, entry->label, s + 1, entry->key[s]);
    }
  }
  must(architectures_write(folder, &list, &error), &error);
  architectures_clear(&list);
  return folder;
}

void fabricate_plan(const char *folder, const char *const *labels, size_t count,
                    const char *baseline) {
  struct error error = {0};
  struct record_list records;
  struct text left_out = {0};
  must(record_list_read(folder, &records, &left_out, &error) && left_out.length == 0, &error);
  struct architecture_list list = {
      .name = copy_of("planned"), .baseline = copy_of(baseline), .count = count};
  struct architecture_entry *entries = memory_array(count, sizeof *entries, &error);
  assert(entries != NULL);
  list.architecture = entries;
  for (size_t a = 0; a < count; a++) {
    entries[a].label = copy_of(labels[a]);
    entries[a].key = memory_array(records.count, sizeof *entries[a].key, &error);
    for (size_t i = 0; i < records.count; i++) {
      if (strcmp(records.record[i].label, labels[a]) != 0) continue;
      memcpy(entries[a].key[entries[a].keys++], records.record[i].key, DIGEST_TEXT);
    }
  }
  must(architectures_write(folder, &list, &error), &error);
  architectures_clear(&list);
  record_list_clear(&records);
}

static void remove_all(const char *path) {
  DIR *entries = opendir(path);
  if (entries == NULL) {
    (void)unlink(path);
    return;
  }
  for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    char inner[PATH_ROOM];
    (void)snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
    remove_all(inner);
  }
  (void)closedir(entries);
  (void)rmdir(path);
}

void fabricate_remove(char *folder) {
  remove_all(folder);
  free(folder);
}

char *fabricate_read(const char *folder, const char *name) {
  struct error error = {0};
  size_t size;
  char *path = file_join(folder, name, &error);
  char *text = path != NULL ? file_read(path, FILE_MOST_JSON, &size, ERROR_SYSTEM, &error) : NULL;
  must(text != NULL, &error);
  free(path);
  return text;
}
