/* How good predictions are. */
#ifndef CROSSLANE_MODEL_SCORE_H
#define CROSSLANE_MODEL_SCORE_H

#include <stddef.h>

#include "data/encoding/encoding.h"

/* Means over the rows; NaN without rows. */
struct score {
  double mse, mae;
};

/* Sums over some rows; the means of none are NaN. */
struct score_sums {
  size_t rows;
  double squares, absolute; /* of prediction - rating */
  double predictions, ratings;
};
void score_add(struct score_sums *sums, float prediction, float rating);
double score_mse(const struct score_sums *sums);
double score_mae(const struct score_sums *sums);
double score_mean_prediction(const struct score_sums *sums);
double score_mean_rating(const struct score_sums *sums);

/* All rows, and the same rows in three partitions. */
enum {
  SCORE_RATINGS = 10,   /* levels of the scale, or tenths of it */
  SCORE_ACTIVITIES = 5, /* users without training ratings, then quarters of the others */
  SCORE_BINS = 20       /* predictions: sixteenths of the scale, from four below it on */
};
struct score_groups {
  struct score_sums all, by_rating[SCORE_RATINGS], by_activity[SCORE_ACTIVITIES];
  struct score_sums by_prediction[SCORE_BINS];
};

/* The levels of a scale: least, least + step, ...: whole ratings or halves where there are
 * at most SCORE_RATINGS, else tenths of the scale. */
struct score_levels {
  size_t count;
  double least, step;
};
struct score_levels score_levels_of(struct rating_scale scale);

/* `activity`: of the row's user, below SCORE_ACTIVITIES. In the order of the
 * rows, as the sums depend on it. */
void score_groups_add(struct score_groups *groups, struct rating_scale scale, float prediction,
                      float rating, size_t activity);
/* Where bin b begins; the first has no lower end. */
double score_bin_from(struct rating_scale scale, size_t bin);

#endif
