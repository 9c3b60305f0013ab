#include "results/compare_runs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "records/architectures.h"
#include "results/compare_architectures.h"

static const struct record *record_of(const struct summary *summary,
                                      const struct summary_row *row) {
  if (row->trials > 0) return &summary->records.record[row->trial[0]];
  return row->stopped > 0 ? &summary->records.record[row->stopped_trial[0]] : NULL;
}

/* Data, model and training of each row; null for one without a record. */
static json_t *identities_of(const struct summary *summary, struct error *error) {
  json_t *list = json_array();
  bool good = list != NULL;
  for (size_t i = 0; good && i < summary->rows; i++) {
    const struct record *record = record_of(summary, &summary->row[i]);
    good = json_array_append_new(
               list, record != NULL ? architecture_identity(record->config) : json_null()) == 0;
  }
  if (good) return list;
  json_decref(list);
  error_set(error, ERROR_SYSTEM, "out of memory");
  return NULL;
}

static const struct summary_row *find(const struct summary *first, const json_t *theirs,
                                      const struct summary_row *row, const json_t *own) {
  for (size_t i = 0; i < first->rows; i++) {
    if (strcmp(first->row[i].label, row->label) == 0) return &first->row[i];
  }
  for (size_t i = 0; i < first->rows && !json_is_null(own); i++) {
    if (json_equal(json_array_get(theirs, i), own)) return &first->row[i];
  }
  return NULL;
}

static bool compare_with(const struct summary *first, const struct summary *summary,
                         struct summary_row *row, struct error *error) {
  const struct summary_row *other = row->first;
  row->first_mse = other->mse;
  if (!summary_finished(row) || !summary_finished(other)) return true;
  struct architecture_comparison *result = &row->vs_first;
  if (!compare_rows(&summary->records, row, &first->records, other, result, error)) return false;
  if (result->pairs == 0 && compare_same_data(record_of(summary, row), record_of(first, other))) {
    result->difference = row->mse - other->mse;
  }
  return true;
}

static bool compare_run(const struct summary *first, const json_t *theirs, struct summary *summary,
                        struct error *error) {
  struct architecture_comparison **family = memory_array(summary->rows, sizeof *family, error);
  json_t *own = family != NULL ? identities_of(summary, error) : NULL;
  bool good = own != NULL;
  size_t count = 0;
  for (size_t i = 0; good && i < summary->rows; i++) {
    struct summary_row *row = &summary->row[i];
    row->first = find(first, theirs, row, json_array_get(own, i));
    if (row->first == NULL) continue;
    good = compare_with(first, summary, row, error);
    const bool done =
        summary_status(row) == SUMMARY_DONE && summary_status(row->first) == SUMMARY_DONE;
    if (done) family[count++] = &row->vs_first;
  }
  if (good) (void)paired_holm(family, count);
  json_decref(own);
  free(family);
  return good;
}

bool compare_runs(struct summary *summaries, size_t count, struct error *error) {
  if (count < 2) return true;
  json_t *theirs = identities_of(&summaries[0], error);
  bool good = theirs != NULL;
  for (size_t i = 1; good && i < count; i++) {
    good = compare_run(&summaries[0], theirs, &summaries[i], error);
  }
  json_decref(theirs);
  return good;
}
