/* Synthetic people and films: what the data show of them, and their biases
 * and factors, which the data do not show. Shares resemble MovieLens 100K's. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "data/readers/movielens_names.h"
#include "data/readers/movielens_schema.h"
#include "data/synthetic/synthetic_parts.h"

/* In stars. */
#define USER_BIAS_SD 0.40
#define ITEM_BIAS_SD 0.45
#define FACTOR_SD 0.42

enum { ZIP = 12, AGE_YOUNGEST = 7, AGE_OLDEST = 73, YEAR_FIRST = 1922, YEAR_LAST = 1998 };

/* One in so many: women, zips of Canada, films without a date. */
enum { PERCENT_WOMEN = 29, ONE_CANADIAN = 50, ONE_UNDATED = 400 };

/* A hump with a long tail of older people. The first two people are the
 * youngest and the oldest, so that the range is the same for all sizes. */
static uint32_t draw_age(struct random *random, uint32_t user) {
  uint32_t first = random_below(random, 34), second = random_below(random, 34);
  uint32_t young = AGE_YOUNGEST + (first + second) / 2 + 7;
  uint32_t old = young + random_below(random, 27);
  uint32_t age = random_below(random, 3) == 0 ? young : old;
  if (user == 0) return AGE_YOUNGEST;
  if (user == 1) return AGE_OLDEST;
  return age;
}

static uint32_t occupation_named(const char *name) {
  uint32_t code = 0;
  while (strcmp(movielens_occupation_names[code], name) != 0) code++;
  return code;
}

/* Students are young and the retired old; others have any occupation. */
static uint32_t draw_occupation(struct random *random, uint32_t age) {
  uint32_t any = random_below(random, MOVIELENS_OCCUPATIONS);
  uint32_t percent = random_below(random, 100);
  if (age < 18) return occupation_named(percent < 90 ? "student" : "none");
  if (age < 26 && percent < 60) return occupation_named("student");
  if (age > 60 && percent < 50) return occupation_named("retired");
  return any;
}

static void draw_zip(struct random *random, char zip[ZIP]) {
  static const char letters[] = "ABCEGHJKLMNPRSTVXY";
  uint32_t number = random_below(random, 100000);
  if (random_below(random, ONE_CANADIAN) != 0) {
    (void)snprintf(zip, ZIP, "%05u", number);
    return;
  }
  char letter[3];
  for (size_t i = 0; i < 3; i++) letter[i] = letters[random_below(random, sizeof letters - 1)];
  (void)snprintf(zip, ZIP, "%c%u%c%u%c", letter[0], number % 10, letter[1], number / 10 % 10,
                 letter[2]);
}

/* 1 / (0.06 + u): the largest is 17 times the smallest; the median is 0.6 of
 * the mean, as in MovieLens 100K. */
static double draw_activity(struct random *random) {
  return 1.0 / (0.06 + random_double(random));
}

/* 1 / (0.1 + u)^2: the largest is 120 times the smallest. */
static double draw_popularity(struct random *random) {
  double place = 0.1 + random_double(random);
  return 1.0 / (place * place);
}

/* User or item `index`. */
static bool show(const struct synthetic_world *world, enum column_side side, uint32_t index,
                 const char *const *cell, struct error *error) {
  char id[16];
  (void)snprintf(id, sizeof id, "%u", index + 1);
  return world->sink->owner(world->sink->to, side, id, cell, error);
}

static bool show_person(const struct synthetic_world *world, uint32_t u, const char *zip,
                        struct error *error) {
  const struct synthetic_person *person = &world->person[u];
  char age[12];
  (void)snprintf(age, sizeof age, "%u", person->age);
  const char *const cell[MOVIELENS_USER_COLUMNS] = {
      [MOVIELENS_AGE] = age,
      [MOVIELENS_GENDER] = person->gender == 1 ? "M" : "F",
      [MOVIELENS_OCCUPATION] = movielens_occupation_names[person->occupation],
      [MOVIELENS_ZIP] = zip};
  return show(world, SIDE_USER, u, cell, error);
}

static bool draw_person(struct synthetic_world *world, uint32_t u, struct error *error) {
  struct random random;
  random_init(&random, world->spec->seed, STREAM_SYNTHETIC, SYNTHETIC_USER, u);
  struct synthetic_person *person = &world->person[u];
  char zip[ZIP];
  person->gender = random_below(&random, 100) < PERCENT_WOMEN ? 0 : 1;
  person->age = draw_age(&random, u);
  person->occupation = draw_occupation(&random, person->age);
  draw_zip(&random, zip);
  world->activity[u] = draw_activity(&random);
  world->user_bias[u] = USER_BIAS_SD * synthetic_normal(&random);
  for (size_t f = 0; f < SYNTHETIC_FACTORS; f++) {
    world->user_factor[u * SYNTHETIC_FACTORS + f] = FACTOR_SD * synthetic_normal(&random);
  }
  return show_person(world, u, zip, error);
}

bool synthetic_people(struct synthetic_world *world, struct error *error) {
  size_t users = world->spec->users;
  world->activity = memory_array(users, sizeof(double), error);
  if (world->activity == NULL) return false;
  world->user_bias = memory_array(users, sizeof(double), error);
  if (world->user_bias == NULL) return false;
  world->user_factor = memory_array(users, sizeof(double) * SYNTHETIC_FACTORS, error);
  if (world->user_factor == NULL) return false;
  world->person = memory_array(users, sizeof *world->person, error);
  if (world->person == NULL) return false;
  for (uint32_t u = 0; u < users; u++) {
    if (!draw_person(world, u, error)) return false;
  }
  return true;
}

/* One to four genres; the commonest of MovieLens are the commonest here.
 * "unknown" (the last code) stands alone. */
static void draw_genres(struct random *random, struct synthetic_film *item) {
  static const uint8_t weights[MOVIELENS_GENRES] = {25, 13, 4, 12, 50, 11, 5, 72, 2, 2,
                                                    9,  6,  6, 25, 10, 25, 7, 3,  1};
  enum { TOTAL = 288 };
  uint32_t wanted = 1 + random_below(random, 2) + random_below(random, 2) * random_below(random, 3);
  for (uint32_t n = 0; n < wanted; n++) {
    uint32_t draw = random_below(random, TOTAL), genre = 0;
    while (draw >= weights[genre]) draw -= weights[genre++];
    if (genre == MOVIELENS_GENRES - 1 && n > 0) continue;
    item->genres |= UINT32_C(1) << genre;
    if (genre == MOVIELENS_GENRES - 1) break;
  }
  /* The lowest code is the first flag of the file too: its order is
   * alphabetical but for "unknown", which stands alone. */
  while ((item->genres >> item->first_genre & 1) == 0) item->first_genre++;
}

/* Most films are of the last years. */
static int32_t draw_year(struct random *random) {
  double place = random_double(random);
  int32_t back = (int32_t)((double)(YEAR_LAST - YEAR_FIRST + 1) * place * place * place);
  return random_below(random, ONE_UNDATED) == 0 ? 0 : YEAR_LAST - back;
}

/* The names of the genres in alphabetical order: "unknown", the first in the file,
 * comes last. */
static const char *genre_name(uint32_t code) {
  return movielens_genre_names[(code + 1) % MOVIELENS_GENRES];
}

static bool show_film(const struct synthetic_world *world, uint32_t i, struct error *error) {
  const struct synthetic_film *film = &world->film[i];
  char title[64], date[16] = "";
  struct text genres = {0};
  (void)snprintf(title, sizeof title, "Synthetic Film %u", i + 1);
  if (film->release_year != 0) {
    (void)snprintf(title, sizeof title, "Synthetic Film %u (%d)", i + 1, film->release_year);
    (void)snprintf(date, sizeof date, "%04d-01-01", film->release_year);
  }
  for (uint32_t g = 0; g < MOVIELENS_GENRES; g++) {
    if ((film->genres >> g & 1) == 0) continue;
    text_add(&genres, "%s%s", genres.length > 0 ? "|" : "", genre_name(g));
  }
  const char *const cell[MOVIELENS_ITEM_COLUMNS] = {[MOVIELENS_TITLE] = title,
                                                    [MOVIELENS_RELEASE_DATE] = date,
                                                    [MOVIELENS_GENRE_SET] = genres.text};
  const bool done = genres.failed ? error_set(error, ERROR_SYSTEM, "out of memory")
                                  : show(world, SIDE_ITEM, i, cell, error);
  text_clear(&genres);
  return done;
}

static bool draw_film(struct synthetic_world *world, uint32_t i, struct error *error) {
  struct random random;
  random_init(&random, world->spec->seed, STREAM_SYNTHETIC, SYNTHETIC_ITEM, i);
  struct synthetic_film *film = &world->film[i];
  draw_genres(&random, film);
  film->release_year = draw_year(&random);
  world->popularity[i] = draw_popularity(&random);
  /* What many see is liked a little better. */
  double liked = world->popularity[i] > 9.0 ? 0.3 : -0.1;
  world->item_bias[i] = liked + ITEM_BIAS_SD * synthetic_normal(&random);
  for (size_t f = 0; f < SYNTHETIC_FACTORS; f++) {
    world->item_factor[i * SYNTHETIC_FACTORS + f] = FACTOR_SD * synthetic_normal(&random);
  }
  return show_film(world, i, error);
}

bool synthetic_films(struct synthetic_world *world, struct error *error) {
  size_t items = world->spec->items;
  world->popularity = memory_array(items, sizeof(double), error);
  if (world->popularity == NULL) return false;
  world->item_bias = memory_array(items, sizeof(double), error);
  if (world->item_bias == NULL) return false;
  world->item_factor = memory_array(items, sizeof(double) * SYNTHETIC_FACTORS, error);
  if (world->item_factor == NULL) return false;
  world->film = memory_array(items, sizeof *world->film, error);
  if (world->film == NULL) return false;
  for (uint32_t i = 0; i < items; i++) {
    if (!draw_film(world, i, error)) return false;
  }
  return true;
}
