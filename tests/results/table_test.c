/* results/summary.h, results/table.h, base/width.h */
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

#include "base/file.h"
#include "base/width.h"
#include "records/architectures.h"
#include "records/record_list.h"
#include "results/table.h"
#include "tests/records/fabricate.h"

static void write_trial(const char *folder, const char *label, uint64_t seed, double mse,
                        double validation) {
  struct record record = fabricate_record(label, seed, 2);
  fabricate_settle(&record, mse, validation);
  fabricate_write(folder, &record);
  record_clear(&record);
}

/* Without a config: by label, "beta" last, whose test MSE is the lowest. */
static char *hand_run(double validation) {
  char *folder = fabricate_folder();
  write_trial(folder, "alpha, one", 1, 1.0, validation);
  write_trial(folder, "alpha, one", 2, 1.5, validation);
  write_trial(folder, "alpha, one", 3, 2.0, validation);
  write_trial(folder, "beta", 1, 0.5, validation + 0.25);
  struct record failure = fabricate_failure("beta", 2, "diverged\nin epoch 7");
  fabricate_write(folder, &failure);
  record_clear(&failure);
  return folder;
}

static struct summary summarise(const char *folder) {
  struct summary summary;
  struct error error = {0};
  struct text left_out = {0};
  if (!summary_read(folder, &summary, &left_out, &error)) fail_msg("%s", error.message);
  return summary;
}

static char *show(const char *folder, struct table_options options) {
  struct summary summary = summarise(folder);
  struct error error = {0};
  struct text text = {0};
  if (!table_write(&summary, 1, &options, &text, &error)) fail_msg("%s", error.message);
  summary_clear(&summary);
  return text.text;
}

static void means_and_deviations_are_those_found_by_hand(void **state) {
  (void)state;
  char *folder = hand_run(0.75);
  struct summary summary = summarise(folder);
  assert_int_equal(summary.rows, 2);
  const struct summary_row *alpha = &summary.row[0], *beta = &summary.row[1];
  assert_string_equal(alpha->label, "alpha, one");
  assert_int_equal(alpha->trials, 3);
  assert_true(alpha->mse == 1.5);
  assert_true(alpha->mse_sd == 0.5); /* sqrt((0.25 + 0 + 0.25) / 2) */
  assert_true(alpha->validation_mse == 0.75);
  assert_true(alpha->validation_mse_sd == 0);
  assert_int_equal(beta->trials, 1);
  assert_int_equal(beta->failed, 1);
  assert_true(isnan(beta->mse_sd));
  assert_string_equal(beta->failure, "diverged\nin epoch 7");
  assert_true(alpha->best && !beta->best);
  summary_clear(&summary);
  fabricate_remove(folder);
}

static void the_baseline_is_compared_over_shared_seeds_alone(void **state) {
  (void)state;
  char *folder = hand_run(0.75);
  struct error error = {0};
  struct record_list list;
  struct text left_out = {0};
  assert_true(record_list_read(folder, &list, &left_out, &error));
  char alpha[] = "alpha, one", beta[] = "beta", name[] = "by hand";
  char alpha_keys[3][DIGEST_TEXT], beta_keys[2][DIGEST_TEXT];
  size_t alphas = 0, betas = 0;
  for (size_t i = 0; i < list.count; i++) {
    bool first = strcmp(list.record[i].label, alpha) == 0;
    memcpy(first ? alpha_keys[alphas++] : beta_keys[betas++], list.record[i].key, DIGEST_TEXT);
  }
  struct architecture_entry entries[] = {{.label = beta, .keys = betas, .key = beta_keys},
                                         {.label = alpha, .keys = alphas, .key = alpha_keys}};
  struct architecture_list plan = {
      .name = name, .baseline = alpha, .count = 2, .architecture = entries};
  assert_true(architectures_write(folder, &plan, &error));
  struct summary summary = summarise(folder);
  assert_string_equal(summary.row[0].label, "beta");
  assert_true(summary.row[0].vs_baseline.difference == -0.5); /* seed 1: 0.5 - 1.0 */
  assert_true(isnan(summary.row[1].vs_baseline.difference));
  assert_true(summary.row[1].baseline);
  summary_clear(&summary);
  record_list_clear(&list);
  fabricate_remove(folder);
}

static void the_default_order_is_the_configs_and_not_by_test_mse(void **state) {
  (void)state;
  char *folder = hand_run(0.75);
  char *text = show(folder, (struct table_options){.format = TEXT_TABLE_TEXT});
  const char *alpha = strstr(text, "\nalpha, one"), *beta = strstr(text, "\nbeta");
  assert_non_null(alpha);
  assert_non_null(beta);
  assert_true(alpha < beta);
  free(text);
  text = show(folder, (struct table_options){.format = TEXT_TABLE_TEXT, .sort = "mse"});
  assert_true(strstr(text, "\nbeta") < strstr(text, "\nalpha, one"));
  free(text);
  text = show(folder, (struct table_options){.format = TEXT_TABLE_TEXT, .sort = "mse_sd"});
  assert_true(strstr(text, "\nalpha, one") < strstr(text, "\nbeta")); /* no value: last */
  free(text);
  fabricate_remove(folder);
}

static void text_is_aligned_and_says_what_failed(void **state) {
  (void)state;
  char *folder = hand_run(0.75);
  char *text = show(folder, (struct table_options){.format = TEXT_TABLE_TEXT});
  const char *table = strstr(text, "architecture");
  const char *wanted =
      "architecture    n    test MSE ± sd  val. MSE  params  one-hot  CPU s  wall s\n"
      "alpha, one *    3  1.5000 ± 0.5000    0.7500    4106       37   0.48    0.50\n"
      "beta          1/2  0.5000             1.0000    4100       37   0.48    0.50\n";
  assert_non_null(table);
  assert_memory_equal(table, wanted, strlen(wanted));
  assert_non_null(strstr(text, "\nfailed: 1 of 2 trials of beta: diverged in epoch 7\n"));
  assert_non_null(strstr(text, "\n*: lowest validation MSE of the complete architectures\n"));
  free(text);
  fabricate_remove(folder);
}

static void nothing_is_the_best_without_validation_rows(void **state) {
  (void)state;
  char *folder = hand_run(NAN);
  char *text = show(folder, (struct table_options){.format = TEXT_TABLE_TEXT});
  assert_null(strstr(text, " *"));
  assert_null(strstr(text, "val. MSE"));
  assert_non_null(strstr(text, "no validation rows: none is marked as the best"));
  free(text);
  fabricate_remove(folder);
}

static void csv_quotes_as_rfc_4180_and_has_every_digit(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  write_trial(folder, "say \"a, b\"", 1, 1.0 / 3, NAN);
  char *text = show(folder, (struct table_options){.format = TEXT_TABLE_CSV});
  const char *head =
      "run,label,status,n,failed,stopped,planned,mse,mse_sd,difference,difference_low,"
      "difference_high,pairs,p_holm,told_apart,";
  assert_memory_equal(text, head, strlen(head));
  const char *row = strchr(text, '\n');
  assert_non_null(row);
  assert_memory_equal(row + 1, folder, strlen(folder));
  const char *cells = ",\"say \"\"a, b\"\"\",done,1,0,0,1,0.3333333333333333,,,,";
  assert_memory_equal(row + 1 + strlen(folder), cells, strlen(cells));
  assert_null(strchr(text, '\r'));
  free(text);
  fabricate_remove(folder);
}

static void json_is_a_list_with_one_object_a_row(void **state) {
  (void)state;
  char *folder = hand_run(0.75);
  char *text = show(folder, (struct table_options){.format = TEXT_TABLE_JSON});
  json_error_t why;
  json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &why);
  assert_int_equal(json_array_size(json), 2);
  const json_t *beta = json_array_get(json, 1);
  assert_string_equal(json_string_value(json_object_get(beta, "label")), "beta");
  assert_true(json_real_value(json_object_get(beta, "mse")) == 0.5);
  assert_true(json_is_null(json_object_get(beta, "mse_sd")));
  assert_true(json_is_integer(json_object_get(beta, "parameters")));
  assert_true(json_is_false(json_object_get(beta, "synthetic")));
  assert_true(json_is_object(json_object_get(beta, "swept")));
  assert_string_equal(json_string_value(json_object_get(beta, "failure")), "diverged\nin epoch 7");
  json_decref(json);
  free(text);
  fabricate_remove(folder);
}

static void every_column_can_be_sorted_by(void **state) {
  (void)state;
  char *folder = hand_run(0.75);
  char *csv = show(folder, (struct table_options){.format = TEXT_TABLE_CSV});
  *strstr(csv, ",data,synthetic,") = '\0';
  size_t columns = 0;
  for (char *name = strtok(csv, ","); name != NULL; name = strtok(NULL, ",")) {
    char *text = show(folder, (struct table_options){.format = TEXT_TABLE_TEXT, .sort = name});
    assert_non_null(strstr(text, "\nbeta"));
    free(text);
    columns++;
  }
  assert_true(columns > 30);
  free(csv);
  fabricate_remove(folder);
}

static void a_long_label_is_broken_and_not_the_page(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  const char *label =
      "user_id, item_id, age_group, gender, occupation, zip_area, genres, "
      "release_decade, rating_weekday, rating_hour, user_history, item_history";
  write_trial(folder, label, 1, 1.0, 0.75);
  write_trial(folder, label, 2, 1.5, 0.75);
  write_trial(
      folder,
      "映画映画映画映画映画映画映画映画映画映画映画映画映画映画映画映画映画映画映画映画映画", 1,
      1.0, 0.75);
  char *text = show(folder, (struct table_options){.format = TEXT_TABLE_TEXT, .width = 120});
  char *end = NULL;
  for (char *line = strstr(text, "architecture"); *line != '\n'; line = end + 1) {
    end = strchr(line, '\n');
    *end = '\0';
    assert_true(width_of(line) <= 120);
    *end = '\n';
  }
  assert_non_null(strstr(text, "\nuser_id, item_id, age_group"));
  assert_non_null(strstr(text, "\n  "));
  assert_non_null(strstr(text, "item_history *\n"));
  free(text);
  text = show(folder, (struct table_options){.format = TEXT_TABLE_MARKDOWN});
  assert_non_null(strstr(text, "rating\\_hour, user\\_history, item\\_history"));
  free(text);
  fabricate_remove(folder);
}

static void markdown_escapes_what_would_break_a_cell(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  write_trial(folder, "a | b_c", 1, 1.0, NAN);
  char *text = show(folder, (struct table_options){.format = TEXT_TABLE_MARKDOWN});
  assert_non_null(strstr(text, "\n|:---|---:|"));
  assert_non_null(strstr(text, "\n| a \\| b\\_c | 1 | 1.0000 |"));
  free(text);
  fabricate_remove(folder);
}

static void an_unknown_column_is_refused_with_the_nearest(void **state) {
  (void)state;
  char *folder = hand_run(0.75);
  struct summary summary = summarise(folder);
  struct error error = {0};
  struct text text = {0};
  struct table_options options = {.sort = "paramters"};
  assert_false(table_write(&summary, 1, &options, &text, &error));
  assert_int_equal(error.kind, ERROR_USAGE);
  assert_non_null(strstr(error.message, "did you mean 'parameters'?"));
  assert_null(text.text);
  summary_clear(&summary);
  fabricate_remove(folder);
}

static void synthetic_data_and_emulated_machines_are_named(void **state) {
  (void)state;
  struct fabricated_run run = {.architectures = 3,
                               .seeds = 2,
                               .epochs = 2,
                               .synthetic = true,
                               .emulated = true,
                               .irreducible_mse = 0.8125,
                               .rating_variance = NAN};
  char *folder = fabricate_run(&run);
  char *text = show(folder, (struct table_options){.format = TEXT_TABLE_TEXT, .top = 2});
  assert_non_null(strstr(text, "fabricated: made up for a test\n"));
  assert_non_null(strstr(text, "SYNTHETIC DATA"));
  assert_non_null(strstr(text, "irreducible MSE 0.8125"));
  assert_non_null(strstr(text, "EMULATED MACHINE"));
  assert_non_null(strstr(text, "2 of 3 architectures shown"));
  assert_null(strstr(text, "hidden=[3]"));
  assert_null(strstr(text, "\033["));
  free(text);
  text = show(folder, (struct table_options){.format = TEXT_TABLE_TEXT, .color = true});
  assert_non_null(strstr(text, "\033[1m"));
  free(text);
  fabricate_remove(folder);
}

static void several_runs_share_one_table_with_a_column_for_the_run(void **state) {
  (void)state;
  char *folders[] = {hand_run(0.75), hand_run(0.5)};
  struct summary summaries[] = {summarise(folders[0]), summarise(folders[1])};
  struct error error = {0};
  struct text text = {0};
  assert_true(table_write(summaries, 2, &(struct table_options){.sort = "mse"}, &text, &error));
  assert_non_null(strstr(text.text, "\nrun  "));
  const char *rows = strstr(text.text, "\nrun  ");
  for (size_t i = 0; i < 2; i++) {
    const char *row = strstr(rows, folders[i]);
    assert_non_null(row);
    const char *label = row + strlen(folders[i]);
    assert_memory_equal(label + strspn(label, " "), "beta", 4);
  }
  text_clear(&text);
  for (size_t i = 0; i < 2; i++) {
    summary_clear(&summaries[i]);
    fabricate_remove(folders[i]);
  }
}

static void trials_that_have_not_run_are_counted(void **state) {
  (void)state;
  struct fabricated_run run = {
      .architectures = 2, .seeds = 3, .epochs = 1, .irreducible_mse = NAN, .rating_variance = NAN};
  char *folder = fabricate_run(&run);
  struct summary summary = summarise(folder);
  char name[64];
  (void)snprintf(name, sizeof name, "trials/%s.json", summary.records.record[0].key);
  struct error error = {0};
  char *path = file_join(folder, name, &error);
  assert_int_equal(unlink(path), 0);
  char *text = show(folder, (struct table_options){0});
  assert_non_null(strstr(text, "fabricated: 1 of 6 trials have not run yet"));
  free(text);
  free(path);
  summary_clear(&summary);
  fabricate_remove(folder);
}

static void sorting_by_test_rows_is_said_to_be_no_selection(void **state) {
  (void)state;
  static const char *const test[] = {"mse", "rmse", "mae", "difference", "best_difference"};
  static const char *const others[] = {"validation_mse", "n", "label", "train_mse", "mse_sd"};
  static const char note[] = "\nsorted by a result on the test rows: not for selection\n";
  char *folder = hand_run(0.75);
  for (size_t i = 0; i < 5; i++) {
    for (enum text_table_format format = TEXT_TABLE_TEXT; format <= TEXT_TABLE_MARKDOWN; format++) {
      bool prose = format == TEXT_TABLE_TEXT || format == TEXT_TABLE_MARKDOWN;
      char *text = show(folder, (struct table_options){.format = format, .sort = test[i]});
      assert_int_equal(strstr(text, note) != NULL, prose);
      free(text);
    }
    char *text = show(folder, (struct table_options){.sort = others[i]});
    assert_null(strstr(text, "sorted by"));
    free(text);
  }
  char *text = show(folder, (struct table_options){0});
  assert_null(strstr(text, "sorted by"));
  free(text);
  fabricate_remove(folder);
}

static void a_run_without_a_record_says_so(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  char *text = show(folder, (struct table_options){0});
  assert_non_null(strstr(text, "no trial has ended yet"));
  free(text);
  text = show(folder, (struct table_options){.format = TEXT_TABLE_JSON});
  assert_string_equal(text, "[]\n");
  free(text);
  fabricate_remove(folder);
}

static void a_label_cannot_drive_the_terminal(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  write_trial(folder, "a\033[2Jb\nc", 1, 1.0, NAN);
  char *text = show(folder, (struct table_options){.format = TEXT_TABLE_TEXT});
  assert_non_null(strstr(text, "\na [2Jb c"));
  assert_null(strchr(text, '\033'));
  free(text);
  fabricate_remove(folder);
}

static void no_format_passes_on_what_acts_on_a_terminal(void **state) {
  (void)state;
  static const struct {
    enum text_table_format format;
    const char *label;
  } shown[] = {{TEXT_TABLE_TEXT, "=x 2J\ufffd"},
               {TEXT_TABLE_CSV, "'=x 2J\ufffd"},
               {TEXT_TABLE_MARKDOWN, "=x 2J\ufffd"},
               {TEXT_TABLE_JSON, "\"=x\\u009b2J\\u202e\""}};
  char *folder = fabricate_folder();
  write_trial(folder,
              "=x\xc2\x9b"
              "2J\u202e",
              1, 1.0, NAN);
  for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
    char *text = show(folder, (struct table_options){.format = shown[i].format});
    if (strstr(text, shown[i].label) == NULL) fail_msg("no '%s' in %s", shown[i].label, text);
    assert_null(strstr(text, "\xc2\x9b"));
    assert_null(strstr(text, "\u202e"));
    free(text);
  }
  fabricate_remove(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(means_and_deviations_are_those_found_by_hand),
      cmocka_unit_test(the_baseline_is_compared_over_shared_seeds_alone),
      cmocka_unit_test(the_default_order_is_the_configs_and_not_by_test_mse),
      cmocka_unit_test(text_is_aligned_and_says_what_failed),
      cmocka_unit_test(nothing_is_the_best_without_validation_rows),
      cmocka_unit_test(csv_quotes_as_rfc_4180_and_has_every_digit),
      cmocka_unit_test(json_is_a_list_with_one_object_a_row),
      cmocka_unit_test(every_column_can_be_sorted_by),
      cmocka_unit_test(a_long_label_is_broken_and_not_the_page),
      cmocka_unit_test(markdown_escapes_what_would_break_a_cell),
      cmocka_unit_test(an_unknown_column_is_refused_with_the_nearest),
      cmocka_unit_test(synthetic_data_and_emulated_machines_are_named),
      cmocka_unit_test(several_runs_share_one_table_with_a_column_for_the_run),
      cmocka_unit_test(trials_that_have_not_run_are_counted),
      cmocka_unit_test(sorting_by_test_rows_is_said_to_be_no_selection),
      cmocka_unit_test(a_run_without_a_record_says_so),
      cmocka_unit_test(a_label_cannot_drive_the_terminal),
      cmocka_unit_test(no_format_passes_on_what_acts_on_a_terminal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
