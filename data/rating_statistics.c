/* Means, counts and first days of the training ratings of users and films. */
#include "data/rating_statistics.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/philox.h"

/* A mean counts as many more ratings, of the mean of all. */
#define SMOOTHING 5.0
/* Where there is no rating at all: the middle of the scale of 1 to 5. */
#define RATING_MIDDLE 3.0
#define DAY_SECONDS 86400.0

unsigned statistics_fold(const struct dataset *dataset, size_t row, uint64_t seed) {
  struct random random;
  random_init(&random, seed, STREAM_OUT_OF_FOLD,
              words_key(&dataset->user_ids, dataset->row_user[row]),
              words_key(&dataset->item_ids, dataset->row_item[row]));
  return random_below(&random, OUT_OF_FOLD);
}

static void add_rating(struct fold_sum *sum, double rating) {
  sum->ratings += rating;
  sum->count++;
}

static void add_row(struct statistics *statistics, const struct dataset *dataset, size_t row,
                    unsigned fold) {
  double rating = (double)dataset->row_rating[row];
  add_rating(&statistics->fold[fold], rating);
  for (enum column_side side = SIDE_USER; side <= SIDE_ITEM; side++) {
    size_t owner = dataset_owner(dataset, side, row);
    struct owner_sums *sums = &statistics->of[side];
    add_rating(&sums->fold[owner * OUT_OF_FOLD + fold], rating);
    const int64_t time = dataset->row_time != NULL ? dataset->row_time[row] : INT64_MAX;
    if (time < sums->first[owner]) sums->first[owner] = time;
  }
}

static bool allocate(struct statistics *statistics, const struct dataset *dataset, size_t training,
                     struct error *error) {
  statistics->training_fold = memory_array(training, sizeof *statistics->training_fold, error);
  if (statistics->training_fold == NULL) return false;
  for (enum column_side side = SIDE_USER; side <= SIDE_ITEM; side++) {
    size_t owners = dataset_owners(dataset, side);
    struct owner_sums *sums = &statistics->of[side];
    sums->fold = memory_array(owners, OUT_OF_FOLD * sizeof *sums->fold, error);
    sums->first = memory_array(owners, sizeof *sums->first, error);
    if (sums->fold == NULL || sums->first == NULL) return false;
    for (size_t owner = 0; owner < owners; owner++) sums->first[owner] = INT64_MAX;
  }
  return true;
}

struct statistics *statistics_new(const struct dataset *dataset, struct dataset_rows training,
                                  uint64_t seed, struct error *error) {
  struct statistics *statistics = memory_array(1, sizeof *statistics, error);
  if (statistics == NULL) return NULL;
  if (!allocate(statistics, dataset, training.count, error)) {
    statistics_free(statistics);
    return NULL;
  }
  for (size_t i = 0; i < training.count; i++) {
    size_t row = dataset_row(training, i);
    unsigned fold = statistics_fold(dataset, row, seed);
    statistics->training_fold[i] = (uint8_t)fold;
    add_row(statistics, dataset, row, fold);
  }
  return statistics;
}

size_t statistics_bytes(const struct dataset *dataset, size_t training) {
  const size_t owner = OUT_OF_FOLD * sizeof(struct fold_sum) + sizeof(int64_t);
  return sizeof(struct statistics) + training * sizeof(uint8_t) +
         (dataset->users + dataset->items) * owner;
}

void statistics_free(struct statistics *statistics) {
  if (statistics == NULL) return;
  for (enum column_side side = SIDE_USER; side <= SIDE_ITEM; side++) {
    free(statistics->of[side].fold);
    free(statistics->of[side].first);
  }
  free(statistics->training_fold);
  free(statistics);
}

/* Adds up the other folds: to take one off the whole would let its ratings
 * come back as rounding. */
static struct fold_sum sum_without(const struct fold_sum fold[OUT_OF_FOLD], unsigned without) {
  struct fold_sum sum = {0};
  for (unsigned f = 0; f < OUT_OF_FOLD; f++) {
    if (f == without) continue;
    sum.ratings += fold[f].ratings;
    sum.count += fold[f].count;
  }
  return sum;
}

static double smoothed_mean(struct fold_sum own, struct fold_sum all) {
  double mu = all.count > 0 ? all.ratings / (double)all.count : RATING_MIDDLE;
  return (own.ratings + SMOOTHING * mu) / ((double)own.count + SMOOTHING);
}

/* With a fold left out, as many as there would be with it. */
static double count_of(struct fold_sum own, unsigned without) {
  double count = (double)own.count;
  return without < OUT_OF_FOLD ? count * (double)OUT_OF_FOLD / (OUT_OF_FOLD - 1) : count;
}

/* In double: times may be far apart. */
static double days_since(int64_t first, int64_t time) {
  if (time <= first) return 0.0; /* INT64_MAX: no training row */
  return ((double)time - (double)first) / DAY_SECONDS;
}

double statistics_value(const struct statistics *statistics, const struct column *column,
                        const struct dataset *dataset, size_t row, unsigned without) {
  size_t owner = dataset_owner(dataset, column->side, row);
  const struct owner_sums *sums = &statistics->of[column->side];
  if (column->statistic == STATISTIC_DAYS_SINCE_FIRST) {
    return days_since(sums->first[owner], dataset->row_time[row]);
  }
  struct fold_sum own = sum_without(&sums->fold[owner * OUT_OF_FOLD], without);
  if (column->statistic == STATISTIC_COUNT) return count_of(own, without);
  return smoothed_mean(own, sum_without(statistics->fold, without));
}
