/* The parts of the synthetic generator: people and films, who rates what, and
 * the true score. For the generator's own files only. */
#ifndef CROSSLANE_DATA_SYNTHETIC_SYNTHETIC_PARTS_H
#define CROSSLANE_DATA_SYNTHETIC_SYNTHETIC_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/philox.h"
#include "data/synthetic/synthetic.h"

enum { SYNTHETIC_FACTORS = 3 };

struct synthetic_person {
  uint32_t age, gender, occupation; /* gender 1: M; an index into movielens_occupation_names */
};
struct synthetic_film {
  uint32_t genres;      /* bit g: has genre g, of the names in alphabetical order */
  uint32_t first_genre; /* the least of them */
  int32_t release_year; /* 0: not known */
};

/* What the model knows, and what the data show of it. */
struct synthetic_world {
  const struct synthetic_spec *spec;
  const struct synthetic_sink *sink;
  struct synthetic_person *person; /* [users] */
  struct synthetic_film *film;     /* [items] */
  uint32_t *row_user, *row_item;   /* [ratings] */
  double *user_bias, *user_factor; /* [users], [users * SYNTHETIC_FACTORS] */
  double *item_bias, *item_factor; /* [items], [items * SYNTHETIC_FACTORS] */
  double *activity;                /* [users]: share of the ratings, up to a factor */
  double *popularity;              /* [items]: the same */
  struct synthetic_effects *effects;
};

/* First words of a stream's address; the second is the user, item or effect. */
enum synthetic_part {
  SYNTHETIC_USER = 1,
  SYNTHETIC_ITEM = 2,
  SYNTHETIC_HISTORY = 3,
  SYNTHETIC_EFFECTS = 4,
  SYNTHETIC_ORDER = 5,
  SYNTHETIC_TIME = 6,
  SYNTHETIC_RATING = 16 /* + the user; the second word is the item */
};

/* People, films and effects, with their hidden sides. */
bool synthetic_people(struct synthetic_world *world, struct error *error);
bool synthetic_films(struct synthetic_world *world, struct error *error);
bool synthetic_effects(struct synthetic_world *world, struct error *error);

/* The true score of a film for a user, in stars, before noise. */
double synthetic_score(const struct synthetic_world *world, uint32_t user, uint32_t item);

/* Fills world->row_user and row_item with distinct pairs, in random order. */
bool synthetic_pairs(struct synthetic_world *world, struct error *error);

/* Stars from one rating to the next, and up to the highest. */
#define SYNTHETIC_STAR 1.0
#define SYNTHETIC_HALF_STAR 0.5
enum { SYNTHETIC_STARS = 5, SYNTHETIC_LEVELS = 10 }; /* the most levels that there are */

/* P(rating <= k steps), at cdf[k - 1], for all k but that of the highest rating. */
void synthetic_cdf(double score, double step, double *cdf);

/* Roughly normal with mean 0 and variance 1: the sum of twelve uniforms less
 * six, as libm's logarithm is not the same everywhere. */
double synthetic_normal(struct random *random);

#endif
