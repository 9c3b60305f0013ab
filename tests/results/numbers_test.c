/* One record whose numbers all differ, under each number's name in the JSON
 * file, the index, the CSV table and the page: a swap cannot hide. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "records/index.h"
#include "records/record_list.h"
#include "results/report.h"
#include "results/table.h"
#include "tests/records/fabricate.h"

static char *distinct_run(char key[DIGEST_TEXT]) {
  char *folder = fabricate_folder();
  struct record record = fabricate_record("distinct", 7, 2);
  record.curve[0] = (struct record_epoch){
      .train_loss = 1.125, .validation_mse = 1.5, .test_mse = 1.75, .seconds = 0.375};
  record.curve[1] = (struct record_epoch){
      .train_loss = 0.875, .validation_mse = 0.625, .test_mse = 0.5625, .seconds = 0.4375};
  fabricate_settle(&record, 0.5625, 0.625); /* rmse 0.75, as a square root */
  record.mae = 0.6875;
  record.train_mse = 0.8125;
  record.train_seconds = 12.5;
  record.train_cpu_seconds = 23.25;
  record.rows_per_second = 345.5;
  record.parameters = 4101;
  record.wide_columns = 52;
  record.flops_per_row = 6103;
  record.train_rows = 704;
  record.validation_rows = 85;
  record.test_rows = 206;
  record.peak_rss_kib = 9107;
  record.jobs = 3;
  record.threads = 5;
  fabricate_write(folder, &record);
  memcpy(key, record.key, DIGEST_TEXT);
  record_clear(&record);
  return folder;
}

struct expected {
  const char *name, *value;
};

/* In the file, as in the index: numbers, then texts. */
static const struct expected numbers[] = {
    {"seed", "7"},
    {"train_rows", "704"},
    {"validation_rows", "85"},
    {"test_rows", "206"},
    {"mse", "0.5625"},
    {"rmse", "0.75"},
    {"mae", "0.6875"},
    {"train_mse", "0.8125"},
    {"validation_mse", "0.625"},
    {"best_epoch", "2"},
    {"train_seconds", "12.5"},
    {"train_cpu_seconds", "23.25"},
    {"rows_per_second", "345.5"},
    {"parameters", "4101"},
    {"wide_columns", "52"},
    {"flops_per_row", "6103"},
    {"peak_rss_kib", "9107"},
    {"jobs", "3"},
    {"threads", "5"},
};
static const struct expected texts[] = {
    {"label", "distinct"}, {"fold", ""},  {"status", "done"},
    {"isa", "scalar"},     {"error", ""}, {"started_at", "2026-01-02T03:04:05Z"},
};
enum { NUMBERS = sizeof numbers / sizeof *numbers, TEXTS = sizeof texts / sizeof *texts };

static json_t *read_file(const char *folder, const char *key) {
  char name[64];
  (void)snprintf(name, sizeof name, "trials/%s.json", key);
  char *text = fabricate_read(folder, name);
  json_t *json = json_loads(text, 0, NULL);
  assert_non_null(json);
  free(text);
  return json;
}

static void the_file_has_each_number_under_its_name(void **state) {
  (void)state;
  char key[DIGEST_TEXT];
  char *folder = distinct_run(key);
  json_t *json = read_file(folder, key);
  for (size_t i = 0; i < NUMBERS; i++) {
    const double value = json_number_value(json_object_get(json, numbers[i].name));
    if (value != strtod(numbers[i].value, NULL)) fail_msg("%s: %g", numbers[i].name, value);
  }
  for (size_t i = 0; i < TEXTS; i++) {
    assert_string_equal(json_string_value(json_object_get(json, texts[i].name)), texts[i].value);
  }
  json_t *curve = json_loads(
      "[{\"epoch\": 1, \"train_loss\": 1.125, \"validation_mse\": 1.5, \"test_mse\": 1.75,"
      "  \"seconds\": 0.375}, {\"epoch\": 2, \"train_loss\": 0.875, \"validation_mse\": 0.625,"
      "  \"test_mse\": 0.5625, \"seconds\": 0.4375}]",
      0, NULL);
  assert_true(json_equal(json_object_get(json, "curve"), curve));
  json_decref(curve);
  json_decref(json);
  fabricate_remove(folder);
}

static void assert_answer(sqlite3 *database, const char *sql, const char *expected) {
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK) {
    fail_msg("%s: %s", sql, sqlite3_errmsg(database));
  }
  assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
  const char *found = (const char *)sqlite3_column_text(statement, 0);
  if (found == NULL || strcmp(found, expected) != 0) fail_msg("%s: %s", sql, found);
  (void)sqlite3_finalize(statement);
}

static void assert_column(sqlite3 *database, const char *table, const char *column,
                          const char *expected) {
  char sql[256];
  (void)snprintf(sql, sizeof sql, "SELECT %s FROM %s", column, table);
  assert_answer(database, sql, expected);
}

static void assert_trial(sqlite3 *database, const char *key) {
  for (size_t i = 0; i < NUMBERS; i++) {
    assert_column(database, "trials", numbers[i].name, numbers[i].value);
  }
  for (size_t i = 0; i < TEXTS; i++) {
    assert_column(database, "trials", texts[i].name, texts[i].value);
  }
  static const struct expected others[] = {
      {"epochs", "2"},
      {"swept ->> '$.\"model.deep.hidden\"'", "[64,32]"},
      {"config ->> '$.train.learning_rate'", "0.001"},
      {"host ->> '$.cpu'", "a made-up processor"},
      {"build ->> '$.version'", "0.1.0"},
      {"data ->> '$.name'", "made-up"},
      {"count(*)", "1"},
      {"(SELECT count(*) FROM pragma_table_info('trials'))",
       "35"}, /* those above, two digests, and what a refit and an ensemble have */
  };
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    assert_column(database, "trials", others[i].name, others[i].value);
  }
  assert_column(database, "trials", "key", key);
}

static void the_index_has_each_number_under_its_name(void **state) {
  (void)state;
  char key[DIGEST_TEXT];
  char *folder = distinct_run(key);
  struct record_list list;
  struct text left_out = {0};
  struct error error = {0};
  assert_true(record_list_read(folder, &list, &left_out, &error));
  assert_true(index_build(folder, &error));
  char *path = file_join(folder, "results.db", &error);
  sqlite3 *database;
  assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
  assert_trial(database, key);
  assert_column(database, "trials", "weights_digest", list.record[0].weights_digest);
  static const struct expected epochs[] = {{"epoch", "2"},
                                           {"train_loss", "0.875"},
                                           {"validation_mse", "0.625"},
                                           {"test_mse", "0.5625"},
                                           {"seconds", "0.4375"}};
  for (size_t i = 0; i < sizeof epochs / sizeof *epochs; i++) {
    assert_column(database, "epochs WHERE epoch = 2", epochs[i].name, epochs[i].value);
  }
  static const struct expected means[] = {{"label", "distinct"},
                                          {"trials", "1"},
                                          {"failed", "0"},
                                          {"stopped", "0"},
                                          {"mean_mse", "0.5625"},
                                          {"min_mse", "0.5625"},
                                          {"max_mse", "0.5625"},
                                          {"mean_train_mse", "0.8125"},
                                          {"mean_validation_mse", "0.625"},
                                          {"mean_rmse", "0.75"},
                                          {"mean_mae", "0.6875"},
                                          {"mean_cpu_seconds", "23.25"},
                                          {"mean_seconds", "12.5"},
                                          {"parameters", "4101"},
                                          {"wide_columns", "52"},
                                          {"flops_per_row", "6103"}};
  for (size_t i = 0; i < sizeof means / sizeof *means; i++) {
    assert_column(database, "architectures", means[i].name, means[i].value);
  }
  (void)sqlite3_close(database);
  free(path);
  record_list_clear(&list);
  fabricate_remove(folder);
}

static char *csv_of(const char *folder) {
  struct summary summary;
  struct error error = {0};
  struct text text = {0}, left_out = {0};
  assert_true(summary_read(folder, &summary, &left_out, &error));
  assert_true(
      table_write(&summary, 1, &(struct table_options){.format = TEXT_TABLE_CSV}, &text, &error));
  summary_clear(&summary);
  return text.text;
}

/* The cell under this name; no cell of this table holds a comma. */
static char *cell_named(const char *csv, const char *name) {
  const char *row = strchr(csv, '\n') + 1;
  size_t length = strlen(name);
  const char *head = csv;
  while (strncmp(head, name, length) != 0 || strchr(",\r\n", head[length]) == NULL) {
    head = strpbrk(head, ",\n");
    if (head == NULL || *head == '\n') fail_msg("no column %s in %s", name, csv);
    head++;
    row = strchr(row, ',') + 1;
  }
  static char cell[64];
  const size_t size = strcspn(row, ",\r\n");
  assert_true(size < sizeof cell);
  memcpy(cell, row, size);
  cell[size] = '\0';
  return cell;
}

static void the_csv_has_each_number_under_its_name(void **state) {
  (void)state;
  char key[DIGEST_TEXT];
  char *folder = distinct_run(key);
  char *csv = csv_of(folder);
  static const struct expected cells[] = {
      {"label", "distinct"},    {"status", "done"},       {"n", "1"},
      {"failed", "0"},          {"stopped", "0"},         {"planned", "1"},
      {"mse", "0.5625"},        {"mse_sd", ""},           {"validation_mse", "0.625"},
      {"train_mse", "0.8125"},  {"rmse", "0.75"},         {"mae", "0.6875"},
      {"parameters", "4101"},   {"wide_columns", "52"},   {"flops_per_row", "6103"},
      {"cpu_seconds", "23.25"}, {"seconds", "12.5"},      {"stopped_mse", ""},
      {"difference", ""},       {"validation_mse_sd", ""}};
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
    const char *cell = cell_named(csv, cells[i].name);
    if (strcmp(cell, cells[i].value) != 0) fail_msg("%s: %s", cells[i].name, cell);
  }
  free(csv);
  fabricate_remove(folder);
}

/* A baseline of 0.5, 0.75, 1, and another that is worse by 0.125, 0.25, 0.375. */
static void differences_and_their_ends_stand_under_their_names(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  for (uint64_t seed = 1; seed <= 3; seed++) {
    const double base = 0.25 + 0.25 * (double)seed, off = 0.125 * ((double)seed - 2);
    const double mse[] = {base, base + 0.25 + off};
    for (size_t i = 0; i < 2; i++) {
      struct record record = fabricate_trial(i == 0 ? "base" : "other", seed, "", mse[i], mse[i]);
      fabricate_write(folder, &record);
      record_clear(&record);
    }
  }
  static const char *const labels[] = {"other", "base"};
  fabricate_plan(folder, labels, 2, "base");
  char *csv = csv_of(folder);
  /* Differences 0.125, 0.25, 0.375: s² = 1/64. With 0.2 of the rows tested on and
   * 0.72 trained on, (1/3 + 0.2/0.72) s² = 0.0977²; times Student's 4.3027: 0.4205. */
  const double difference = strtod(cell_named(csv, "difference"), NULL);
  const double low = strtod(cell_named(csv, "difference_low"), NULL);
  const double high = strtod(cell_named(csv, "difference_high"), NULL);
  assert_true(difference == 0.25);
  assert_true(fabs(low - -0.1705) < 1e-4);
  assert_true(fabs(high - 0.6705) < 1e-4);
  assert_string_equal(cell_named(csv, "pairs"), "3");
  assert_string_equal(cell_named(csv, "mse"), "1.0");
  free(csv);
  fabricate_remove(folder);
}

static void the_page_has_each_number_in_its_column(void **state) {
  (void)state;
  char key[DIGEST_TEXT];
  char *folder = distinct_run(key);
  struct text written = {0}, notes = {0};
  struct error error = {0};
  const char *const runs[] = {folder};
  if (!report_write(runs, 1, NULL, &written, &notes, &notes, &error)) fail_msg("%s", error.message);
  char *page = fabricate_read(folder, "report.html");
  static const struct expected cells[] = {
      {"Architecture", "<th scope=\"row\"><span class=\"label\">distinct<"},
      {"n", "<td>1<"},
      {"Test MSE ± sd", "<td data-value=\"0.5625\">0.5625<"},
      {"vs base", "<td>–<"},
      {"95 % interval", "<td>–<"},
      {"Validation MSE", "<td data-value=\"0.625\">0.6250<"},
      {"Train MSE", "<td data-value=\"0.8125\">0.8125<"},
      {"Parameters", "<td>4101<"},
      {"One-hot columns", "<td>52<"},
      {"CPU s", "<td>23.2<"}};
  const char *head = strstr(page, "<thead>"), *cell = strstr(page, "<tbody>");
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
    char name[64];
    (void)snprintf(name, sizeof name, "\">%s</button>", cells[i].name);
    head = strstr(head, "<button");
    cell = strstr(cell, i == 0 ? "<th" : "<td");
    assert_true(head != NULL && cell != NULL);
    head = strstr(head, "\">");
    assert_true(strncmp(head, name, strlen(name)) == 0);
    if (strncmp(cell, cells[i].value, strlen(cells[i].value)) != 0) {
      fail_msg("%s: %.60s", cells[i].name, cell);
    }
    cell++;
  }
  free(page);
  text_clear(&written);
  text_clear(&notes);
  fabricate_remove(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_file_has_each_number_under_its_name),
      cmocka_unit_test(the_index_has_each_number_under_its_name),
      cmocka_unit_test(the_csv_has_each_number_under_its_name),
      cmocka_unit_test(differences_and_their_ends_stand_under_their_names),
      cmocka_unit_test(the_page_has_each_number_in_its_column),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
