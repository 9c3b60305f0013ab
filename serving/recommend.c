#include "serving/recommend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "serving/places.h"

struct candidates {
  float *rating; /* [items] the user's own; NaN: none */
  struct serving_pair *pair;
  float *prediction;
  uint32_t *order;
  size_t count;
};

static void candidates_clear(struct candidates *c) {
  free(c->rating);
  free(c->pair);
  free(c->prediction);
  free(c->order);
}

static bool allocate(struct candidates *c, size_t items, struct error *error) {
  c->rating = memory_array(items, sizeof *c->rating, error);
  c->pair = memory_array(items, sizeof *c->pair, error);
  c->prediction = memory_array(items, sizeof *c->prediction, error);
  c->order = memory_array(items, sizeof *c->order, error);
  return c->rating != NULL && c->pair != NULL && c->prediction != NULL && c->order != NULL;
}

static void find_ratings(const struct dataset *dataset, uint32_t user, struct candidates *c,
                         struct recommendation *to) {
  for (size_t i = 0; i < dataset->items; i++) c->rating[i] = NAN;
  int64_t last_of_all = INT64_MIN;
  for (size_t r = 0; r < dataset->ratings; r++) {
    const int64_t time = dataset->row_time != NULL ? dataset->row_time[r] : 0;
    if (time > last_of_all) last_of_all = time;
    if (dataset->row_user[r] != user) continue;
    c->rating[dataset->row_item[r]] = dataset->row_rating[r];
    if (to->rated++ == 0 || time > to->time) to->time = time;
  }
  if (to->rated == 0) to->time = last_of_all;
}

/* Highest first, equal ones by ascending id: a heap of the best `top` would
 * save little beside the predictions. */
static int compare(const struct candidates *c, uint32_t a, uint32_t b) {
  if (c->prediction[a] != c->prediction[b]) return c->prediction[a] > c->prediction[b] ? -1 : 1;
  return a < b ? -1 : 1;
}

/* A merge sort: qsort has no context. `order` and `spare` swap their parts. */
static void sort(const struct candidates *c, uint32_t *order, uint32_t *spare, size_t count) {
  if (count < 2) return;
  const size_t half = count / 2;
  sort(c, order, spare, half);
  sort(c, order + half, spare, count - half);
  memcpy(spare, order, half * sizeof *order);
  size_t i = 0, j = half, k = 0;
  while (i < half && j < count) {
    order[k++] = compare(c, spare[i], order[j]) < 0 ? spare[i++] : order[j++];
  }
  while (i < half) order[k++] = spare[i++];
}

static bool sort_all(struct candidates *c, struct error *error) {
  uint32_t *spare = memory_array(c->count, sizeof *spare, error);
  if (spare == NULL) return false;
  for (size_t i = 0; i < c->count; i++) c->order[i] = (uint32_t)i;
  sort(c, c->order, spare, c->count);
  free(spare);
  return true;
}

static char *unseen_text(const struct serving *serving, enum column_side side,
                         const struct serving_pair *pair, struct error *error) {
  struct text text = {0};
  places_unseen(serving, side, side == SIDE_USER ? pair->user : pair->item, &text);
  serving_unseen(serving, side, pair, &text);
  char *copy = memory_text(text.text != NULL ? text.text : "", error);
  text_clear(&text);
  return copy;
}

static bool keep(const struct serving *serving, const struct candidates *c, size_t top,
                 struct recommendation *to, struct error *error) {
  const size_t count = top < c->count ? top : c->count;
  to->film = memory_array(count, sizeof *to->film, error);
  if (to->film == NULL) return false;
  for (size_t i = 0; i < count; i++) {
    const struct serving_pair *pair = &c->pair[c->order[i]];
    struct recommended *film = &to->film[to->count++];
    *film = (struct recommended){.item = pair->item,
                                 .prediction = c->prediction[c->order[i]],
                                 .rating = c->rating[pair->item],
                                 .unseen = unseen_text(serving, SIDE_ITEM, pair, error)};
    if (film->unseen == NULL) return false;
  }
  return true;
}

static bool run(struct serving *serving, uint32_t user, uint32_t item, size_t top,
                struct candidates *c, struct recommendation *to, struct error *error) {
  const struct dataset *dataset = &serving->dataset;
  if (!allocate(c, dataset->items, error)) return false;
  find_ratings(dataset, user, c, to);
  for (uint32_t i = 0; i < dataset->items; i++) {
    const bool open = isnan(c->rating[i]) && !places_unknown(serving, SIDE_ITEM, i);
    if (item != UINT32_MAX ? i == item : open)
      c->pair[c->count++] = (struct serving_pair){user, i, to->time};
  }
  to->user = user;
  to->unseen = unseen_text(serving, SIDE_USER, &(struct serving_pair){user, 0, to->time}, error);
  return to->unseen != NULL &&
         (c->count == 0 ||
          serving_predict_pairs(serving, c->pair, c->count, c->prediction, error)) &&
         sort_all(c, error) && keep(serving, c, top, to, error);
}

bool recommend(struct serving *serving, const char *user, const char *item, size_t top,
               struct recommendation *recommendation, struct error *error) {
  *recommendation = (struct recommendation){0};
  const uint32_t last = (uint32_t)serving->dataset.users - 1;
  const uint32_t user_at =
      user != NULL ? places_find(serving, SIDE_USER, user, strlen(user)) : last;
  const uint32_t item_at =
      item != NULL ? places_find(serving, SIDE_ITEM, item, strlen(item)) : UINT32_MAX;
  if (user_at == UINT32_MAX) {
    return error_set(error, ERROR_USAGE, "the data have no user '%s'", user);
  }
  if (item != NULL && item_at == UINT32_MAX) {
    return error_set(error, ERROR_USAGE, "the data have no item '%s'", item);
  }
  struct candidates candidates = {0};
  const bool done = run(serving, user_at, item_at, top, &candidates, recommendation, error);
  candidates_clear(&candidates);
  if (!done) recommendation_clear(recommendation);
  return done;
}

bool recommendation_probabilities(struct recommendation *r, struct serving *serving,
                                  struct error *error) {
  const size_t levels = serving_levels(serving)->count;
  struct serving_pair *pair = memory_array(r->count, sizeof *pair, error);
  r->probability = memory_array(r->count * levels, sizeof *r->probability, error);
  for (size_t i = 0; pair != NULL && i < r->count; i++) {
    pair[i] = (struct serving_pair){r->user, r->film[i].item, r->time};
  }
  const bool done =
      pair != NULL && r->probability != NULL &&
      (r->count == 0 || serving_pair_probabilities(serving, pair, r->count, r->probability, error));
  free(pair);
  return done;
}

void recommendation_clear(struct recommendation *recommendation) {
  for (size_t i = 0; i < recommendation->count; i++) free(recommendation->film[i].unseen);
  free(recommendation->film);
  free(recommendation->probability);
  free(recommendation->unseen);
  *recommendation = (struct recommendation){0};
}
