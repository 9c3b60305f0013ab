/* Who rates what: long-tailed counts per user and per film, each pair once. */
#include <stdlib.h>

#include "base/memory.h"
#include "data/synthetic/synthetic_parts.h"

/* GroupLens kept users with 20 ratings or more. */
enum { FEWEST_RATINGS = 20 };

/* Shares `left` ratings out in proportion to activity, none above `most`:
 * cumulative rounding gives exact totals; what is cut goes round again among
 * those below the limit. */
static void share_out(const double *activity, uint32_t users, uint32_t left, uint32_t most,
                      uint32_t *count) {
  while (left > 0) {
    double total = 0.0, before = 0.0;
    for (uint32_t u = 0; u < users; u++) total += count[u] < most ? activity[u] : 0.0;
    uint32_t given = 0, cut = 0;
    for (uint32_t u = 0; u < users; u++) {
      if (count[u] >= most) continue;
      before += activity[u]; /* ends at exactly `total`, so all of `left` is given */
      uint32_t until = (uint32_t)((double)left * (before / total));
      uint32_t share = until - given, room = most - count[u];
      given = until;
      cut += share > room ? share - room : 0;
      count[u] += share > room ? room : share;
    }
    left = cut;
  }
}

static uint32_t *draw_counts(const struct synthetic_world *world, struct error *error) {
  uint32_t users = world->spec->users, ratings = world->spec->ratings;
  uint32_t *count = memory_array(users, sizeof *count, error);
  if (count == NULL) return NULL;
  /* Half of all pairs at most are asked for, so 4/5 of the films for
   * each user leave room enough for all. */
  uint32_t most = (uint32_t)((uint64_t)world->spec->items * 4 / 5);
  if (most == 0) most = 1;
  uint32_t least = ratings / users / 2;
  if (least > FEWEST_RATINGS) least = FEWEST_RATINGS;
  for (uint32_t u = 0; u < users; u++) count[u] = least;
  share_out(world->activity, users, ratings - users * least, most, count);
  return count;
}

/* The first film whose cumulative popularity exceeds `place`. */
static uint32_t film_at(const double *cumulative, uint32_t items, double place) {
  uint32_t low = 0, high = items - 1;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (cumulative[middle] > place)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* Films by popularity, without replacement: what was drawn already is drawn
 * again. `drawn_by` [items] remembers the last user to draw a film, from 1. */
static void draw_history(const struct synthetic_world *world, const double *cumulative,
                         uint32_t user, uint32_t count, uint32_t *drawn_by, uint32_t *items) {
  uint32_t films = world->spec->items;
  struct random random;
  random_init(&random, world->spec->seed, STREAM_SYNTHETIC, SYNTHETIC_HISTORY, user);
  for (uint32_t n = 0; n < count;) {
    uint32_t item = film_at(cumulative, films, cumulative[films - 1] * random_double(&random));
    if (drawn_by[item] == user + 1) continue;
    drawn_by[item] = user + 1;
    items[n++] = item;
  }
}

/* Rows by user, still in order. */
static bool draw_histories(struct synthetic_world *world, const uint32_t *count,
                           struct error *error) {
  uint32_t items = world->spec->items;
  double *cumulative = memory_array(items, sizeof *cumulative, error);
  uint32_t *drawn_by = memory_array(items, sizeof *drawn_by, error);
  bool done = cumulative != NULL && drawn_by != NULL;
  double sum = 0.0;
  for (uint32_t i = 0; done && i < items; i++) {
    sum += world->popularity[i];
    cumulative[i] = sum;
  }
  size_t row = 0;
  for (uint32_t u = 0; done && u < world->spec->users; u++) {
    draw_history(world, cumulative, u, count[u], drawn_by, world->row_item + row);
    for (uint32_t n = 0; n < count[u]; n++) world->row_user[row++] = u;
  }
  free(cumulative);
  free(drawn_by);
  return done;
}

/* The same numbers put both in the same order. */
static void shuffle_rows(struct synthetic_world *world) {
  uint32_t *const of_rows[] = {world->row_user, world->row_item};
  for (size_t i = 0; i < 2; i++) {
    struct random random;
    random_init(&random, world->spec->seed, STREAM_SYNTHETIC, SYNTHETIC_ORDER, 0);
    random_shuffle(&random, of_rows[i], world->spec->ratings);
  }
}

bool synthetic_pairs(struct synthetic_world *world, struct error *error) {
  uint32_t *count = draw_counts(world, error);
  const bool done = count != NULL && draw_histories(world, count, error);
  if (done) shuffle_rows(world);
  free(count);
  return done;
}
