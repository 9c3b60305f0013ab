#include "results/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "results/architectures.h"

/* A row while it is gathered: its trials, done and failed, by number. */
static bool row_add(struct summary_row *row, const struct record_list *records, size_t number,
                    struct error *error) {
  const struct record *record = &records->record[number];
  if (record->status == TRIAL_FAILED) {
    row->failed++;
    if (row->failure == NULL) row->failure = record->error;
    return true;
  }
  size_t *grown = memory_grow(row->trial, row->trials + 1, sizeof *grown, error);
  if (grown == NULL) return false;
  row->trial = grown;
  row->trial[row->trials++] = number;
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
          bsearch(entry->key[k], records->record, records->count, sizeof *found, by_key);
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

/* The row of the same label and the same config, or a new one. */
static struct summary_row *row_for(struct summary *summary, const struct record *record,
                                   struct error *error) {
  for (size_t i = summary->rows; i > 0; i--) {
    struct summary_row *row = &summary->row[i - 1];
    if (strcmp(row->label, record->label) != 0) break;
    const struct record *first = &summary->records.record[row->planned];
    if (json_equal(first->config, record->config)) return row;
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
    summary->row[i].planned = summary->row[i].trials + summary->row[i].failed;
  }
  free(order);
  return good;
}

/* Mean of the numbers at `offset` of each done trial's record; NaN as soon as
 * one has none, so that no mean is over fewer trials than the row says. */
static double mean_of(const struct summary *summary, const struct summary_row *row, size_t offset,
                      double *deviation) {
  double sum = 0, squares = 0, count = (double)row->trials;
  *deviation = NAN;
  if (row->trials == 0) return NAN;
  for (size_t i = 0; i < row->trials; i++) {
    const char *record = (const char *)&summary->records.record[row->trial[i]];
    sum += *(const double *)(const void *)(record + offset);
  }
  double mean = sum / count;
  for (size_t i = 0; i < row->trials; i++) {
    const char *record = (const char *)&summary->records.record[row->trial[i]];
    double away = *(const double *)(const void *)(record + offset) - mean;
    squares += away * away;
  }
  if (row->trials > 1) *deviation = sqrt(squares / (count - 1));
  return mean;
}

static void fill_row(const struct summary *summary, struct summary_row *row) {
  double unused;
  row->mse = mean_of(summary, row, offsetof(struct record, mse), &row->mse_sd);
  row->validation_mse =
      mean_of(summary, row, offsetof(struct record, validation_mse), &row->validation_mse_sd);
  row->train_mse = mean_of(summary, row, offsetof(struct record, train_mse), &unused);
  row->rmse = mean_of(summary, row, offsetof(struct record, rmse), &unused);
  row->mae = mean_of(summary, row, offsetof(struct record, mae), &unused);
  row->cpu_seconds = mean_of(summary, row, offsetof(struct record, train_cpu_seconds), &unused);
  row->seconds = mean_of(summary, row, offsetof(struct record, train_seconds), &unused);
  for (size_t i = 0; i < row->trials; i++) {
    const struct record *record = &summary->records.record[row->trial[i]];
    if (record->parameters > row->parameters) row->parameters = record->parameters;
    if (record->wide_columns > row->wide_columns) row->wide_columns = record->wide_columns;
    if (record->flops_per_row > row->flops_per_row) row->flops_per_row = record->flops_per_row;
  }
}

/* Paired: the same seed and fold draw the same test rows. */
static double compare(const struct summary *summary, const struct summary_row *row,
                      const struct summary_row *baseline) {
  double sum = 0;
  size_t pairs = 0;
  for (size_t i = 0; i < row->trials; i++) {
    const struct record *own = &summary->records.record[row->trial[i]];
    for (size_t j = 0; j < baseline->trials; j++) {
      const struct record *other = &summary->records.record[baseline->trial[j]];
      if (own->seed != other->seed || strcmp(own->fold, other->fold) != 0) continue;
      sum += own->mse - other->mse;
      pairs++;
    }
  }
  return pairs > 0 ? sum / (double)pairs : NAN;
}

static void compare_rows(struct summary *summary) {
  const struct summary_row *baseline = NULL;
  struct summary_row *best = NULL;
  for (size_t i = 0; i < summary->rows; i++) {
    struct summary_row *row = &summary->row[i];
    if (row->baseline && baseline == NULL) baseline = row;
    bool valid = !isnan(row->validation_mse);
    if (valid && (best == NULL || row->validation_mse < best->validation_mse)) best = row;
  }
  if (best != NULL) best->best = true;
  summary->validated = best != NULL;
  for (size_t i = 0; i < summary->rows; i++) {
    struct summary_row *row = &summary->row[i];
    bool other = baseline != NULL && row != baseline;
    row->vs_baseline = other ? compare(summary, row, baseline) : NAN;
  }
}

/* `*value` becomes NaN as soon as two trials differ. */
static void keep_common(const json_t *data, const char *name, bool first, double *value) {
  const json_t *json = json_object_get(data, name);
  double number = json_is_number(json) ? json_number_value(json) : NAN;
  if (first) *value = number;
  if (number != *value) *value = NAN;
}

static void add_data_name(struct text *names, const json_t *data) {
  const char *name = json_string_value(json_object_get(data, "name"));
  if (names->text == NULL) {
    text_add(names, "%s", name);
  } else if (strstr(names->text, name) == NULL) {
    text_add(names, ", %s", name);
  }
}

static bool describe(struct summary *summary, struct error *error) {
  struct text names = {0};
  bool first = true;
  summary->irreducible_mse = summary->rating_variance = NAN;
  for (size_t i = 0; i < summary->rows; i++) {
    for (size_t t = 0; t < summary->row[i].trials; t++) {
      const struct record *record = &summary->records.record[summary->row[i].trial[t]];
      if (json_is_true(json_object_get(record->data, "synthetic"))) summary->synthetic = true;
      if (json_is_true(json_object_get(record->host, "emulated"))) summary->emulated = true;
      keep_common(record->data, "irreducible_mse", first, &summary->irreducible_mse);
      keep_common(record->data, "rating_variance", first, &summary->rating_variance);
      add_data_name(&names, record->data);
      first = false;
    }
  }
  summary->data = memory_text(names.text != NULL ? names.text : "", error);
  text_clear(&names);
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
    error_set(error, ERROR_USAGE, "no run in '%s': it has no trials/ folder", run);
    error_help(error, "a run folder is what `crosslane sweep` makes, runs/NAME by default");
  }
  free(trials);
  return good;
}

static bool gather(struct summary *summary, const struct architecture_list *list, bool planned,
                   struct error *error) {
  bool good = planned ? gather_planned(summary, list, error) : gather_all(summary, error);
  for (size_t i = 0; good && i < summary->rows; i++) fill_row(summary, &summary->row[i]);
  if (good) compare_rows(summary);
  return good && describe(summary, error);
}

bool summary_read(const char *run, struct summary *summary, struct error *error) {
  *summary = (struct summary){0};
  struct architecture_list list = {0};
  bool planned = false;
  bool good = check_run(run, error) && architectures_read(run, &list, &planned, error) &&
              name_run(run, &list, summary, error) && records_read(run, &summary->records, error) &&
              gather(summary, &list, planned, error);
  architectures_clear(&list);
  if (!good) summary_clear(summary);
  return good;
}

void summary_clear(struct summary *summary) {
  for (size_t i = 0; i < summary->rows; i++) {
    free(summary->row[i].label);
    free(summary->row[i].trial);
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
