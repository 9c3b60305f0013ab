/* How well a saved model ranks: precision, recall and NDCG at K. */
#ifndef CROSSLANE_SERVING_RANKING_H
#define CROSSLANE_SERVING_RANKING_H

#include <stddef.h>

#include "base/error.h"
#include "serving/serving.h"

enum { RANKING_MOST = 1000 };

/* Means over users; an item is relevant when its test rating is at least `relevant`.
 * Of the K items with the highest prediction, equal ones by ascending id:
 *   precision  relevant ones / K, or / the candidates where there are fewer
 *   recall     relevant ones / all relevant ones of the user
 *   ndcg       sum over places i = 1, 2, ... with a relevant item of 1 / log2(1 + i), over
 *              that of the best order (Jarvelin, Kekalainen: ACM TOIS 20(4), 2002, with
 *              binary gains)
 * Only users with a relevant test row count. */
struct ranking_scores {
  double precision, recall, ndcg;
};

struct ranking {
  size_t k;
  double relevant;
  size_t users;                  /* that count */
  size_t users_without;          /* with test rows, none of them relevant */
  struct ranking_scores of_test; /* candidates: the items of the user's test rows */
  struct ranking_scores of_all;  /* candidates: all items but those that the user rated in the
                                    other rows */
};

/* Needs a serving ready for the data of the training, and a relevant test row (else
 * ERROR_USAGE). `relevant` NaN: three quarters up the scale. Times are those of the user's last
 * test row. */
bool ranking_run(struct serving *serving, size_t k, double relevant, struct ranking *ranking,
                 struct error *error);

#endif
