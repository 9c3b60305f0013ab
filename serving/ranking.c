#include "serving/ranking.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* One user at a time: rows are grouped by user first. */
struct ranker {
  struct serving *serving;
  struct ranking *ranking;
  uint32_t *offset; /* [users + 1] in `row` */
  uint32_t *row;    /* [ratings] of each user, in the order of the rows */
  uint8_t *is_test; /* [ratings] */
  float *relevance; /* [items] of the user: the test rating; NaN: not in the test rows */
  bool *rated;      /* [items] of the user, in rows that do not test */
  struct serving_pair *pair;
  float *prediction;
  uint32_t *top; /* [k] places in `pair` */
};

static void clear(struct ranker *r) {
  free(r->offset);
  free(r->row);
  free(r->is_test);
  free(r->relevance);
  free(r->rated);
  free(r->pair);
  free(r->prediction);
  free(r->top);
}

static bool allocate(struct ranker *r, struct error *error) {
  const struct dataset *dataset = &r->serving->dataset;
  r->offset = memory_array(dataset->users + 1, sizeof *r->offset, error);
  r->row = memory_array(dataset->ratings, sizeof *r->row, error);
  r->is_test = memory_array(dataset->ratings, sizeof *r->is_test, error);
  r->relevance = memory_array(dataset->items, sizeof *r->relevance, error);
  r->rated = memory_array(dataset->items, sizeof *r->rated, error);
  r->pair = memory_array(dataset->items, sizeof *r->pair, error);
  r->prediction = memory_array(dataset->items, sizeof *r->prediction, error);
  r->top = memory_array(r->ranking->k, sizeof *r->top, error);
  return r->offset != NULL && r->row != NULL && r->is_test != NULL && r->relevance != NULL &&
         r->rated != NULL && r->pair != NULL && r->prediction != NULL && r->top != NULL;
}

static void group_rows(struct ranker *r) {
  const struct dataset *dataset = &r->serving->dataset;
  const struct split *split = &r->serving->split;
  for (size_t row = 0; row < dataset->ratings; row++) r->offset[dataset->row_user[row] + 1]++;
  for (size_t u = 0; u < dataset->users; u++) r->offset[u + 1] += r->offset[u];
  for (size_t row = 0; row < dataset->ratings; row++) {
    r->row[r->offset[dataset->row_user[row]]++] = (uint32_t)row;
  }
  memmove(r->offset + 1, r->offset, dataset->users * sizeof *r->offset);
  r->offset[0] = 0;
  const uint32_t *test = split->rows + split->train + split->validation;
  for (size_t i = 0; i < split->test; i++) r->is_test[test[i]] = 1;
}

/* The K highest of `count`, highest first; equal ones stay in their order. Returns how
 * many. */
static size_t find_top(const struct ranker *r, size_t count) {
  const size_t k = r->ranking->k;
  size_t held = 0;
  for (size_t i = 0; i < count; i++) {
    const float value = r->prediction[i];
    if (held == k && !(value > r->prediction[r->top[held - 1]])) continue;
    size_t at = held < k ? held : k - 1;
    for (; at > 0 && value > r->prediction[r->top[at - 1]]; at--) r->top[at] = r->top[at - 1];
    r->top[at] = (uint32_t)i;
    if (held < k) held++;
  }
  return held;
}

static double discount(size_t place) {
  return 1.0 / log2(2.0 + (double)place);
}

/* `relevant`: how many relevant test rows the user has, at least one. */
static bool score(struct ranker *r, size_t count, size_t relevant, struct ranking_scores *scores,
                  struct error *error) {
  if (!serving_predict_pairs(r->serving, r->pair, count, r->prediction, error)) return false;
  const size_t held = find_top(r, count);
  double found = 0, gain = 0, best = 0;
  for (size_t i = 0; i < held; i++) {
    const float rating = r->relevance[r->pair[r->top[i]].item];
    if (!((double)rating >= r->ranking->relevant)) continue;
    found++;
    gain += discount(i);
  }
  for (size_t i = 0; i < relevant && i < r->ranking->k; i++) best += discount(i);
  scores->precision += found / (double)held;
  scores->recall += found / (double)relevant;
  scores->ndcg += gain / best;
  return true;
}

/* Reads the user's rows; returns how many are relevant. */
static size_t read_user(struct ranker *r, uint32_t user, size_t *tests, int64_t *time) {
  const struct dataset *dataset = &r->serving->dataset;
  size_t relevant = 0;
  for (size_t i = 0; i < dataset->items; i++) r->relevance[i] = NAN;
  memset(r->rated, 0, dataset->items * sizeof *r->rated);
  *tests = 0;
  *time = INT64_MIN;
  for (uint32_t i = r->offset[user]; i < r->offset[user + 1]; i++) {
    const uint32_t row = r->row[i], item = dataset->row_item[row];
    if (!r->is_test[row]) {
      r->rated[item] = true;
      continue;
    }
    const float rating = dataset->row_rating[row];
    r->relevance[item] = rating;
    (*tests)++;
    relevant += (double)rating >= r->ranking->relevant;
    if (dataset->row_time != NULL && dataset->row_time[row] > *time) {
      *time = dataset->row_time[row];
    }
  }
  return relevant;
}

static bool rank_user(struct ranker *r, uint32_t user, struct error *error) {
  const struct dataset *dataset = &r->serving->dataset;
  struct ranking *ranking = r->ranking;
  size_t tests, count = 0;
  int64_t time;
  const size_t relevant = read_user(r, user, &tests, &time);
  if (relevant == 0) {
    ranking->users_without += tests > 0;
    return true;
  }
  ranking->users++;
  for (uint32_t i = 0; i < dataset->items; i++) {
    if (!isnan(r->relevance[i])) r->pair[count++] = (struct serving_pair){user, i, time};
  }
  if (!score(r, count, relevant, &ranking->of_test, error)) return false;
  count = 0;
  for (uint32_t i = 0; i < dataset->items; i++) {
    if (!r->rated[i]) r->pair[count++] = (struct serving_pair){user, i, time};
  }
  return score(r, count, relevant, &ranking->of_all, error);
}

static void divide(struct ranking_scores *scores, size_t users) {
  scores->precision /= (double)users;
  scores->recall /= (double)users;
  scores->ndcg /= (double)users;
}

static bool rank_all(struct ranker *r, struct error *error) {
  struct ranking *ranking = r->ranking;
  group_rows(r);
  for (uint32_t u = 0; u < r->serving->dataset.users; u++) {
    if (!rank_user(r, u, error)) return false;
  }
  if (ranking->users == 0) {
    const struct rating_scale scale = r->serving->models.member[0].scale;
    return error_set(error, ERROR_USAGE,
                     "--ranking: no test row has a rating of %g or more; ratings go from %g to %g",
                     ranking->relevant, (double)scale.least, (double)scale.most);
  }
  divide(&ranking->of_test, ranking->users);
  divide(&ranking->of_all, ranking->users);
  return true;
}

bool ranking_run(struct serving *serving, size_t k, double relevant, struct ranking *ranking,
                 struct error *error) {
  const struct rating_scale scale = serving->models.member[0].scale;
  *ranking = (struct ranking){.k = k, .relevant = relevant};
  if (!serving->same) {
    return error_set(error, ERROR_USAGE,
                     "--ranking needs the data that the model was trained on, for its test rows");
  }
  if (isnan(relevant)) {
    ranking->relevant = (double)scale.least + 0.75 * ((double)scale.most - (double)scale.least);
  }
  struct ranker ranker = {.serving = serving, .ranking = ranking};
  const bool done = allocate(&ranker, error) && rank_all(&ranker, error);
  clear(&ranker);
  return done;
}
