#include "serving/evaluation.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

const char *evaluation_split_name(enum evaluation_split split) {
  static const char *const names[] = {"test", "validation", "train", "all"};
  return names[split];
}

/* --- activity: quarters of the users by their training ratings --- */

static int ascending(const void *a, const void *b) {
  const uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
  return (left > right) - (left < right);
}

/* Group 0: no training rating; then four of about as many users each. Users of
 * one count are in one group. */
static size_t group_of(const uint32_t from[SCORE_ACTIVITIES], uint32_t count) {
  size_t group = 0;
  for (size_t g = 1; g < SCORE_ACTIVITIES && count > 0; g++) {
    if (count >= from[g]) group = g;
  }
  return group;
}

static void divide(const uint32_t *sorted, size_t users, uint32_t from[SCORE_ACTIVITIES]) {
  size_t first = 0;
  while (first < users && sorted[first] == 0) first++;
  from[0] = 0;
  for (size_t g = 1; g < SCORE_ACTIVITIES; g++) {
    const size_t at = first + (g - 1) * (users - first) / (SCORE_ACTIVITIES - 1);
    from[g] = at < users ? sorted[at] : UINT32_MAX;
  }
}

/* group[u] of each user. */
static uint8_t *find_groups(const struct serving *serving, struct evaluation *evaluation,
                            struct error *error) {
  const struct dataset *dataset = &serving->dataset;
  const size_t users = dataset->users;
  uint32_t *count = memory_array(users, sizeof *count, error);
  uint32_t *sorted = memory_array(users, sizeof *sorted, error);
  uint8_t *group = memory_array(users, sizeof *group, error);
  if (count != NULL && sorted != NULL && group != NULL) {
    const size_t rows = serving->same ? serving->split.train : dataset->ratings;
    for (size_t i = 0; i < rows; i++) {
      count[dataset->row_user[serving->same ? serving->split.rows[i] : i]]++;
    }
    memcpy(sorted, count, users * sizeof *count);
    qsort(sorted, users, sizeof *sorted, ascending);
    divide(sorted, users, evaluation->activity_from);
    for (size_t u = 0; u < users; u++) {
      group[u] = (uint8_t)group_of(evaluation->activity_from, count[u]);
    }
  } else {
    free(group);
    group = NULL;
  }
  free(count);
  free(sorted);
  return group;
}

/* --- rows --- */

static bool assess_rows(struct serving *serving, const uint32_t *rows, size_t count,
                        enum encoded_part part, const uint8_t *group, struct evaluation *evaluation,
                        struct error *error) {
  const struct dataset *dataset = &serving->dataset;
  struct encoded_rows encoded = {0};
  float *prediction = memory_array(count, sizeof *prediction, error);
  const bool done = prediction != NULL && dataset_encoder_apply(&serving->encoder, dataset, rows,
                                                                count, part, &encoded, error);
  if (done) {
    const double started = clock_wall();
    model_predict(&serving->models, &serving->workspace, &encoded, serving->saved.config.model.clip,
                  serving->kernels, prediction);
    evaluation->seconds += clock_wall() - started;
    for (size_t r = 0; r < count; r++) {
      score_groups_add(&evaluation->groups, evaluation->scale, prediction[r], encoded.target[r],
                       group[dataset->row_user[rows[r]]]);
    }
  }
  encoded_rows_clear(&encoded);
  free(prediction);
  return done;
}

static bool assess_other_data(struct serving *serving, const uint8_t *group,
                              struct evaluation *evaluation, struct error *error) {
  const size_t count = serving->dataset.ratings;
  uint32_t *rows = memory_array(count, sizeof *rows, error);
  if (rows == NULL) return false;
  for (size_t i = 0; i < count; i++) rows[i] = (uint32_t)i;
  const bool done = assess_rows(serving, rows, count, ENCODED_TRAINING, group, evaluation, error);
  free(rows);
  return done;
}

static bool assess_split_rows(struct serving *serving, enum evaluation_split which,
                              const uint8_t *group, struct evaluation *evaluation,
                              struct error *error) {
  const struct split *split = &serving->split;
  const struct {
    enum evaluation_split split;
    size_t first, count;
  } parts[] = {{EVALUATION_TRAIN, 0, split->train},
               {EVALUATION_VALIDATION, split->train, split->validation},
               {EVALUATION_TEST, split->train + split->validation, split->test}};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    if (which != EVALUATION_ALL && which != parts[i].split) continue;
    const enum encoded_part part =
        parts[i].split == EVALUATION_TRAIN ? ENCODED_TRAINING : ENCODED_OTHERS;
    if (!assess_rows(serving, split->rows + parts[i].first, parts[i].count, part, group, evaluation,
                     error)) {
      return false;
    }
  }
  return true;
}

/* Which rows were the model's own is known from the digest of its data alone. */
static bool refuse_rows(const struct serving *serving, enum evaluation_split split,
                        struct error *error) {
  if (saved_model_is_first(&serving->saved)) {
    error_set(error, ERROR_USAGE,
              "a model of Crosslane 0.1 (format 1): which rows were its %s rows cannot be told, as "
              "its digest of the data is of another kind",
              evaluation_split_name(split));
    return error_help(error, "--split all scores all of them; for %s rows, train it again",
                      evaluation_split_name(split));
  }
  error_set(error, ERROR_USAGE,
            "these are not the data that the model was trained on: they have no %s rows",
            evaluation_split_name(split));
  return error_help(error, "--split all scores all of them");
}

bool evaluation_run(struct serving *serving, enum evaluation_split split,
                    struct evaluation *evaluation, struct error *error) {
  memset(evaluation, 0, sizeof *evaluation);
  evaluation->split = split;
  evaluation->scale = serving->models.member[0].scale;
  if (!serving->same && split != EVALUATION_ALL) return refuse_rows(serving, split, error);
  if (split == EVALUATION_VALIDATION && serving->split.validation == 0) {
    return error_set(error, ERROR_USAGE,
                     serving->saved.config.train.refit
                         ? "the model was trained on its validation rows too (train.refit)"
                         : "the model's split has no validation rows");
  }
  uint8_t *group = find_groups(serving, evaluation, error);
  if (group == NULL) return false;
  const bool done = serving->same ? assess_split_rows(serving, split, group, evaluation, error)
                                  : assess_other_data(serving, group, evaluation, error);
  free(group);
  return done;
}
