/* How good predictions are. */
#ifndef CROSSLANE_MODEL_SCORE_H
#define CROSSLANE_MODEL_SCORE_H

#include <stddef.h>

/* The rating scale. */
#define RATING_LEAST 1.0f
#define RATING_MOST 5.0f

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
  SCORE_RATINGS = 5,    /* ratings 1, 2, ... */
  SCORE_ACTIVITIES = 5, /* users without training ratings, then quarters of the others */
  SCORE_BINS = 20       /* predictions: below 0.25, then a quarter of a star each, and above */
};
struct score_groups {
  struct score_sums all, by_rating[SCORE_RATINGS], by_activity[SCORE_ACTIVITIES];
  struct score_sums by_prediction[SCORE_BINS];
};

/* `activity`: of the row's user, below SCORE_ACTIVITIES. In the order of the
 * rows, as the sums depend on it. */
void score_groups_add(struct score_groups *groups, float prediction, float rating, size_t activity);
/* Where bin b begins; the first has no lower end. */
double score_bin_from(size_t bin);

#endif
