#include "results/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "results/compare_architectures.h"
#include "results/summary_parts.h"

static bool add_number(size_t **numbers, size_t *count, size_t number, struct error *error) {
  size_t *grown = memory_grow(*numbers, *count + 1, sizeof *grown, error);
  if (grown == NULL) return false;
  *numbers = grown;
  grown[(*count)++] = number;
  return true;
}

/* A row while it is gathered: its trials, by number. */
static bool row_add(struct summary_row *row, const struct record_list *records, size_t number,
                    struct error *error) {
  const struct record *record = &records->record[number];
  switch (record->status) {
    case TRIAL_DONE:
      return add_number(&row->trial, &row->trials, number, error);
    case TRIAL_STOPPED:
      if (record->epochs > row->stopped_epoch) row->stopped_epoch = record->epochs;
      return add_number(&row->stopped_trial, &row->stopped, number, error);
    case TRIAL_FAILED:
      row->failed++;
      if (row->failure == NULL) row->failure = record->error;
  }
  return true;
}

static int by_key(const void *key, const void *record) {
  return strcmp(key, ((const struct record *)record)->key);
}

/* Records are sorted by file name, which is their key. */
static bool gather_planned(struct summary *summary, const struct architecture_list *list,
                           struct error *error) {
  const struct record_list *records = &summary->records;
  summary->row = memory_array(list->count, sizeof *summary->row, error);
  if (summary->row == NULL) return false;
  summary->rows = list->count;
  for (size_t i = 0; i < list->count; i++) {
    const struct architecture_entry *entry = &list->architecture[i];
    struct summary_row *row = &summary->row[i];
    row->label = memory_text(entry->label, error);
    row->swept = json_incref(entry->swept);
    row->planned = entry->keys;
    row->baseline = list->baseline != NULL && strcmp(entry->label, list->baseline) == 0;
    if (row->label == NULL) return false;
    for (size_t k = 0; k < entry->keys; k++) {
      const struct record *found =
          records->count > 0
              ? bsearch(entry->key[k], records->record, records->count, sizeof *found, by_key)
              : NULL;
      if (found != NULL && !row_add(row, records, (size_t)(found - records->record), error)) {
        return false;
      }
    }
  }
  if (list->baseline == NULL && summary->rows > 0) summary->row[0].baseline = true;
  return true;
}

struct numbered {
  const struct record *record;
  size_t number;
};

static int by_label(const void *a, const void *b) {
  const struct record *left = ((const struct numbered *)a)->record;
  const struct record *right = ((const struct numbered *)b)->record;
  int order = strcmp(left->label, right->label);
  if (order == 0) order = strcmp(left->fold, right->fold);
  if (order == 0) order = (left->seed > right->seed) - (left->seed < right->seed);
  return order != 0 ? order : strcmp(left->key, right->key);
}

/* Of one data set, too. */
static bool same_architecture(const struct record *record, const struct record *other, bool *same) {
  json_t *own = architecture_identity(record->config);
  json_t *theirs = architecture_identity(other->config);
  bool made = own != NULL && theirs != NULL;
  *same = made && json_equal(own, theirs) && compare_same_data(record, other);
  json_decref(own);
  json_decref(theirs);
  return made;
}

/* The row of the same label, data set and architecture, or a new one. */
static struct summary_row *row_for(struct summary *summary, const struct record *record,
                                   struct error *error) {
  for (size_t i = summary->rows; i > 0; i--) {
    struct summary_row *row = &summary->row[i - 1];
    if (strcmp(row->label, record->label) != 0) break;
    const struct record *first = &summary->records.record[row->planned];
    bool same;
    if (!same_architecture(first, record, &same)) {
      error_set(error, ERROR_SYSTEM, "out of memory");
      return NULL;
    }
    if (same) return row;
  }
  struct summary_row *row = &summary->row[summary->rows];
  row->label = memory_text(record->label, error);
  row->swept = json_incref(record->swept);
  row->planned = (size_t)(record - summary->records.record);
  if (row->label == NULL) return NULL;
  summary->rows++;
  return row;
}

/* While gathering, `planned` holds the number of a row's first record. */
static bool gather_all(struct summary *summary, struct error *error) {
  const struct record_list *records = &summary->records;
  struct numbered *order = memory_array(records->count, sizeof *order, error);
  summary->row = memory_array(records->count, sizeof *summary->row, error);
  bool good = order != NULL && summary->row != NULL;
  for (size_t i = 0; good && i < records->count; i++) {
    order[i] = (struct numbered){&records->record[i], i};
  }
  if (good) qsort(order, records->count, sizeof *order, by_label);
  for (size_t i = 0; good && i < records->count; i++) {
    struct summary_row *row = row_for(summary, order[i].record, error);
    good = row != NULL && row_add(row, records, order[i].number, error);
  }
  for (size_t i = 0; i < summary->rows; i++) {
    struct summary_row *row = &summary->row[i];
    row->planned = row->trials + row->failed + row->stopped;
  }
  free(order);
  return good;
}

static double number_at(const struct record *record, size_t offset) {
  return *(const double *)(const void *)((const char *)record + offset);
}

/* Mean of the numbers at `offset` of the records numbered `trial`; NaN as soon
 * as one has none, so that no mean is over fewer trials than the row says. */
static double mean_of(const struct record *records, const size_t *trial, size_t count,
                      size_t offset) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) sum += number_at(&records[trial[i]], offset);
  return count > 0 ? sum / (double)count : NAN;
}

static double deviation_of(const struct record *records, const size_t *trial, size_t count,
                           size_t offset) {
  double mean = mean_of(records, trial, count, offset), squares = 0;
  for (size_t i = 0; i < count; i++) {
    double away = number_at(&records[trial[i]], offset) - mean;
    squares += away * away;
  }
  return count > 1 ? sqrt(squares / (double)(count - 1)) : NAN;
}

static void fill_sizes(const struct record *records, const size_t *trial, size_t count,
                       struct summary_row *row) {
  for (size_t i = 0; i < count; i++) {
    const struct record *record = &records[trial[i]];
    if (record->parameters > row->parameters) row->parameters = record->parameters;
    if (record->wide_columns > row->wide_columns) row->wide_columns = record->wide_columns;
    if (record->flops_per_row > row->flops_per_row) row->flops_per_row = record->flops_per_row;
  }
}

#define IN_RECORD(field) offsetof(struct record, field)

/* Over the done and the stopped trials of a row. */
static double mean_of_ended(const struct record *records, const struct summary_row *row,
                            size_t offset) {
  double sum = 0;
  for (size_t i = 0; i < row->trials; i++) sum += number_at(&records[row->trial[i]], offset);
  for (size_t i = 0; i < row->stopped; i++) {
    sum += number_at(&records[row->stopped_trial[i]], offset);
  }
  size_t count = row->trials + row->stopped;
  return count > 0 ? sum / (double)count : NAN;
}

static void fill_row(const struct record *records, struct summary_row *row) {
  const size_t *done = row->trial;
  size_t n = row->trials;
  row->first_mse = NAN;
  row->mse = mean_of(records, done, n, IN_RECORD(mse));
  row->mse_sd = deviation_of(records, done, n, IN_RECORD(mse));
  row->validation_mse = mean_of(records, done, n, IN_RECORD(validation_mse));
  row->validation_mse_sd = deviation_of(records, done, n, IN_RECORD(validation_mse));
  row->train_mse = mean_of(records, done, n, IN_RECORD(train_mse));
  row->rmse = mean_of(records, done, n, IN_RECORD(rmse));
  row->mae = mean_of(records, done, n, IN_RECORD(mae));
  row->stopped_mse = row->stopped_validation_mse = NAN;
  if (row->stopped > 0) {
    row->stopped_mse = mean_of_ended(records, row, IN_RECORD(mse));
    row->stopped_validation_mse = mean_of_ended(records, row, IN_RECORD(validation_mse));
  }
  row->cpu_seconds = mean_of_ended(records, row, IN_RECORD(train_cpu_seconds));
  row->seconds = mean_of_ended(records, row, IN_RECORD(train_seconds));
  fill_sizes(records, done, n, row);
  fill_sizes(records, row->stopped_trial, row->stopped, row);
}

/* `*value` becomes NaN as soon as two trials differ. */
static void keep_common(const json_t *data, const char *name, bool first, double *value) {
  const json_t *json = json_object_get(data, name);
  double number = json_is_number(json) ? json_number_value(json) : NAN;
  if (first) *value = number;
  if (number != *value) *value = NAN;
}

struct facts {
  bool any;
  json_t *names; /* object whose keys are the data sets' names, in order of appearance */
};

static bool add_facts(struct summary *summary, struct facts *facts, const size_t *trial,
                      size_t count) {
  bool good = true;
  for (size_t i = 0; good && i < count; i++) {
    const struct record *record = &summary->records.record[trial[i]];
    if (json_is_true(json_object_get(record->data, "synthetic"))) summary->synthetic = true;
    if (json_is_true(json_object_get(record->host, "emulated"))) summary->emulated = true;
    keep_common(record->data, "irreducible_mse", !facts->any, &summary->irreducible_mse);
    keep_common(record->data, "rating_variance", !facts->any, &summary->rating_variance);
    const char *name = json_string_value(json_object_get(record->data, "name"));
    good = json_object_set_new(facts->names, name, json_null()) == 0;
    facts->any = true;
  }
  return good;
}

static bool describe(struct summary *summary, struct error *error) {
  struct facts facts = {false, json_object()};
  bool good = facts.names != NULL;
  summary->irreducible_mse = summary->rating_variance = NAN;
  for (size_t i = 0; good && i < summary->rows; i++) {
    const struct summary_row *row = &summary->row[i];
    good = add_facts(summary, &facts, row->trial, row->trials) &&
           add_facts(summary, &facts, row->stopped_trial, row->stopped);
  }
  struct text list = {0};
  text_add(&list, "%s", "");
  const char *name;
  json_t *unused;
  json_object_foreach(facts.names, name, unused) {
    text_add(&list, "%s%s", list.length > 0 ? ", " : "", name);
  }
  json_decref(facts.names);
  if (good && !list.failed) summary->data = memory_text(list.text, error);
  if (!good || list.failed) error_set(error, ERROR_SYSTEM, "out of memory");
  text_clear(&list);
  return summary->data != NULL;
}

/* The folder as given, and its last part when no config says a name. */
static bool name_run(const char *run, const struct architecture_list *list, struct summary *summary,
                     struct error *error) {
  summary->run = memory_text(run, error);
  if (summary->run == NULL) return false;
  for (size_t end = strlen(run); end > 1 && summary->run[end - 1] == '/'; end--) {
    summary->run[end - 1] = '\0';
  }
  const char *slash = strrchr(summary->run, '/');
  const char *last = slash != NULL && slash[1] != '\0' ? slash + 1 : summary->run;
  summary->name = memory_text(list->name != NULL ? list->name : last, error);
  summary->description = memory_text(list->description != NULL ? list->description : "", error);
  return summary->name != NULL && summary->description != NULL;
}

static bool check_run(const char *run, struct error *error) {
  char *trials = file_join(run, "trials", error);
  if (trials == NULL) return false;
  bool good = file_is_folder(trials);
  if (!good) {
    if (!file_exists(run)) {
      error_set(error, ERROR_USAGE, "'%s': no such folder", run);
    } else if (!file_is_folder(run)) {
      error_set(error, ERROR_USAGE, "'%s' is a file, not the folder of a run", run);
    } else {
      error_set(error, ERROR_USAGE, "no run in '%s': it has no trials/ folder", run);
    }
    error_help(error, "a run folder is what `crosslane sweep` makes, runs/NAME by default");
  }
  free(trials);
  return good;
}

static bool gather(struct summary *summary, const struct architecture_list *list, bool planned,
                   struct error *error) {
  bool good = planned ? gather_planned(summary, list, error) : gather_all(summary, error);
  for (size_t i = 0; good && i < summary->rows; i++) {
    fill_row(summary->records.record, &summary->row[i]);
  }
  return good && compare_architectures(summary, error) && describe(summary, error);
}

bool summary_folder_read(struct summary_folder *folder, const char *run, struct text *left_out,
                         struct error *error) {
  *folder = (struct summary_folder){.run = run};
  return check_run(run, error) && architectures_read(run, &folder->list, &folder->planned, error) &&
         record_list_read(run, &folder->records, left_out, error);
}

void summary_folder_clear(struct summary_folder *folder) {
  architectures_clear(&folder->list);
  record_list_clear(&folder->records);
}

bool summary_make(struct summary_folder *folder, struct summary *summary, struct error *error) {
  *summary = (struct summary){.folders = 1, .records = folder->records};
  folder->records = (struct record_list){0};
  const bool good = name_run(folder->run, &folder->list, summary, error) &&
                    gather(summary, &folder->list, folder->planned, error);
  summary->data_given = !folder->planned || folder->list.data_given;
  if (!good) summary_clear(summary);
  return good;
}

bool summary_read(const char *run, struct summary *summary, struct text *left_out,
                  struct error *error) {
  struct summary_folder folder;
  *summary = (struct summary){0};
  const bool good =
      summary_folder_read(&folder, run, left_out, error) && summary_make(&folder, summary, error);
  summary_folder_clear(&folder);
  return good;
}

void summary_clear(struct summary *summary) {
  for (size_t i = 0; i < summary->rows; i++) {
    free(summary->row[i].label);
    free(summary->row[i].trial);
    free(summary->row[i].stopped_trial);
    json_decref(summary->row[i].swept);
  }
  free(summary->row);
  free(summary->run);
  free(summary->name);
  free(summary->description);
  free(summary->data);
  record_list_clear(&summary->records);
  *summary = (struct summary){0};
}
