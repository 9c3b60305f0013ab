/* Means, counts and first days; out-of-fold on training rows. */
#include <math.h>
#include <stdlib.h>

#include "data/encoding/encoding.h"
#include "data/rating_statistics.h"
#include "data_fixture.h"

static struct error error;

enum { RATED = 4, ALL = 5, SEED = 11 };
static const char *const names[ALL] = {"user_mean", "item_mean", "user_count", "item_count",
                                       "days_since_first"};

static struct statistics *fit(const struct dataset *dataset, const uint32_t *rows, size_t count) {
  struct statistics *statistics =
      statistics_new(dataset, (struct dataset_rows){rows, count}, SEED, &error);
  assert_non_null(statistics);
  return statistics;
}

static double value_of(const struct statistics *statistics, const char *name,
                       const struct dataset *dataset, size_t row, unsigned without) {
  return statistics_value(statistics, dataset_column(dataset, name), dataset, row, without);
}

/* Ratings 5, 3, 1 and 4 train; the last row is user 1 with film 3, 400 seconds
 * after the user's first. */
static void other_rows_have_the_training_rows_statistics(void **state) {
  (void)state;
  struct dataset dataset;
  small_dataset(&dataset);
  struct statistics *statistics = fit(&dataset, NULL, 4);
  const double mu = 3.25;
  const double expected[ALL] = {(5.0 + 5.0 * mu) / 6.0, (4.0 + 5.0 * mu) / 6.0, 1.0, 1.0,
                                400.0 / 86400.0};
  for (size_t i = 0; i < ALL; i++) {
    assert_true(value_of(statistics, names[i], &dataset, 4, OUT_OF_FOLD) == expected[i]);
  }
  /* User 2 rated twice, 3 and 1; film 2 once. */
  assert_true(value_of(statistics, "user_mean", &dataset, 2, OUT_OF_FOLD) ==
              (4.0 + 5.0 * mu) / 7.0);
  assert_true(value_of(statistics, "user_count", &dataset, 2, OUT_OF_FOLD) == 2.0);
  assert_true(value_of(statistics, "item_count", &dataset, 0, OUT_OF_FOLD) == 2.0);
  statistics_free(statistics);
  dataset_clear(&dataset);
}

static void who_did_not_train_has_the_mean_no_count_and_no_days(void **state) {
  (void)state;
  struct dataset dataset;
  small_dataset(&dataset);
  static const uint32_t rows[] = {1, 2}; /* of user 2 */
  struct statistics *statistics = fit(&dataset, rows, 2);
  assert_true(value_of(statistics, "user_mean", &dataset, 3, OUT_OF_FOLD) == 2.0);
  assert_true(value_of(statistics, "user_count", &dataset, 3, OUT_OF_FOLD) == 0.0);
  assert_true(value_of(statistics, "days_since_first", &dataset, 3, OUT_OF_FOLD) == 0.0);
  statistics_free(statistics);
  /* Nobody trains at all, or all that do are left out. */
  statistics = fit(&dataset, rows, 0);
  assert_true(value_of(statistics, "item_mean", &dataset, 0, OUT_OF_FOLD) == 3.0);
  statistics_free(statistics);
  statistics = fit(&dataset, rows, 1);
  assert_true(value_of(statistics, "item_mean", &dataset, 1, statistics_fold(&dataset, 1, SEED)) ==
              3.0);
  statistics_free(statistics);
  dataset_clear(&dataset);
}

static void days_before_the_first_are_none(void **state) {
  (void)state;
  struct dataset dataset;
  small_dataset(&dataset);
  dataset.row_time[4] = 86400 * 3 + 100 + 43200;
  static const uint32_t rows[] = {0, 1, 2, 3};
  struct statistics *statistics = fit(&dataset, rows, 4);
  assert_true(value_of(statistics, "days_since_first", &dataset, 4, OUT_OF_FOLD) == 3.5);
  dataset.row_time[4] = 99;
  assert_true(value_of(statistics, "days_since_first", &dataset, 4, OUT_OF_FOLD) == 0.0);
  dataset.row_time[4] = -1000000;
  assert_true(value_of(statistics, "days_since_first", &dataset, 4, OUT_OF_FOLD) == 0.0);
  statistics_free(statistics);
  dataset_clear(&dataset);
}

/* Spelled out: over the training rows of other folds. */
static double mean_spelled_out(const struct dataset *d, const struct split *split,
                               enum column_side side, size_t row, unsigned fold, double *count) {
  double sum = 0.0, own = 0.0, all = 0.0, n = 0.0;
  for (size_t i = 0; i < split->train; i++) {
    size_t other = split->rows[i];
    if (statistics_fold(d, other, SEED) == fold) continue;
    all += (double)d->row_rating[other];
    n += 1.0;
    if (dataset_owner(d, side, other) != dataset_owner(d, side, row)) continue;
    sum += (double)d->row_rating[other];
    own += 1.0;
  }
  *count = fold < OUT_OF_FOLD ? own * 1.25 : own;
  return (sum + 5.0 * (all / n)) / (own + 5.0);
}

/* Ratings are small integers, so sums are exact in any order. */
static void training_rows_leave_their_own_fold_out(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoding_spec spec = {.seed = SEED};
  add_number(&spec, "user_mean", SCALE_MINMAX);
  middle_dataset(&fitted.dataset);
  fitted_fit(&fitted, &spec, all_but_every_fourth);
  const struct dataset *d = &fitted.dataset;
  const struct statistics *statistics = fitted.encoding.statistics;
  for (size_t i = 0; i < d->ratings; i++) {
    size_t row = fitted.split.rows[i];
    unsigned fold = i < fitted.split.train ? statistics_fold(d, row, SEED) : OUT_OF_FOLD;
    for (enum column_side side = SIDE_USER; side <= SIDE_ITEM; side++) {
      double count, mean = mean_spelled_out(d, &fitted.split, side, row, fold, &count);
      bool user = side == SIDE_USER;
      assert_true(value_of(statistics, user ? "user_mean" : "item_mean", d, row, fold) == mean);
      assert_true(value_of(statistics, user ? "user_count" : "item_count", d, row, fold) == count);
    }
  }
  fitted_clear(&fitted);
}

/* Each row of the training rows in turn gets another rating. */
static void a_row_s_own_rating_does_not_reach_its_own_statistics(void **state) {
  (void)state;
  struct dataset dataset;
  middle_dataset(&dataset);
  size_t reached = 0;
  struct statistics *before = fit(&dataset, NULL, dataset.ratings);
  for (size_t row = 0; row < dataset.ratings; row++) {
    float rating = dataset.row_rating[row];
    dataset.row_rating[row] = rating + 0.1f; /* not exact in sums */
    struct statistics *after = fit(&dataset, NULL, dataset.ratings);
    unsigned own = statistics_fold(&dataset, row, SEED);
    for (size_t i = 0; i < ALL; i++) {
      double was = value_of(before, names[i], &dataset, row, own);
      double is = value_of(after, names[i], &dataset, row, own);
      assert_memory_equal(&was, &is, sizeof was);
    }
    /* It does reach the statistics that other folds see. */
    unsigned other = (own + 1) % OUT_OF_FOLD;
    reached += value_of(before, "user_mean", &dataset, row, other) !=
               value_of(after, "user_mean", &dataset, row, other);
    statistics_free(after);
    dataset.row_rating[row] = rating;
  }
  assert_int_equal(reached, dataset.ratings);
  statistics_free(before);
  dataset_clear(&dataset);
}

static void a_row_does_not_count_itself(void **state) {
  (void)state;
  struct dataset dataset;
  small_dataset(&dataset);
  struct statistics *statistics = fit(&dataset, NULL, 5);
  unsigned fold = statistics_fold(&dataset, 2, SEED);
  assert_true(value_of(statistics, "item_count", &dataset, 2, fold) == 0.0);
  assert_true(value_of(statistics, "item_count", &dataset, 2, (fold + 1) % 5) == 1.25);
  statistics_free(statistics);
  dataset_clear(&dataset);
}

static void folds_are_drawn_by_seed_user_and_film_alone(void **state) {
  (void)state;
  struct dataset dataset, shuffled;
  middle_dataset(&dataset);
  middle_dataset(&shuffled);
  size_t met[OUT_OF_FOLD] = {0}, moved = 0, last = dataset.ratings - 1;
  for (size_t row = 0; row <= last; row++) {
    shuffled.row_user[last - row] = dataset.row_user[row];
    shuffled.row_item[last - row] = dataset.row_item[row];
    shuffled.row_rating[last - row] = 1.0f;
  }
  for (size_t row = 0; row <= last; row++) {
    unsigned fold = statistics_fold(&dataset, row, SEED);
    assert_true(fold < OUT_OF_FOLD);
    assert_int_equal(statistics_fold(&shuffled, last - row, SEED), fold);
    met[fold]++;
    moved += statistics_fold(&dataset, row, SEED + 1) != fold;
  }
  for (size_t f = 0; f < OUT_OF_FOLD; f++) assert_in_range(met[f], 140, 220); /* of 900 */
  assert_in_range(moved, 640, 800);                                           /* four fifths */
  dataset_clear(&dataset);
  dataset_clear(&shuffled);
}

static void their_scaling_is_fitted_on_the_out_of_fold_values(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoded_rows encoded;
  struct encoding_spec spec = {.seed = SEED, .fit_all = true}; /* which widens nothing here */
  for (size_t i = 0; i < ALL; i++) add_number(&spec, names[i], SCALE_MINMAX);
  for (size_t i = 0; i < ALL; i++) add_number(&spec, names[i], SCALE_STANDARD);
  middle_dataset(&fitted.dataset);
  fitted_fit(&fitted, &spec, all_but_every_fourth);
  fitted_training(&fitted, &encoded);
  assert_int_equal(encoded.numbers, 2 * ALL);
  for (size_t i = 0; i < 2 * ALL; i++) {
    double sum = 0.0, squares = 0.0;
    float least = INFINITY, most = -INFINITY;
    for (size_t r = 0; r < encoded.rows; r++) {
      float value = encoded.values[r * encoded.numbers + i];
      sum += (double)value;
      squares += (double)value * (double)value;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    double n = (double)encoded.rows;
    if (i < ALL) assert_true(least == 0.0f && most == 1.0f);
    if (i >= ALL) assert_true(fabs(sum / n) < 1e-6 && fabs(squares / n - 1.0) < 1e-6);
  }
  encoded_rows_clear(&encoded);
  fitted_clear(&fitted);
}

static void encoded_statistics_are_the_part_s(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoded_rows training, others;
  struct encoding_spec spec = {.seed = SEED};
  for (size_t i = 0; i < ALL; i++) add_number(&spec, names[i], SCALE_MINMAX);
  middle_dataset(&fitted.dataset);
  fitted_fit(&fitted, &spec, every_row);
  const struct dataset *d = &fitted.dataset;
  fitted_training(&fitted, &training);
  assert_true(encoding_apply(&fitted.encoding, d, fitted.split.rows, d->ratings, ENCODED_OTHERS,
                             &others, &error));
  size_t differ = 0;
  for (size_t r = 0; r < d->ratings; r++) {
    for (size_t i = 0; i < ALL; i++) {
      const struct scaling *scaling = &fitted.encoding.scaling[i];
      const unsigned without[] = {statistics_fold(d, r, SEED), OUT_OF_FOLD};
      const float is[] = {training.values[r * ALL + i], others.values[r * ALL + i]};
      for (size_t part = 0; part < 2; part++) {
        double value = value_of(fitted.encoding.statistics, names[i], d, r, without[part]);
        double range = scaling->maximum - scaling->minimum;
        assert_true(is[part] == (float)((value - scaling->minimum) / range));
      }
      differ += is[0] != is[1];
    }
  }
  assert_true(differ > RATED * d->ratings / 2);
  encoded_rows_clear(&training);
  encoded_rows_clear(&others);
  fitted_clear(&fitted);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(other_rows_have_the_training_rows_statistics),
      cmocka_unit_test(who_did_not_train_has_the_mean_no_count_and_no_days),
      cmocka_unit_test(days_before_the_first_are_none),
      cmocka_unit_test(training_rows_leave_their_own_fold_out),
      cmocka_unit_test(a_row_s_own_rating_does_not_reach_its_own_statistics),
      cmocka_unit_test(a_row_does_not_count_itself),
      cmocka_unit_test(folds_are_drawn_by_seed_user_and_film_alone),
      cmocka_unit_test(their_scaling_is_fitted_on_the_out_of_fold_values),
      cmocka_unit_test(encoded_statistics_are_the_part_s),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
