#include "model/score.h"

#include <math.h>

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

/* --- groups --- */

struct score_levels score_levels_of(struct rating_scale scale) {
  const double least = (double)scale.least, range = (double)scale.most - least;
  const double steps[] = {1.0, 0.5};
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    const double count = range / steps[i] + 1.0;
    const bool whole = count == floor(count) && least / steps[i] == floor(least / steps[i]);
    if (whole && count <= (double)SCORE_RATINGS) {
      return (struct score_levels){(size_t)count, least, steps[i]};
    }
  }
  return (struct score_levels){SCORE_RATINGS, least, range / (double)SCORE_RATINGS};
}

/* Out of range goes to the first or the last. */
static size_t place_of(double value, double from, double width, size_t count) {
  const double place = floor((value - from) / width);
  if (!(place > 0)) return 0;
  return place < (double)(count - 1) ? (size_t)place : count - 1;
}

static double bin_width(struct rating_scale scale) {
  return ((double)scale.most - (double)scale.least) / 16.0;
}

double score_bin_from(struct rating_scale scale, size_t bin) {
  return (double)scale.least + ((double)bin - 4.0) * bin_width(scale);
}

void score_groups_add(struct score_groups *groups, struct rating_scale scale, float prediction,
                      float rating, size_t activity) {
  const struct score_levels levels = score_levels_of(scale);
  const size_t level = place_of((double)rating, levels.least, levels.step, levels.count);
  const size_t bin =
      place_of((double)prediction, score_bin_from(scale, 0), bin_width(scale), SCORE_BINS);
  score_add(&groups->all, prediction, rating);
  score_add(&groups->by_rating[level], prediction, rating);
  score_add(&groups->by_activity[activity], prediction, rating);
  score_add(&groups->by_prediction[bin], prediction, rating);
}
