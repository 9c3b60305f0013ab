/* Where rows given by values are predicted, for many threads at once that share one model. A
 * desk is the memory of one call; it is taken for the call, kept for the next one, and never
 * waited for: when all are in use, one more is made.
 *
 *   struct desk *desk = desks_take(desks, error);
 *   query_set(&desk->query, input, row, ...) of up to DESK_ROWS rows;
 *   desks_predict(desks, desk, rows, prediction);
 *   desks_give(desks, desk); */
#ifndef CROSSLANE_SERVING_DESKS_H
#define CROSSLANE_SERVING_DESKS_H

#include <stdatomic.h>
#include <stddef.h>

#include "serving/serving.h"

enum { DESK_ROWS = PREDICT_BATCH, DESKS_KEPT = 64 };

struct desk {
  struct query query;
  struct workspace workspace;
};

/* Places on cache lines of their own, so that threads do not wait for each other's. */
struct desks {
  const struct serving *serving; /* serving_values made it ready; it does not change any more */
  struct desk_place {
    _Alignas(64) _Atomic(struct desk *) desk; /* NULL: none is kept here now */
  } kept[DESKS_KEPT];
};

/* With one desk. NULL: error. */
struct desks *desks_new(const struct serving *serving, struct error *error);
/* None may be taken. */
void desks_free(struct desks *desks);

/* Makes it at least so many that are kept, of which DESKS_KEPT are at most. */
bool desks_reserve(struct desks *desks, size_t count, struct error *error);

/* NULL: memory ran out. */
struct desk *desks_take(struct desks *desks, struct error *error);
void desks_give(struct desks *desks, struct desk *desk);

/* The first `count` rows of the desk's query. */
void desks_predict(const struct desks *desks, struct desk *desk, size_t count, float *prediction);
/* With an ordinal head: probability[r * levels + k]. */
void desks_probabilities(const struct desks *desks, struct desk *desk, size_t count,
                         float *probability);

#endif
