/* The true score: what a perfect model would predict.
 *
 *   s(u, i) = mean + b_u + b_i + p_u . q_i        biases and taste
 *           + mean over the film's genres of G    some genres are liked better
 *           + A[gender, first genre]              the report's wide cross
 *           + B[first genre] * (age - 33) / 20    tastes change with age
 *           + C[occupation]
 *           + D[gender, age group, first genre]   needs a cross of three columns
 *           + E * (1985 - year) / 20              old films that are still seen
 *
 * All capital letters are drawn from the seed, with the deviations below. */
#include "base/memory.h"
#include "data/readers/movielens_names.h"
#include "data/readers/movielens_schema.h"
#include "data/synthetic/synthetic_parts.h"

#define MEAN_STARS 3.50
#define GENRE_SD 0.15
#define GENDER_GENRE_SD 0.17
#define AGE_GENRE_SD 0.13
#define OCCUPATION_SD 0.10
#define THREE_WAY_SD 0.20
#define YEAR_EFFECT 0.05

struct synthetic_effects {
  double genre[MOVIELENS_GENRES];
  double gender_genre[2][MOVIELENS_GENRES];
  double age_genre[MOVIELENS_GENRES];
  double occupation[MOVIELENS_OCCUPATIONS];
  double three_way[2][MOVIELENS_AGE_GROUPS][MOVIELENS_GENRES];
};

static void draw_normals(double *values, size_t count, double deviation, uint64_t seed,
                         uint32_t which) {
  struct random random;
  random_init(&random, seed, STREAM_SYNTHETIC, SYNTHETIC_EFFECTS, which);
  for (size_t i = 0; i < count; i++) values[i] = deviation * synthetic_normal(&random);
}

bool synthetic_effects(struct synthetic_world *world, struct error *error) {
  struct synthetic_effects *effects = memory_array(1, sizeof *effects, error);
  if (effects == NULL) return false;
  uint64_t seed = world->spec->seed;
  draw_normals(effects->genre, MOVIELENS_GENRES, GENRE_SD, seed, 0);
  draw_normals(&effects->gender_genre[0][0], (size_t)2 * MOVIELENS_GENRES, GENDER_GENRE_SD, seed,
               1);
  draw_normals(effects->age_genre, MOVIELENS_GENRES, AGE_GENRE_SD, seed, 2);
  draw_normals(effects->occupation, MOVIELENS_OCCUPATIONS, OCCUPATION_SD, seed, 3);
  draw_normals(&effects->three_way[0][0][0], (size_t)2 * MOVIELENS_AGE_GROUPS * MOVIELENS_GENRES,
               THREE_WAY_SD, seed, 4);
  world->effects = effects;
  return true;
}

static double genre_liking(const struct synthetic_effects *effects, uint32_t genres) {
  double sum = 0.0, count = 0.0;
  for (uint32_t g = 0; g < MOVIELENS_GENRES; g++) {
    if ((genres >> g & 1) == 0) continue;
    sum += effects->genre[g];
    count += 1.0;
  }
  return sum / count;
}

double synthetic_score(const struct synthetic_world *world, uint32_t u, uint32_t i) {
  const struct synthetic_effects *effects = world->effects;
  const struct synthetic_person *user = &world->person[u];
  const struct synthetic_film *item = &world->film[i];
  double score = MEAN_STARS + world->user_bias[u] + world->item_bias[i];
  for (size_t f = 0; f < SYNTHETIC_FACTORS; f++) {
    score += world->user_factor[u * SYNTHETIC_FACTORS + f] *
             world->item_factor[i * SYNTHETIC_FACTORS + f];
  }
  uint32_t first = item->first_genre;
  score += genre_liking(effects, item->genres);
  score += effects->gender_genre[user->gender][first];
  score += effects->age_genre[first] * ((double)user->age - 33.0) / 20.0;
  score += effects->occupation[user->occupation];
  score += effects->three_way[user->gender][movielens_age_group(user->age)][first];
  if (item->release_year != 0) score += YEAR_EFFECT * (1985.0 - (double)item->release_year) / 20.0;
  return score;
}
