/* A generator of ratings in MovieLens' shape, whose best possible test error is
 * known. */
#ifndef CROSSLANE_DATA_SYNTHETIC_SYNTHETIC_H
#define CROSSLANE_DATA_SYNTHETIC_SYNTHETIC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "data/dataset.h"

struct synthetic_spec {
  uint32_t users, items, ratings;
  uint64_t seed;
};

/* Whether so much can be drawn; ERROR_CONFIG says what cannot. */
bool synthetic_check(const struct synthetic_spec *spec, struct error *error);

/* Where it goes, in this order: the users, the items, the ratings. Each returns false with
 * an error to end it. `cell`: the texts of the columns, by enum movielens_user_column or
 * movielens_item_column; numbers from 0 in `rating` count the users and items that came,
 * whose ids are these numbers from 1. */
struct synthetic_sink {
  void *to;
  bool (*owner)(void *to, enum column_side side, const char *id, const char *const *cell,
                struct error *error);
  bool (*rating)(void *to, uint32_t user, uint32_t item, float rating, int64_t time,
                 struct error *error);
};

/* See data/synthetic/synthetic.c for the model. The same on every machine:
 * integer arithmetic, + - * / and sqrt only. Of a rating 8 bytes are held, of a user or an
 * item about 60. `half_stars`: ratings are 0.5, 1, ..., 5, else 1, ..., 5. */
bool synthetic_draw(const struct synthetic_spec *spec, bool half_stars,
                    const struct synthetic_sink *sink, double *irreducible_mse,
                    struct error *error);

/* All of it in memory, in whole stars. On failure `dataset` is empty. */
bool synthetic_make(const struct synthetic_spec *spec, struct dataset *dataset,
                    struct error *error);

#endif
