/* Films for a user, by predicted rating. */
#ifndef CROSSLANE_SERVING_RECOMMEND_H
#define CROSSLANE_SERVING_RECOMMEND_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "serving/serving.h"

struct recommended {
  uint32_t item;            /* its place in the data */
  float prediction, rating; /* rating: the user's own in the data; NaN: none */
  char *unseen;             /* what of the film was never seen in training; "" */
};

struct recommendation {
  uint32_t user; /* their place in the data */
  size_t rated;  /* films that the user has rated in the data */
  char *unseen;  /* what of the user was never seen in training; "" */
  int64_t time;  /* of the user's last rating, or without one the last of all: when the films
                    would be rated, for columns that read it */
  size_t count;
  struct recommended *film;
  float *probability; /* [count * levels] where they were asked for; else NULL */
};

/* The `top` films with the highest predicted rating that the user has not rated
 * in the data (`user` NULL: the last user), equal ones by ascending id; or `item` alone, if not
 * NULL, rated or not. An id that the data do not have is ERROR_USAGE, unless it was added
 * (serving/places.h); an added item is only predicted where it is `item`. */
bool recommend(struct serving *serving, const char *user, const char *item, size_t top,
               struct recommendation *recommendation, struct error *error);
/* With an ordinal head: the probability of each level, of each film that was found. */
bool recommendation_probabilities(struct recommendation *recommendation, struct serving *serving,
                                  struct error *error);
void recommendation_clear(struct recommendation *recommendation);

#endif
