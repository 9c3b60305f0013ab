/* What a trial's record says of its outcome, and which data a trial is of. */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "data/data_load.h"
#include "data/readers/movielens.h"
#include "experiments/outcome_record.h"
#include "experiments/run_data.h"
#include "tests/config/config_fixture.h"

/* --- a record --- */

/* Ratings 1, 2, 4 and 5: their mean is 3, their variance (4 + 1 + 1 + 4) / 4. */
static struct dataset four_ratings(void) {
  static float ratings[] = {1, 2, 4, 5};
  return (struct dataset){.name = "four",
                          .irreducible_mse = NAN,
                          .ratings = 4,
                          .row_rating = ratings,
                          .digest = 0x123456789abcdef0};
}

/* Every number another. */
static struct trial_outcome an_outcome(struct epoch_result curve[2]) {
  curve[0] = (struct epoch_result){
      .train_loss = 1.5, .validation_mse = 1.25, .test_mse = 1.125, .seconds = 0.5};
  curve[1] = (struct epoch_result){
      .train_loss = 1.4, .validation_mse = 1.2, .test_mse = 1.1, .seconds = 0.25};
  return (struct trial_outcome){.done = true,
                                .train_rows = 70,
                                .validation_rows = 10,
                                .test_rows = 20,
                                .result = {.mse = 0.5625,
                                           .rmse = 0.75,
                                           .mae = 0.6875,
                                           .train_mse = 0.8125,
                                           .validation_mse = 0.625,
                                           .best_epoch = 1,
                                           .epochs = 2,
                                           .curve = curve,
                                           .train_seconds = 3.5,
                                           .train_cpu_seconds = 7.25,
                                           .rows_per_second = 40,
                                           .parameters = 123,
                                           .wide_columns = 37,
                                           .flops_per_row = 456,
                                           .weights_digest = 0xfedcba9876543210},
                                .peak_rss_kib = 789,
                                .started = 1000000000};
}

static void get_record(const struct trial_outcome *outcome, struct record *record) {
  struct error error = {0};
  struct config config;
  struct trial_list list;
  struct record_frame frame;
  const struct dataset dataset = four_ratings();
  get_trials(MINIMAL "seeds: [6]\n", NULL, &config, &list);
  if (!record_frame_init(&frame, &dataset, ISA_SCALAR, 3, 5, &error) ||
      !outcome_to_record(&frame, &list.architecture[0], &list.trial[0], outcome, record, &error)) {
    fail_msg("%s", error.message);
  }
  assert_string_equal(record->key, list.trial[0].key);
  record_frame_clear(&frame);
  trial_list_clear(&list);
  config_clear(&config);
}

static void a_record_has_each_number_of_the_outcome(void **state) {
  (void)state;
  struct epoch_result curve[2];
  const struct trial_outcome outcome = an_outcome(curve);
  struct record record;
  get_record(&outcome, &record);
  assert_string_equal(record.label, "t");
  assert_int_equal(record.seed, 6);
  assert_int_equal(record.status, TRIAL_DONE);
  assert_string_equal(record.error, "");
  assert_int_equal(record.train_rows, 70);
  assert_int_equal(record.validation_rows, 10);
  assert_int_equal(record.test_rows, 20);
  assert_true(record.mse == 0.5625);
  assert_true(record.rmse == 0.75);
  assert_true(record.mae == 0.6875);
  assert_true(record.train_mse == 0.8125);
  assert_true(record.validation_mse == 0.625);
  assert_int_equal(record.best_epoch, 1);
  assert_true(record.train_seconds == 3.5);
  assert_true(record.train_cpu_seconds == 7.25);
  assert_true(record.rows_per_second == 40);
  assert_int_equal(record.parameters, 123);
  assert_int_equal(record.wide_columns, 37);
  assert_int_equal(record.flops_per_row, 456);
  assert_string_equal(record.weights_digest, "fedcba9876543210");
  assert_int_equal(record.peak_rss_kib, 789);
  assert_string_equal(record.isa, "scalar");
  assert_int_equal(record.jobs, 3);
  assert_int_equal(record.threads, 5);
  assert_int_equal(record.epochs, 2);
  assert_true(record.curve[0].train_loss == 1.5 && record.curve[1].train_loss == 1.4);
  assert_true(record.curve[0].validation_mse == 1.25 && record.curve[1].validation_mse == 1.2);
  assert_true(record.curve[0].test_mse == 1.125 && record.curve[1].test_mse == 1.1);
  assert_true(record.curve[0].seconds == 0.5 && record.curve[1].seconds == 0.25);
  record_clear(&record);
}

static void a_trial_that_a_rung_ended_or_that_failed_says_so(void **state) {
  (void)state;
  struct epoch_result curve[2];
  struct trial_outcome outcome = an_outcome(curve);
  struct record record;
  outcome.stopped = true;
  get_record(&outcome, &record);
  assert_int_equal(record.status, TRIAL_STOPPED);
  assert_true(record.mae == 0.6875);
  record_clear(&record);
  outcome.done = outcome.stopped = false;
  error_set(&outcome.error, ERROR_TRIAL, "it fell over");
  get_record(&outcome, &record);
  assert_int_equal(record.status, TRIAL_FAILED);
  assert_string_equal(record.error, "it fell over");
  assert_true(isnan(record.mse) && isnan(record.mae) && isnan(record.train_seconds));
  assert_int_equal(record.epochs, 2);
  record_clear(&record);
}

/* Wherever the machine stands: a second of 2001-09-09, of which Tokyo's clocks
 * said 10:46. */
static void the_time_is_that_of_greenwich(void **state) {
  (void)state;
  struct epoch_result curve[2];
  const struct trial_outcome outcome = an_outcome(curve);
  struct record record;
  assert_int_equal(setenv("TZ", "XYZ-9", 1), 0);
  tzset();
  get_record(&outcome, &record);
  assert_string_equal(record.started_at, "2001-09-09T01:46:40Z");
  record_clear(&record);
  assert_int_equal(unsetenv("TZ"), 0);
  tzset();
}

static void the_data_are_described(void **state) {
  (void)state;
  struct epoch_result curve[2];
  const struct trial_outcome outcome = an_outcome(curve);
  struct record record;
  get_record(&outcome, &record);
  const json_t *data = record.data;
  assert_string_equal(json_string_value(json_object_get(data, "name")), "four");
  assert_string_equal(json_string_value(json_object_get(data, "digest")), "123456789abcdef0");
  assert_int_equal(json_integer_value(json_object_get(data, "rows")), 4);
  assert_true(json_is_false(json_object_get(data, "synthetic")));
  assert_true(json_is_null(json_object_get(data, "irreducible_mse")));
  assert_true(json_real_value(json_object_get(data, "rating_variance")) == 2.5);
  record_clear(&record);
}

/* --- the data of a trial --- */

#define ON_FOLDS \
  MINIMAL        \
  "data: {source: movielens, path: ratings, split: {method: folds, folds: [u1, u2]}}\n"

static void make_folder(const char *name, uint64_t seed) {
  struct error error = {0};
  struct dataset dataset;
  const struct synthetic_spec spec = {.users = 20, .items = 30, .ratings = 300, .seed = seed};
  if (!synthetic_make(&spec, &dataset, &error) || !movielens_write(&dataset, name, &error)) {
    fail_msg("%s", error.message);
  }
  dataset_clear(&dataset);
}

static void load(struct run_data *data, const char *folder) {
  static volatile sig_atomic_t never;
  struct error error = {0};
  struct config config;
  get_config(ON_FOLDS, NULL, &config);
  struct dataset dataset;
  if (!data_load(&config.base.data, folder, &dataset, &error) ||
      !run_data_load(data, &config, &dataset, folder, &never, &error)) {
    fail_msg("%s", error.message);
  }
  config_clear(&config);
}

/* The same data, cut at other rows: other trials. */
static void a_key_covers_the_rows_of_its_fold(void **state) {
  (void)state;
  struct run_data before, same, after;
  make_folder("ratings", 1);
  load(&before, NULL);
  load(&same, NULL);
  assert_int_equal(
      system("cp ratings/u3.test ratings/u1.test && cp ratings/u3.base ratings/u1.base"), 0);
  load(&after, NULL);
  assert_true(before.dataset.digest == after.dataset.digest);
  for (size_t i = 0; i < 2; i++) {
    assert_string_equal(before.list.trial[i].key, same.list.trial[i].key);
  }
  assert_string_not_equal(before.list.trial[0].key, before.list.trial[1].key);
  assert_string_not_equal(before.list.trial[0].key, after.list.trial[0].key); /* u1 */
  assert_string_equal(before.list.trial[1].key, after.list.trial[1].key);     /* u2 */
  run_data_clear(&before);
  run_data_clear(&same);
  run_data_clear(&after);
}

static void a_folder_that_is_named_replaces_the_configs(void **state) {
  (void)state;
  struct run_data own, named, moved;
  make_folder("ratings", 1);
  make_folder("others", 2);
  load(&own, NULL);
  load(&named, "others");
  assert_true(own.dataset.digest != named.dataset.digest);
  assert_int_equal(rename("others", "moved"), 0);
  load(&moved, "moved");
  assert_true(moved.dataset.digest == named.dataset.digest);
  run_data_clear(&own);
  run_data_clear(&named);
  run_data_clear(&moved);
}

static int teardown(void **state) {
  return system("rm -r ratings moved") == 0 ? fixture_teardown(state) : -1;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_record_has_each_number_of_the_outcome),
      cmocka_unit_test(a_trial_that_a_rung_ended_or_that_failed_says_so),
      cmocka_unit_test(the_time_is_that_of_greenwich),
      cmocka_unit_test(the_data_are_described),
      cmocka_unit_test(a_key_covers_the_rows_of_its_fold),
      cmocka_unit_test(a_folder_that_is_named_replaces_the_configs),
  };
  return cmocka_run_group_tests(tests, fixture_setup, teardown);
}
