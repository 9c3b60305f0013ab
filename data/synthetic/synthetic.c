/* Ratings in MovieLens' shape, whose best possible test error is known.
 *
 * Each pair of user and film has a true score s: mean + biases + factors +
 * genre and demographic effects (data/synthetic/synthetic_score.c). The rating is
 * s + noise, rounded to the nearest star (or half star) and kept within 1 (0.5) to 5, where the
 * noise is triangular on (-H, H). Its distribution function is piecewise
 * quadratic, so P(rating | s) is exact up to rounding, and so is the
 * variance of the rating given s. The mean of that variance over the rows is
 * the MSE of a model that knows s: what no model can beat but by chance. */
#include "data/synthetic/synthetic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/readers/movielens_schema.h"
#include "data/synthetic/synthetic_parts.h"

/* Half width of the noise, in stars: variance H^2 / 6, 0.81. */
#define NOISE_WIDTH 2.2

/* MovieLens 100K spans these seconds (1997-09-20 to 1998-04-22). */
#define TIME_FIRST INT64_C(874713600)
enum { TIME_DAYS = 214, SECONDS_OF_DAY = 86400, SESSION_SECONDS = 3600, SESSION_DAYS = 30 };

/* P(noise <= x). */
static double noise_cdf(double x) {
  double t = x / NOISE_WIDTH;
  if (t <= -1.0) return 0.0;
  if (t >= 1.0) return 1.0;
  return t < 0.0 ? 0.5 * (1.0 + t) * (1.0 + t) : 1.0 - 0.5 * (1.0 - t) * (1.0 - t);
}

static int levels_of(double step) {
  return step < SYNTHETIC_STAR ? SYNTHETIC_LEVELS : SYNTHETIC_STARS;
}

void synthetic_cdf(double score, double step, double *cdf) {
  for (int k = 1; k < levels_of(step); k++) {
    cdf[k - 1] = noise_cdf(step * (double)k + 0.5 * step - score);
  }
}

/* Of the rating given the score, for a step h: with q_k = P(rating > k h), the mean is
 * h + sum h q_k and the second moment h^2 + sum h^2 (2 k + 1) q_k. */
static double rating_variance(const double *cdf, double step) {
  double mean = step, square = step * step;
  for (int k = 1; k < levels_of(step); k++) {
    mean += step * (1.0 - cdf[k - 1]);
    square += step * step * (2.0 * (double)k + 1.0) * (1.0 - cdf[k - 1]);
  }
  return square - mean * mean;
}

/* Users come for a first day and may return within a month. */
static int64_t draw_time(uint64_t seed, uint32_t user, struct random *random) {
  struct random own;
  random_init(&own, seed, STREAM_SYNTHETIC, SYNTHETIC_TIME, user);
  int64_t day = random_below(&own, TIME_DAYS - SESSION_DAYS);
  int64_t hour = random_below(&own, 24);
  if (random_below(random, 3) == 0) day += random_below(random, SESSION_DAYS);
  int64_t second = random_below(random, SESSION_SECONDS);
  return TIME_FIRST + day * SECONDS_OF_DAY + hour * 3600 + second;
}

static bool draw_ratings(const struct synthetic_world *world, double step, double *irreducible,
                         struct error *error) {
  const size_t rows = world->spec->ratings;
  const struct synthetic_sink *sink = world->sink;
  double variance = 0.0;
  for (size_t row = 0; row < rows; row++) {
    uint32_t user = world->row_user[row], item = world->row_item[row];
    double cdf[SYNTHETIC_LEVELS - 1];
    synthetic_cdf(synthetic_score(world, user, item), step, cdf);
    struct random random;
    random_init(&random, world->spec->seed, STREAM_SYNTHETIC, SYNTHETIC_RATING + user, item);
    double draw = random_double(&random);
    int level = 1;
    for (int k = 0; k < levels_of(step) - 1; k++) level += draw >= cdf[k];
    const int64_t time = draw_time(world->spec->seed, user, &random);
    variance += rating_variance(cdf, step);
    if (!sink->rating(sink->to, user, item, (float)(step * level), time, error)) return false;
  }
  *irreducible = variance / (double)rows;
  return true;
}

/* Above half of all pairs, counts could no longer be long-tailed. The other
 * limit keeps SYNTHETIC_RATING + user, and rows, within 32 bits. */
bool synthetic_check(const struct synthetic_spec *spec, struct error *error) {
  const uint32_t most = UINT32_C(1) << 30;
  if (spec->users == 0 || spec->items == 0 || spec->ratings == 0) {
    return error_set(error, ERROR_CONFIG,
                     "synthetic data need at least one user, item and rating, not %u users, "
                     "%u items and %u ratings",
                     spec->users, spec->items, spec->ratings);
  }
  if (spec->users > most || spec->items > most || spec->ratings > most) {
    return error_set(error, ERROR_CONFIG, "synthetic data have at most %u users, items and ratings",
                     most);
  }
  uint64_t pairs = (uint64_t)spec->users * spec->items;
  if (spec->ratings > pairs / 2) {
    return error_set(error, ERROR_CONFIG,
                     "synthetic data have at most half of all pairs of users (%u) and items (%u) "
                     "rated: ratings are at most %llu, not %u",
                     spec->users, spec->items, (unsigned long long)(pairs / 2), spec->ratings);
  }
  return true;
}

static bool prepare(struct synthetic_world *world, struct error *error) {
  const size_t rows = world->spec->ratings;
  world->row_user = memory_array(rows, sizeof *world->row_user, error);
  if (world->row_user == NULL) return false;
  world->row_item = memory_array(rows, sizeof *world->row_item, error);
  return world->row_item != NULL;
}

static void world_clear(struct synthetic_world *world) {
  free(world->person);
  free(world->film);
  free(world->row_user);
  free(world->row_item);
  free(world->user_bias);
  free(world->user_factor);
  free(world->item_bias);
  free(world->item_factor);
  free(world->activity);
  free(world->popularity);
  free(world->effects);
}

bool synthetic_draw(const struct synthetic_spec *spec, bool half_stars,
                    const struct synthetic_sink *sink, double *irreducible_mse,
                    struct error *error) {
  struct synthetic_world world = {.spec = spec, .sink = sink};
  const double step = half_stars ? SYNTHETIC_HALF_STAR : SYNTHETIC_STAR;
  const bool done = synthetic_check(spec, error) && prepare(&world, error) &&
                    synthetic_people(&world, error) && synthetic_films(&world, error) &&
                    synthetic_effects(&world, error) && synthetic_pairs(&world, error) &&
                    draw_ratings(&world, step, irreducible_mse, error);
  world_clear(&world);
  return done;
}

/* --- into memory --- */

static bool build_owner(void *to, enum column_side side, const char *id, const char *const *cell,
                        struct error *error) {
  struct dataset_builder *builder = to;
  const enum table table = side == SIDE_USER ? TABLE_USERS : TABLE_ITEMS;
  uint32_t place;
  bool done = words_builder_add(&builder->ids[side], id, strlen(id), &place, error);
  for (size_t c = 0; done && c < builder->table[table].columns; c++) {
    done = movielens_add_cell(builder, table, c, cell[c], strlen(cell[c]), 0, error);
  }
  return done;
}

static bool build_rating(void *to, uint32_t user, uint32_t item, float rating, int64_t time,
                         struct error *error) {
  return dataset_builder_add_rating(to, user, item, rating, time, error);
}

bool synthetic_make(const struct synthetic_spec *spec, struct dataset *dataset,
                    struct error *error) {
  *dataset = (struct dataset){.synthetic = true};
  (void)snprintf(dataset->name, sizeof dataset->name, "synthetic");
  struct dataset_builder builder = {.times = true};
  const struct synthetic_sink sink = {&builder, build_owner, build_rating};
  const bool done = movielens_add_columns(&builder, error) &&
                    synthetic_draw(spec, false, &sink, &dataset->irreducible_mse, error) &&
                    movielens_finish(&builder, dataset, error);
  dataset_builder_clear(&builder);
  if (!done) dataset_clear(dataset);
  return done;
}
