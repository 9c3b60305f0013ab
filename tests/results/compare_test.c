/* results/compare_architectures.h, and what tables show of it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "results/compare_architectures.h"
#include "results/table.h"
#include "tests/records/fabricate.h"
#include "tests/results/golden_table.h"

enum { SEEDS = 5 };

static const double easiness[SEEDS] = {0, 0.01, 0.02, -0.01, 0.005}; /* of each seed's split */

static void write_record(const char *folder, struct record record) {
  fabricate_write(folder, &record);
  record_clear(&record);
}

/* All trials of all seeds, each `difference` away from 0.9. */
static void write_seeds(const char *folder, const char *label, const double difference[SEEDS],
                        double validation) {
  for (size_t s = 0; s < SEEDS; s++) {
    write_record(folder,
                 fabricate_trial(label, s + 1, "", 0.9 + easiness[s] + difference[s], validation));
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

static const double zero[SEEDS] = {0}, better[SEEDS] = {-0.02, -0.01, -0.03, -0.025, -0.015};
static const double alike[SEEDS] = {0.001, -0.002, 0.0015, -0.0005, 0.0005};

static void stop(const char *folder, const char *label, uint64_t seed, size_t epochs, double mse) {
  struct record record = fabricate_trial(label, seed, "", mse, mse);
  record.status = TRIAL_STOPPED;
  record.epochs = epochs;
  fabricate_settle(&record, mse, mse);
  write_record(folder, record);
}

/* Five of them done, one failed, two stopped, the one that came less far first. */
static char *run_of_all_kinds(void) {
  static const char *const labels[] = {
      "base",   "better", "alike", "again", "user_id, item_id, occupation | age, gender, genres",
      "broken", "early",  "cut"};
  char *folder = fabricate_folder();
  write_seeds(folder, labels[0], zero, 0.91);
  write_seeds(folder, labels[1], better, 0.89);
  write_seeds(folder, labels[2], alike, 0.92);
  write_seeds(folder, labels[3], better, 0.895);
  write_record(folder, fabricate_trial(labels[4], 2, "", 0.95, 0.96));
  stop(folder, labels[6], 1, 2, 0.25);
  for (uint64_t seed = 1; seed <= SEEDS; seed++) stop(folder, labels[7], seed, 4, 0.5);
  struct record failure = fabricate_failure(labels[5], 1, "the loss is not finite in epoch 2");
  write_record(folder, failure);
  fabricate_plan(folder, labels, sizeof labels / sizeof *labels, "base");
  return folder;
}

/* Ratio 0.2 / (0.8 * 0.9) = 0.2777...: the interval and p of statistics_test. */
static void the_interval_corrects_for_overlapping_splits(void **state) {
  (void)state;
  char *folder = run_of_all_kinds();
  struct summary summary = summarise(folder);
  const struct architecture_comparison *versus = &summary.row[1].vs_baseline;
  assert_int_equal(versus->pairs, 5);
  assert_false(versus->by_fold);
  assert_near(versus->difference, -0.02);
  assert_near(versus->low, -0.035171973411194781);
  assert_near(versus->high, -0.0048280265888052187);
  assert_near(versus->p, 0.02158095980423482);
  assert_int_equal(summary.row[0].vs_baseline.pairs, 0);
  assert_true(isnan(summary.row[0].vs_baseline.difference));
  summary_clear(&summary);
  fabricate_remove(folder);
}

/* Three have a p: twice 0.0216 (a tie), and that of `alike`. */
static void holm_is_over_the_architectures_that_have_a_p(void **state) {
  (void)state;
  char *folder = run_of_all_kinds();
  struct summary summary = summarise(folder);
  const struct summary_row *row = summary.row;
  assert_near(row[1].vs_baseline.p_holm, 3 * 0.02158095980423482);
  assert_near(row[3].vs_baseline.p_holm, 3 * 0.02158095980423482);
  assert_true(paired_alike(&row[1].vs_baseline));
  assert_true(row[2].vs_baseline.p_holm > 0.5);
  assert_false(paired_tested(&row[4].vs_baseline)); /* one pair */
  assert_near(row[4].vs_baseline.difference, 0.95 - 0.91);
  assert_false(paired_tested(&row[7].vs_baseline));
  summary_clear(&summary);
  fabricate_remove(folder);
}

static void the_best_by_validation_is_what_the_others_are_told_apart_from(void **state) {
  (void)state;
  char *folder = run_of_all_kinds();
  struct summary summary = summarise(folder);
  const struct summary_row *row = summary.row;
  assert_true(row[1].best);
  for (size_t i = 0; i < summary.rows; i++) assert_int_equal(row[i].best, i == 1);
  assert_int_equal(row[1].vs_best.pairs, 0);
  assert_near(row[0].vs_best.difference, 0.02);
  assert_near(row[0].vs_best.high, 0.035171973411194781);
  assert_true(row[3].vs_best.p == 1); /* the same test MSE in every pair */
  assert_true(paired_alike(&row[3].vs_best));
  summary_clear(&summary);
  fabricate_remove(folder);
}

static void without_validation_rows_nothing_is_compared_with_a_best(void **state) {
  (void)state;
  static const char *const labels[] = {"a", "b"};
  char *folder = fabricate_folder();
  write_seeds(folder, "a", zero, NAN);
  write_seeds(folder, "b", better, NAN);
  fabricate_plan(folder, labels, 2, "a");
  struct summary summary = summarise(folder);
  for (size_t i = 0; i < 2; i++) {
    assert_false(summary.row[i].best);
    assert_int_equal(summary.row[i].vs_best.pairs, 0);
  }
  assert_true(paired_tested(&summary.row[1].vs_baseline));
  assert_false(paired_alike(&summary.row[1].vs_baseline)); /* p = 0.0216, the only one */
  summary_clear(&summary);
  fabricate_remove(folder);
}

static void trials_without_a_partner_are_left_out(void **state) {
  (void)state;
  static const char *const labels[] = {"a", "b"};
  char *folder = fabricate_folder();
  for (uint64_t seed = 1; seed <= 4; seed++) {
    if (seed != 2) write_record(folder, fabricate_trial("a", seed, "", 1.0, NAN));
  }
  write_record(folder, fabricate_trial("b", 2, "", 7.0, NAN));
  write_record(folder, fabricate_trial("b", 3, "", 1.5, NAN));
  write_record(folder, fabricate_trial("b", 4, "", 1.25, NAN));
  write_record(folder, fabricate_trial("b", 5, "", 9.0, NAN));
  fabricate_plan(folder, labels, 2, "a");
  struct summary summary = summarise(folder);
  assert_int_equal(summary.row[1].vs_baseline.pairs, 2);
  assert_near(summary.row[1].vs_baseline.difference, 0.375);
  summary_clear(&summary);
  fabricate_remove(folder);
}

/* Folds' means of the differences: 0.5, 0.75, 0.25; ratio 0.2 / (0.8 * 0.9).
 * With variance 0.0625, t(2) = 4.3026527297494639:
 * 0.5 -+ t * sqrt((1/3 + 0.2777...) * 0.0625). */
static void the_seeds_of_a_fold_are_averaged_first(void **state) {
  (void)state;
  static const char *const labels[] = {"a", "b"}, *const folds[] = {"u1", "u2", "u3"};
  const double difference[3][2] = {{0.25, 0.75}, {0.75, 0.75}, {0.5, 0}};
  char *folder = fabricate_folder();
  for (size_t f = 0; f < 3; f++) {
    for (uint64_t seed = 1; seed <= 2; seed++) {
      write_record(folder, fabricate_trial("a", seed, folds[f], 1, NAN));
      write_record(folder, fabricate_trial("b", seed, folds[f], 1 + difference[f][seed - 1], NAN));
    }
  }
  fabricate_plan(folder, labels, 2, "a");
  struct summary summary = summarise(folder);
  const struct architecture_comparison *versus = &summary.row[1].vs_baseline;
  assert_int_equal(versus->pairs, 3);
  assert_true(versus->by_fold);
  assert_near(versus->difference, 0.5);
  assert_near(versus->low, 0.5 - 4.3026527297494639 * sqrt((1.0 / 3 + 0.2 / 0.72) * 0.0625));
  summary_clear(&summary);
  fabricate_remove(folder);
}

static void the_overlap_comes_from_counts_before_shares(void **state) {
  (void)state;
  struct record record = fabricate_trial("a", 1, "", 1, NAN);
  assert_near(compare_overlap(&record), 0.2 / 0.72);
  record.train_rows = 800;
  record.validation_rows = 100;
  record.test_rows = 100;
  assert_near(compare_overlap(&record), 0.125);
  record_clear(&record);
  record = fabricate_trial("a", 1, "u4", 1, NAN);
  assert_near(compare_overlap(&record), 0.2 / 0.72);
  json_object_set_new(json_object_get(json_object_get(record.config, "data"), "split"),
                      "validation", json_real(0));
  assert_near(compare_overlap(&record), 0.25);
  record_clear(&record);
  record = fabricate_trial("a", 1, "ua", 1, NAN);
  assert_true(isnan(compare_overlap(&record)));
  record_clear(&record);
}

static void a_stopped_architecture_is_neither_best_nor_compared(void **state) {
  (void)state;
  char *folder = run_of_all_kinds();
  struct summary summary = summarise(folder);
  const struct summary_row *cut = &summary.row[7];
  assert_int_equal(cut->stopped, 5);
  assert_int_equal(cut->trials, 0);
  assert_int_equal(cut->stopped_epoch, 4);
  assert_true(isnan(cut->mse) && isnan(cut->validation_mse));
  assert_near(cut->stopped_mse, 0.5); /* lower than any that is done */
  assert_near(cut->stopped_validation_mse, 0.5);
  assert_true(cut->parameters > 0);
  assert_int_equal(cut->vs_baseline.pairs, 0);
  assert_int_equal(cut->vs_best.pairs, 0);
  summary_clear(&summary);
  fabricate_remove(folder);
}

static char *show(const char *folder, struct table_options options) {
  struct summary summary = summarise(folder);
  struct error error = {0};
  struct text text = {0};
  if (!table_write(&summary, 1, &options, &text, &error)) fail_msg("%s", error.message);
  summary_clear(&summary);
  return text.text;
}

static void the_table_is_the_one_recorded(void **state) {
  (void)state;
  char *folder = run_of_all_kinds();
  char *text = show(folder, (struct table_options){.format = TEXT_TABLE_TEXT});
  assert_string_equal(text, golden_table);
  free(text);
  fabricate_remove(folder);
}

static void what_was_stopped_ranks_after_what_was_done(void **state) {
  (void)state;
  static const char *const columns[] = {"mse", "difference", "p_holm", "validation_mse"};
  char *folder = run_of_all_kinds();
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
    char *text = show(folder, (struct table_options){.sort = columns[i]});
    const char *cut = strstr(text, "\ncut");
    assert_non_null(cut);
    assert_true(cut > strstr(text, "\nbetter") && cut > strstr(text, "\nalike"));
    assert_true(cut < strstr(text, "\nearly") &&
                strstr(text, "\nearly") < strstr(text, "\nbroken"));
    free(text);
  }
  fabricate_remove(folder);
}

static void top_counts_rows_of_the_order_asked_for(void **state) {
  (void)state;
  char *folder = run_of_all_kinds();
  char *text = show(folder, (struct table_options){.sort = "difference", .top = 2});
  assert_non_null(strstr(text, "\nbetter *"));
  assert_non_null(strstr(text, "\nagain ≈"));
  assert_null(strstr(text, "\nbase "));
  assert_non_null(strstr(text, "2 of 8 architectures shown"));
  assert_non_null(
      strstr(text, "Holm correction for 3 comparisons")); /* the family is the whole run */
  free(text);
  fabricate_remove(folder);
}

static void csv_and_json_have_the_comparison_in_full(void **state) {
  (void)state;
  char *folder = run_of_all_kinds();
  char *text = show(folder, (struct table_options){.format = TEXT_TABLE_JSON});
  json_error_t why;
  json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &why);
  const json_t *row = json_array_get(json, 1), *one = json_array_get(json, 4);
  const json_t *cut = json_array_get(json, 7);
  assert_near(json_real_value(json_object_get(row, "difference_low")), -0.035171973411194781);
  assert_near(json_real_value(json_object_get(row, "p_holm")), 3 * 0.02158095980423482);
  assert_int_equal(json_integer_value(json_object_get(row, "pairs")), 5);
  assert_true(json_is_false(json_object_get(row, "told_apart")));
  assert_true(json_is_null(json_object_get(row, "best_told_apart")));
  assert_true(json_is_true(json_object_get(row, "best")));
  assert_true(json_is_true(json_object_get(json_array_get(json, 0), "baseline")));
  assert_true(json_is_null(json_object_get(one, "told_apart")));
  assert_true(json_is_null(json_object_get(one, "difference_high")));
  assert_string_equal(json_string_value(json_object_get(cut, "status")), "stopped");
  assert_int_equal(json_integer_value(json_object_get(cut, "stopped")), 5);
  assert_int_equal(json_integer_value(json_object_get(cut, "stopped_epoch")), 4);
  assert_true(json_is_null(json_object_get(cut, "mse")));
  json_decref(json);
  free(text);
  text = show(folder, (struct table_options){.format = TEXT_TABLE_CSV});
  assert_non_null(strstr(text, ",5,0.0647428794"));
  assert_non_null(strstr(text, ",false,false,true,"));
  free(text);
  fabricate_remove(folder);
}

static void a_verdict_of_difference_bears_no_mark(void **state) {
  (void)state;
  static const char *const labels[] = {"a", "b"};
  char *folder = fabricate_folder();
  write_seeds(folder, "a", zero, 0.9);
  write_seeds(folder, "b", better, 0.91);
  fabricate_plan(folder, labels, 2, "a");
  char *text = show(folder, (struct table_options){0});
  assert_non_null(strstr(text, "-0.0200  [-0.0352, -0.0048]"));
  assert_null(strchr(text, '~'));
  assert_null(strstr(text, "≈"));
  free(text);
  fabricate_remove(folder);
}

static void a_baseline_without_a_done_trial_is_named(void **state) {
  (void)state;
  static const char *const labels[] = {"a", "b"};
  char *folder = fabricate_folder();
  stop(folder, "a", 1, 3, 0.5);
  write_seeds(folder, "b", better, 0.91);
  fabricate_plan(folder, labels, 2, "a");
  char *text = show(folder, (struct table_options){0});
  assert_non_null(strstr(text, "\na             (1)  (0.5000)"));
  assert_non_null(strstr(text, "(epoch 3)"));
  assert_non_null(strstr(text, "\nvs base: the baseline, a, was stopped: nothing"));
  free(text);
  fabricate_remove(folder);
}

static void each_of_two_runs_has_its_own_baseline_and_best(void **state) {
  (void)state;
  static const char *const labels[] = {"a", "b"};
  char *folders[] = {fabricate_folder(), fabricate_folder()};
  struct summary summaries[2];
  for (size_t i = 0; i < 2; i++) {
    write_seeds(folders[i], "a", zero, i == 0 ? 0.9 : 0.8);
    write_seeds(folders[i], "b", better, 0.85);
    fabricate_plan(folders[i], labels, 2, labels[i]);
    summaries[i] = summarise(folders[i]);
  }
  assert_true(summaries[0].row[1].best && summaries[1].row[0].best);
  assert_near(summaries[0].row[1].vs_baseline.difference, -0.02);
  assert_near(summaries[1].row[0].vs_baseline.difference, 0.02);
  struct error error = {0};
  struct text text = {0};
  assert_true(table_write(summaries, 2, &(struct table_options){0}, &text, &error));
  assert_non_null(strstr(text.text, "-0.0200  [-0.0352, -0.0048]"));
  assert_non_null(strstr(text.text, "+0.0200  [+0.0048, +0.0352]"));
  assert_non_null(
      strstr(text.text, "vs base: difference in test MSE from the run's baseline, paired"));
  assert_non_null(strstr(text.text, "*: lowest validation MSE of its run"));
  text_clear(&text);
  for (size_t i = 0; i < 2; i++) {
    summary_clear(&summaries[i]);
    fabricate_remove(folders[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_interval_corrects_for_overlapping_splits),
      cmocka_unit_test(holm_is_over_the_architectures_that_have_a_p),
      cmocka_unit_test(the_best_by_validation_is_what_the_others_are_told_apart_from),
      cmocka_unit_test(without_validation_rows_nothing_is_compared_with_a_best),
      cmocka_unit_test(trials_without_a_partner_are_left_out),
      cmocka_unit_test(the_seeds_of_a_fold_are_averaged_first),
      cmocka_unit_test(the_overlap_comes_from_counts_before_shares),
      cmocka_unit_test(a_stopped_architecture_is_neither_best_nor_compared),
      cmocka_unit_test(the_table_is_the_one_recorded),
      cmocka_unit_test(what_was_stopped_ranks_after_what_was_done),
      cmocka_unit_test(top_counts_rows_of_the_order_asked_for),
      cmocka_unit_test(csv_and_json_have_the_comparison_in_full),
      cmocka_unit_test(a_verdict_of_difference_bears_no_mark),
      cmocka_unit_test(a_baseline_without_a_done_trial_is_named),
      cmocka_unit_test(each_of_two_runs_has_its_own_baseline_and_best),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
