#include "model/score.h"

#include <math.h>

#define BIN_WIDTH 0.25

void score_add(struct score_sums *sums, float prediction, float rating) {
  const float error = prediction - rating;
  sums->rows++;
  sums->squares += (double)error * (double)error;
  sums->absolute += fabs((double)prediction - (double)rating);
  sums->predictions += (double)prediction;
  sums->ratings += (double)rating;
}

static double mean(double sum, size_t rows) {
  return rows > 0 ? sum / (double)rows : NAN;
}

double score_mse(const struct score_sums *sums) {
  return mean(sums->squares, sums->rows);
}

double score_mae(const struct score_sums *sums) {
  return mean(sums->absolute, sums->rows);
}

double score_mean_prediction(const struct score_sums *sums) {
  return mean(sums->predictions, sums->rows);
}

double score_mean_rating(const struct score_sums *sums) {
  return mean(sums->ratings, sums->rows);
}

double score_bin_from(size_t bin) {
  return (double)bin * BIN_WIDTH;
}

/* Out of range goes to the first or the last. */
static size_t bin_of(float prediction) {
  const double bin = floor((double)prediction / BIN_WIDTH);
  if (!(bin > 0)) return 0;
  return bin < SCORE_BINS - 1 ? (size_t)bin : SCORE_BINS - 1;
}

static size_t rating_of(float rating) {
  if (!(rating > RATING_LEAST)) return 0;
  return rating < RATING_MOST ? (size_t)rating - 1 : SCORE_RATINGS - 1;
}

void score_groups_add(struct score_groups *groups, float prediction, float rating,
                      size_t activity) {
  score_add(&groups->all, prediction, rating);
  score_add(&groups->by_rating[rating_of(rating)], prediction, rating);
  score_add(&groups->by_activity[activity], prediction, rating);
  score_add(&groups->by_prediction[bin_of(prediction)], prediction, rating);
}
