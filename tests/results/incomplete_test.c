/* results/summary.h, results/compare_architectures.h: what is not complete, and
 * trials that make no pair */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "results/table.h"
#include "tests/records/fabricate.h"

enum { SEEDS = 5 };

static const double zero[SEEDS] = {0}, better[SEEDS] = {-0.02, -0.01, -0.03, -0.025, -0.015};

static void write_record(const char *folder, struct record record) {
  fabricate_write(folder, &record);
  record_clear(&record);
}

static void write_seeds(const char *folder, const char *label, const double difference[SEEDS],
                        double validation) {
  for (size_t s = 0; s < SEEDS; s++) {
    write_record(folder, fabricate_trial(label, s + 1, "", 0.9 + difference[s], validation));
  }
}

static struct summary summarise(const char *folder) {
  struct summary summary;
  struct error error = {0};
  struct text left_out = {0};
  if (!summary_read(folder, &summary, &left_out, &error)) fail_msg("%s", error.message);
  return summary;
}

static void assert_near(double value, double wanted) {
  if (fabs(value - wanted) <= 1e-9) return;
  fail_msg("%.17g instead of %.17g", value, wanted);
}

static void stop(const char *folder, const char *label, uint64_t seed, size_t epochs, double mse) {
  struct record record = fabricate_trial(label, seed, "", mse, mse);
  record.status = TRIAL_STOPPED;
  record.epochs = epochs;
  fabricate_settle(&record, mse, mse);
  write_record(folder, record);
}

static char *show(const char *folder, struct table_options options) {
  struct summary summary = summarise(folder);
  struct error error = {0};
  struct text text = {0};
  if (!table_write(&summary, 1, &options, &text, &error)) fail_msg("%s", error.message);
  summary_clear(&summary);
  return text.text;
}

/* --- what is not complete --- */

static void forget(const char *folder, const char *label, uint64_t seed) {
  struct record record = fabricate_trial(label, seed, "", 1, 1);
  char path[4096];
  (void)snprintf(path, sizeof path, "%s/trials/%s.json", folder, record.key);
  if (unlink(path) != 0) fail_msg("%s is not there", path);
  record_clear(&record);
}

/* base and better are done; early stopping ended one of `lucky`'s trials before
 * the sweep stopped the others; of `part` one has not run, of `broken` one
 * failed, of `later` none has run. All but the first two have the lower
 * validation MSE. */
static char *unfinished_run(void) {
  static const char *const labels[] = {"base", "better", "lucky", "part", "broken", "later"};
  char *folder = fabricate_folder();
  write_seeds(folder, "base", zero, 0.91);
  write_seeds(folder, "better", better, 0.89);
  write_record(folder, fabricate_trial("lucky", 1, "", 0.5, 0.5));
  for (uint64_t seed = 2; seed <= SEEDS; seed++) stop(folder, "lucky", seed, 4, 1.0);
  write_seeds(folder, "part", better, 0.6);
  write_seeds(folder, "broken", better, 0.6);
  write_record(folder, fabricate_failure("broken", 6, "killed by signal 9"));
  write_record(folder, fabricate_trial("later", 1, "", 1, 1));
  fabricate_plan(folder, labels, sizeof labels / sizeof *labels, "base");
  forget(folder, "part", 5);
  forget(folder, "later", 1);
  return folder;
}

static void a_dropped_architecture_is_never_the_best_whatever_of_it_is_done(void **state) {
  (void)state;
  char *folder = unfinished_run();
  struct summary summary = summarise(folder);
  const struct summary_row *lucky = &summary.row[2];
  for (size_t i = 0; i < summary.rows; i++) assert_int_equal(summary.row[i].best, i == 1);
  assert_int_equal(lucky->trials, 1);
  assert_int_equal(lucky->stopped, 4);
  assert_int_equal(lucky->vs_baseline.pairs, 0);
  assert_int_equal(lucky->vs_best.pairs, 0);
  assert_near(lucky->stopped_mse, 0.9); /* all five, as they were */
  assert_near(lucky->stopped_validation_mse, 0.9);
  summary_clear(&summary);
  char *text = show(folder, (struct table_options){0});
  const char *row = strstr(text, "\nlucky ");
  assert_non_null(row);
  const char *cells[] = {" (5) ", " (0.9000) ", " (epoch 4) "};
  for (size_t i = 0; i < 3; i++) {
    const char *cell = strstr(row, cells[i]);
    assert_true(cell != NULL && cell < strchr(row + 1, '\n'));
  }
  free(text);
  fabricate_remove(folder);
}

static void every_row_has_the_status_of_what_is_there(void **state) {
  (void)state;
  static const char *const wanted[] = {"done", "done", "stopped", "partial", "failed", "pending"};
  char *folder = unfinished_run();
  char *text = show(folder, (struct table_options){.format = TEXT_TABLE_JSON});
  json_error_t why;
  json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &why);
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    const json_t *row = json_array_get(json, i);
    assert_string_equal(json_string_value(json_object_get(row, "status")), wanted[i]);
  }
  const json_t *lucky = json_array_get(json, 2);
  assert_int_equal(json_integer_value(json_object_get(lucky, "n")), 1);
  assert_true(json_is_null(json_object_get(lucky, "mse")));
  assert_true(json_is_null(json_object_get(lucky, "validation_mse")));
  assert_near(json_real_value(json_object_get(lucky, "stopped_mse")), 0.9);
  json_decref(json);
  free(text);
  fabricate_remove(folder);
}

static void what_is_incomplete_is_compared_but_not_tested(void **state) {
  (void)state;
  char *folder = unfinished_run();
  struct summary summary = summarise(folder);
  const struct summary_row *row = summary.row;
  for (size_t i = 3; i < 5; i++) {
    assert_int_equal(row[i].vs_baseline.pairs, i == 3 ? 4 : 5);
    assert_true(!isnan(row[i].vs_baseline.low));
    assert_false(paired_tested(&row[i].vs_baseline));
    assert_false(paired_tested(&row[i].vs_best));
  }
  assert_true(paired_tested(&row[1].vs_baseline));
  assert_near(row[1].vs_baseline.p_holm, 0.02158095980423482); /* the only one of its family */
  summary_clear(&summary);
  char *text = show(folder, (struct table_options){0});
  assert_non_null(strstr(text, " 4/5 "));
  assert_non_null(strstr(text, " 5/6 "));
  assert_non_null(strstr(text, " 0/1\n"));
  assert_non_null(strstr(text, "\nn 2/3: 2 of 3 trials are done; an incomplete row"));
  assert_null(strchr(text, '~'));
  free(text);
  fabricate_remove(folder);
}

static void nothing_is_tested_against_an_incomplete_baseline(void **state) {
  (void)state;
  static const char *const labels[] = {"a", "b"};
  char *folder = fabricate_folder();
  write_seeds(folder, "a", zero, 0.9);
  write_seeds(folder, "b", better, 0.91);
  fabricate_plan(folder, labels, 2, "a");
  forget(folder, "a", 3);
  struct summary summary = summarise(folder);
  assert_int_equal(summary.row[1].vs_baseline.pairs, 4);
  assert_true(!isnan(summary.row[1].vs_baseline.high));
  assert_false(paired_tested(&summary.row[1].vs_baseline));
  assert_true(summary.row[1].best);
  assert_false(paired_tested(&summary.row[0].vs_best));
  summary_clear(&summary);
  fabricate_remove(folder);
}

static void a_stopped_baseline_is_named_though_some_of_it_is_done(void **state) {
  (void)state;
  static const char *const labels[] = {"a", "b"};
  char *folder = fabricate_folder();
  stop(folder, "a", 1, 3, 0.5);
  write_record(folder, fabricate_trial("a", 2, "", 0.5, 0.5));
  write_seeds(folder, "b", better, 0.91);
  fabricate_plan(folder, labels, 2, "a");
  struct summary summary = summarise(folder);
  assert_int_equal(summary.row[1].vs_baseline.pairs, 0);
  summary_clear(&summary);
  char *text = show(folder, (struct table_options){0});
  assert_non_null(strstr(text, "\nvs base: the baseline, a, was stopped: nothing is compared"));
  free(text);
  fabricate_remove(folder);
}

static void without_a_complete_row_the_table_says_so(void **state) {
  (void)state;
  static const char *const labels[] = {"a", "b"};
  char *folder = fabricate_folder();
  write_seeds(folder, "a", zero, 0.9);
  write_seeds(folder, "b", better, 0.91);
  fabricate_plan(folder, labels, 2, "a");
  forget(folder, "a", 3);
  forget(folder, "b", 4);
  struct summary summary = summarise(folder);
  assert_true(summary.validated);
  assert_false(summary.row[0].best || summary.row[1].best);
  summary_clear(&summary);
  char *text = show(folder, (struct table_options){0});
  assert_non_null(strstr(text, "\nno architecture is complete yet: none is marked as the best\n"));
  assert_null(strstr(text, "no validation rows"));
  free(text);
  fabricate_remove(folder);
}

/* --- which trials make a pair --- */

enum unlike { SAME, OTHER_SHARE, OTHER_METHOD, OTHER_DATA, OTHER_COUNT, OTHER_VALIDATION };

static void make_unlike(struct record *record, enum unlike how) {
  json_t *split = json_object_get(json_object_get(record->config, "data"), "split");
  json_object_set_new(record->data, "digest", json_string(how == OTHER_DATA ? "2" : "1"));
  if (how == OTHER_SHARE) json_object_set_new(split, "test", json_real(0.3));
  if (how == OTHER_METHOD) json_object_set_new(split, "method", json_string("another"));
  if (how == OTHER_VALIDATION) json_object_set_new(split, "validation", json_real(0.2));
  record->train_rows = 700;
  record->validation_rows = 100;
  record->test_rows = how == OTHER_COUNT ? 199 : 200;
}

static void trials_with_other_test_rows_are_not_paired(void **state) {
  (void)state;
  static const char *const labels[] = {"a", "b"};
  for (enum unlike how = SAME; how <= OTHER_VALIDATION; how++) {
    bool paired = how == SAME || how == OTHER_VALIDATION;
    char *folder = fabricate_folder();
    for (size_t i = 0; i < 2; i++) {
      for (uint64_t seed = 1; seed <= 3; seed++) {
        struct record record = fabricate_trial(labels[i], seed, "", 1, i == 0 ? 0.8 : 0.9);
        make_unlike(&record, i == 1 ? how : SAME);
        write_record(folder, record);
      }
    }
    fabricate_plan(folder, labels, 2, "a");
    struct summary summary = summarise(folder);
    assert_int_equal(summary.row[1].vs_baseline.pairs, paired ? 3 : 0);
    assert_int_equal(summary.row[1].vs_best.pairs, paired ? 3 : 0);
    summary_clear(&summary);
    char *text = show(folder, (struct table_options){0});
    const char *note =
        strstr(text, "\nnot paired with the baseline (different test rows or data): b\n");
    assert_true((note == NULL) == paired);
    note = strstr(text, "\nnot paired with * (different test rows or data): b\n");
    assert_true((note == NULL) == paired);
    free(text);
    fabricate_remove(folder);
  }
}

/* The fold names the test rows; which other folds the config had does not
 * matter. */
static void a_fold_trained_before_others_were_added_is_paired(void **state) {
  (void)state;
  static const char *const labels[] = {"a", "b"};
  char *folder = fabricate_folder();
  write_record(folder, fabricate_trial("a", 1, "u1", 1, NAN));
  struct record record = fabricate_trial("b", 1, "u1", 1.5, NAN);
  json_t *split = json_object_get(json_object_get(record.config, "data"), "split");
  json_array_append_new(json_object_get(split, "folds"), json_string("u2"));
  write_record(folder, record);
  fabricate_plan(folder, labels, 2, "a");
  struct summary summary = summarise(folder);
  assert_int_equal(summary.row[1].vs_baseline.pairs, 1);
  summary_clear(&summary);
  fabricate_remove(folder);
}

static void many_that_are_not_paired_are_counted(void **state) {
  (void)state;
  static const char *const labels[] = {"a", "b", "c", "d", "e", "f"};
  char *folder = fabricate_folder();
  for (size_t i = 0; i < 6; i++) {
    struct record record = fabricate_trial(labels[i], 1, "", 1, NAN);
    make_unlike(&record, i > 0 ? OTHER_DATA : SAME);
    write_record(folder, record);
  }
  fabricate_plan(folder, labels, 6, "a");
  char *text = show(folder, (struct table_options){0});
  assert_non_null(strstr(
      text, "\nnot paired with the baseline (different test rows or data): b, c, d and 2 more\n"));
  free(text);
  fabricate_remove(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_dropped_architecture_is_never_the_best_whatever_of_it_is_done),
      cmocka_unit_test(every_row_has_the_status_of_what_is_there),
      cmocka_unit_test(what_is_incomplete_is_compared_but_not_tested),
      cmocka_unit_test(nothing_is_tested_against_an_incomplete_baseline),
      cmocka_unit_test(a_stopped_baseline_is_named_though_some_of_it_is_done),
      cmocka_unit_test(without_a_complete_row_the_table_says_so),
      cmocka_unit_test(trials_with_other_test_rows_are_not_paired),
      cmocka_unit_test(a_fold_trained_before_others_were_added_is_paired),
      cmocka_unit_test(many_that_are_not_paired_are_counted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
