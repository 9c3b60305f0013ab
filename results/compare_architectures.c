#include "results/compare_architectures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static double share_at(const json_t *split, const char *name) {
  const json_t *share = json_object_get(split, name);
  return json_is_number(share) ? json_number_value(share) : NAN;
}

/* u1 to u5 are consecutive fifths of u.data. */
static bool is_fifth(const char *fold) {
  return fold[0] == 'u' && fold[1] >= '1' && fold[1] <= '5' && fold[2] == '\0';
}

double compare_overlap(const struct record *record) {
  if (record->train_rows > 0) return (double)record->test_rows / (double)record->train_rows;
  const json_t *data = json_object_get(record->config, "data");
  const json_t *split = json_object_get(data, "split");
  double test = share_at(split, "test");
  if (record->fold[0] != '\0') test = is_fifth(record->fold) ? 0.2 : NAN;
  double train = (1 - test) * (1 - share_at(split, "validation"));
  return train > 0 ? test / train : NAN;
}

static bool same_value(const json_t *own, const json_t *other) {
  return own == NULL || other == NULL ? own == other : json_equal(own, other);
}

bool compare_same_data(const struct record *own, const struct record *other) {
  return same_value(json_object_get(own->data, "digest"), json_object_get(other->data, "digest"));
}

/* Of two trials of the same seed and fold. The fold's name says which of the
 * rows test, whatever other folds the config has. */
static bool same_test_rows(const struct record *own, const struct record *other) {
  const json_t *split = json_object_get(json_object_get(own->config, "data"), "split");
  const json_t *theirs = json_object_get(json_object_get(other->config, "data"), "split");
  bool known = own->test_rows > 0 && other->test_rows > 0;
  return compare_same_data(own, other) && (!known || own->test_rows == other->test_rows) &&
         same_value(json_object_get(split, "method"), json_object_get(theirs, "method")) &&
         same_value(json_object_get(split, "test"), json_object_get(theirs, "test"));
}

struct pair {
  const char *fold;
  double difference;
};

/* In the order of `row`'s trials; room for all of them. `ratio` is their mean,
 * as the sizes of the parts may differ a little between folds; `unlike` counts
 * those that are no pair for their test rows. */
static size_t find_pairs(const struct record_list *records, const struct summary_row *row,
                         const struct record_list *others, const struct summary_row *other,
                         struct pair *pair, double *ratio, size_t *unlike) {
  size_t pairs = 0;
  double sum = 0;
  for (size_t i = 0; i < row->trials; i++) {
    const struct record *own = &records->record[row->trial[i]];
    for (size_t j = 0; j < other->trials; j++) {
      const struct record *match = &others->record[other->trial[j]];
      if (own->seed != match->seed || strcmp(own->fold, match->fold) != 0) continue;
      if (same_test_rows(own, match)) {
        pair[pairs++] = (struct pair){own->fold, own->mse - match->mse};
        sum += compare_overlap(own);
      } else {
        ++*unlike;
      }
      break;
    }
  }
  *ratio = sum / (double)pairs;
  return pairs;
}

/* The mean of each fold's pairs; how many folds there are. */
static size_t average_folds(const struct pair *pair, size_t pairs, double *difference) {
  size_t folds = 0;
  for (size_t i = 0; i < pairs; i++) {
    bool seen = false;
    for (size_t j = 0; j < i && !seen; j++) seen = strcmp(pair[i].fold, pair[j].fold) == 0;
    if (seen) continue;
    double sum = 0, count = 0;
    for (size_t j = i; j < pairs; j++) {
      if (strcmp(pair[i].fold, pair[j].fold) != 0) continue;
      sum += pair[j].difference;
      count++;
    }
    difference[folds++] = sum / count;
  }
  return folds;
}

bool compare_rows(const struct record_list *records, const struct summary_row *row,
                  const struct record_list *others, const struct summary_row *other,
                  struct architecture_comparison *result, struct error *error) {
  struct pair *pair = memory_array(row->trials, sizeof *pair, error);
  double *difference = memory_array(row->trials, sizeof *difference, error);
  bool good = pair != NULL && difference != NULL;
  if (good) {
    double ratio;
    size_t unlike = 0;
    size_t pairs = find_pairs(records, row, others, other, pair, &ratio, &unlike);
    size_t count = average_folds(pair, pairs, difference);
    bool by_fold = count > 1;
    for (size_t i = 0; i < pairs && !by_fold; i++) difference[i] = pair[i].difference;
    paired_test(difference, by_fold ? count : pairs, ratio, result);
    result->by_fold = by_fold;
    result->unlike = unlike;
  }
  free(pair);
  free(difference);
  return good;
}

static bool is_stopped(const struct summary_row *row) {
  return summary_status(row) == SUMMARY_STOPPED;
}

static bool is_done(const struct summary_row *row) {
  return summary_status(row) == SUMMARY_DONE;
}

/* Every row but `other` itself, which is the best or the baseline. */
static bool compare_all(struct summary *summary, const struct summary_row *other, bool is_best,
                        struct error *error) {
  struct architecture_comparison **family = memory_array(summary->rows, sizeof *family, error);
  bool good = family != NULL;
  size_t count = 0;
  for (size_t i = 0; good && i < summary->rows; i++) {
    struct summary_row *row = &summary->row[i];
    struct architecture_comparison *result = is_best ? &row->vs_best : &row->vs_baseline;
    paired_test(NULL, 0, NAN, result);
    paired_test(NULL, 0, NAN, &row->vs_first);
    if (other == NULL || row == other || is_stopped(row) || is_stopped(other)) continue;
    good = compare_rows(&summary->records, row, &summary->records, other, result, error);
    if (is_done(row) && is_done(other)) family[count++] = result;
  }
  if (good) (void)paired_holm(family, count);
  free(family);
  return good;
}

bool compare_architectures(struct summary *summary, struct error *error) {
  const struct summary_row *baseline = NULL;
  struct summary_row *best = NULL;
  for (size_t i = 0; i < summary->rows; i++) {
    struct summary_row *row = &summary->row[i];
    if (row->baseline && baseline == NULL) baseline = row;
    bool valid = !isnan(row->validation_mse);
    summary->validated = summary->validated || valid || !isnan(row->stopped_validation_mse);
    if (!valid || !is_done(row)) continue;
    if (best == NULL || row->validation_mse < best->validation_mse) best = row;
  }
  if (best != NULL) best->best = true;
  return compare_all(summary, baseline, false, error) && compare_all(summary, best, true, error);
}
