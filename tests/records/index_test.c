/* records/index.h */
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
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"
#include "records/index.h"
#include "records/record_list.h"
#include "tests/records/fabricate.h"

static char *database_path(const char *folder) {
  struct error error = {0};
  return file_join(folder, "results.db", &error);
}

/* The one number that a query gives; NaN for NULL. */
static double ask(const char *folder, const char *sql) {
  char *path = database_path(folder);
  sqlite3 *database;
  sqlite3_stmt *statement;
  assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
  if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK) {
    fail_msg("%s: %s", sql, sqlite3_errmsg(database));
  }
  assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
  bool null = sqlite3_column_type(statement, 0) == SQLITE_NULL;
  double value = null ? NAN : sqlite3_column_double(statement, 0);
  (void)sqlite3_finalize(statement);
  (void)sqlite3_close(database);
  free(path);
  return value;
}

static char *small_run(struct record_list *list) {
  char *folder = fabricate_folder();
  struct record records[] = {fabricate_record("a", 1, 4), fabricate_record("a", 2, 4),
                             fabricate_record("b", 1, 4),
                             fabricate_failure("b", 2, "killed by signal 9")};
  fabricate_settle(&records[0], 0.25, 0.5);
  fabricate_settle(&records[1], 0.75, 0.5);
  for (size_t i = 0; i < 4; i++) {
    fabricate_write(folder, &records[i]);
    record_clear(&records[i]);
  }
  struct error error = {0};
  struct text left_out = {0};
  assert_true(record_list_read(folder, list, &left_out, &error));
  assert_true(index_build(folder, &error));
  return folder;
}

static void queries_find_what_the_records_hold(void **state) {
  (void)state;
  struct record_list list;
  char *folder = small_run(&list);
  assert_int_equal((int)ask(folder, "PRAGMA user_version"), INDEX_VERSION);
  assert_int_equal((int)ask(folder, "SELECT count(*) FROM trials"), 4);
  assert_int_equal((int)ask(folder, "SELECT count(*) FROM epochs"), 12);
  assert_true(ask(folder, "SELECT mse FROM trials WHERE label = 'a' AND seed = 2") == 0.75);
  assert_true(isnan(ask(folder, "SELECT mse FROM trials WHERE status = 'failed'")));
  assert_int_equal((int)ask(folder,
                            "SELECT error = 'killed by signal 9' FROM trials"
                            " WHERE status = 'failed'"),
                   1);
  assert_true(ask(folder, "SELECT json_extract(config, '$.train.learning_rate') FROM trials") ==
              0.001);
  assert_int_equal((int)ask(folder, "SELECT wide_columns FROM trials"), 37);
  assert_int_equal((int)ask(folder, "SELECT flops_per_row FROM trials"), 12345);
  assert_int_equal((int)ask(folder, "SELECT data ->> 'name' = 'made-up' FROM trials"), 1);
  assert_int_equal((int)ask(folder, "SELECT started_at = '2026-01-02T03:04:05Z' FROM trials"), 1);
  for (size_t i = 0; i < list.count; i++) {
    if (list.record[i].epochs == 0) continue;
    char sql[128];
    (void)snprintf(sql, sizeof sql, "SELECT test_mse FROM epochs WHERE key = '%s' AND epoch = 3",
                   list.record[i].key);
    assert_true(ask(folder, sql) == list.record[i].curve[2].test_mse);
  }
  record_list_clear(&list);
  fabricate_remove(folder);
}

static void the_view_gives_means_by_architecture(void **state) {
  (void)state;
  struct record_list list;
  char *folder = small_run(&list);
  assert_int_equal((int)ask(folder, "SELECT count(*) FROM architectures"), 2);
  assert_true(ask(folder, "SELECT mean_mse FROM architectures WHERE label = 'a'") == 0.5);
  assert_true(ask(folder, "SELECT max_mse FROM architectures WHERE label = 'a'") == 0.75);
  assert_int_equal((int)ask(folder, "SELECT failed FROM architectures WHERE label = 'b'"), 1);
  assert_int_equal((int)ask(folder, "SELECT trials FROM architectures WHERE label = 'b'"), 1);
  record_list_clear(&list);
  fabricate_remove(folder);
}

static void a_stopped_trial_counts_but_enters_no_mean(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  struct record records[] = {fabricate_record("a", 1, 4), fabricate_record("a", 2, 4)};
  fabricate_settle(&records[0], 0.75, 0.5);
  records[0].train_rows = 70;
  records[0].validation_rows = 10;
  records[0].test_rows = 20;
  fabricate_settle(&records[1], 0.25, 0.5);
  records[1].status = TRIAL_STOPPED;
  for (size_t i = 0; i < 2; i++) {
    fabricate_write(folder, &records[i]);
    record_clear(&records[i]);
  }
  struct record_list list;
  struct error error = {0};
  struct text left_out = {0};
  assert_true(record_list_read(folder, &list, &left_out, &error) && index_build(folder, &error));
  assert_true(ask(folder, "SELECT mean_mse FROM architectures") == 0.75);
  assert_true(ask(folder, "SELECT min_mse FROM architectures") == 0.75);
  assert_int_equal((int)ask(folder, "SELECT trials FROM architectures"), 1);
  assert_int_equal((int)ask(folder, "SELECT stopped FROM architectures"), 1);
  assert_true(ask(folder, "SELECT mse FROM trials WHERE status = 'stopped'") == 0.25);
  assert_int_equal((int)ask(folder, "SELECT sum(train_rows) FROM trials"), 70);
  assert_int_equal((int)ask(folder, "SELECT sum(validation_rows) FROM trials"), 10);
  assert_int_equal((int)ask(folder, "SELECT sum(test_rows) FROM trials"), 20);
  assert_true(isnan(ask(folder, "SELECT test_rows FROM trials WHERE status = 'stopped'")));
  record_list_clear(&list);
  fabricate_remove(folder);
}

/* An ensemble of two that was trained anew for one epoch, with a plain trial beside it. */
static char *run_with_an_ensemble(void) {
  char *folder = fabricate_folder();
  struct record_member member[2] = {{"0123456789abcdef", 2, 1, 0.5},
                                    {"fedcba9876543210", 1, 1, 0.6}};
  const uint64_t digests[2] = {0x0123456789abcdef, 0xfedcba9876543210};
  struct record plain = fabricate_record("plain", 1, 4), both = fabricate_record("both", 1, 2);
  json_t *train = json_pack("{s:{s:i}, s:b, s:{s:i}}", "early_stopping", "patience", 1, "refit", 1,
                            "ensemble", "members", 2);
  assert_int_equal(json_object_set_new(both.config, "train", train), 0);
  both.curve[0] = (struct record_epoch){1, 0.5, 0.5, 1};
  both.curve[1] = (struct record_epoch){1, 0.75, 0.75, 1};
  both.best_epoch = both.refit_epochs = 1;
  both.validation_mse = 0.375;
  both.mse = 0.25;
  both.rmse = 0.5;
  both.mae = 0.125;
  both.members = 2;
  both.member = member;
  digest_text(digest_join(digests, 2), both.weights_digest);
  fabricate_write(folder, &plain);
  fabricate_write(folder, &both);
  both.members = 0;
  both.member = NULL;
  record_clear(&plain);
  record_clear(&both);
  return folder;
}

static void refits_and_members_have_columns(void **state) {
  (void)state;
  char *folder = run_with_an_ensemble();
  struct error error = {0};
  assert_true(index_build(folder, &error));
  assert_int_equal((int)ask(folder, "SELECT refit_epochs FROM trials WHERE label = 'both'"), 1);
  assert_true(isnan(ask(folder, "SELECT refit_epochs FROM trials WHERE label = 'plain'")));
  assert_true(isnan(ask(folder, "SELECT members FROM trials WHERE label = 'plain'")));
  static const char *const second =
      "SELECT json_array_length(members) = 2"
      " AND members ->> '$[1].weights_digest' = 'fedcba9876543210'"
      " AND members ->> '$[1].validation_mse' = 0.6"
      " FROM trials WHERE label = 'both'";
  assert_int_equal((int)ask(folder, second), 1);
  fabricate_remove(folder);
}

static void the_view_keeps_an_architecture_whole_when_folds_are_added(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  for (uint64_t seed = 1; seed <= 3; seed++) {
    struct record record = fabricate_record("a", seed, 1);
    json_decref(record.config);
    record.config = json_pack("{s:{s:s, s:{s:[s]}}}", "data", "path", seed == 1 ? "here" : "there",
                              "split", "folds", seed == 1 ? "u1" : "u2");
    json_object_set_new(record.data, "digest", json_string(seed == 3 ? "other" : "same"));
    fabricate_write(folder, &record);
    record_clear(&record);
  }
  struct record_list list;
  struct error error = {0};
  struct text left_out = {0};
  assert_true(record_list_read(folder, &list, &left_out, &error) && index_build(folder, &error));
  assert_int_equal((int)ask(folder, "SELECT count(*) FROM architectures"), 2); /* two data sets */
  assert_int_equal((int)ask(folder, "SELECT max(trials) FROM architectures"), 2);
  assert_int_equal(
      (int)ask(folder, "SELECT config = '{\"data\":{\"split\":{}}}' FROM architectures"), 1);
  record_list_clear(&list);
  fabricate_remove(folder);
}

/* What sqlite processes leave that are killed: a log to be applied to the old file. */
static void leftovers_of_the_old_index_are_not_applied_to_the_new_one(void **state) {
  (void)state;
  struct record_list list;
  char *folder = small_run(&list), *path = database_path(folder);
  struct error error = {0};
  static const char *const leftover[] = {"results.db-wal", "results.db-shm", "results.db-journal"};
  for (int deleted = 0; deleted < 2; deleted++) {
    pid_t child = fork();
    if (child == 0) {
      sqlite3 *database;
      bool good = sqlite3_open(path, &database) == SQLITE_OK &&
                  sqlite3_exec(database,
                               "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"
                               "UPDATE trials SET label = 'stale'; CREATE TABLE notes (x);",
                               NULL, NULL, NULL) == SQLITE_OK;
      _exit(good ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    char *wal = file_join(folder, leftover[0], &error);
    assert_true(file_exists(wal));
    free(wal);
    if (deleted == 1) assert_int_equal(unlink(path), 0);
    assert_true(index_build(folder, &error));
    for (size_t i = 0; i < 3; i++) {
      char *left = file_join(folder, leftover[i], &error);
      assert_false(file_exists(left));
      free(left);
    }
    assert_int_equal((int)ask(folder, "SELECT count(*) FROM trials WHERE label = 'stale'"), 0);
    assert_int_equal((int)ask(folder, "SELECT count(*) FROM trials"), 4);
    assert_int_equal((int)ask(folder,
                              "SELECT count(*) FROM pragma_integrity_check "
                              "WHERE integrity_check = 'ok'"),
                     1);
  }
  free(path);
  record_list_clear(&list);
  fabricate_remove(folder);
}

static void the_index_can_be_deleted_damaged_or_built_twice(void **state) {
  (void)state;
  struct record_list list;
  char *folder = small_run(&list), *path = database_path(folder);
  struct error error = {0};
  char *first = fabricate_read(folder, "results.db");
  assert_int_equal(unlink(path), 0);
  assert_true(index_build(folder, &error));
  assert_true(file_write_atomic(path, "not a database", 14, &error));
  assert_true(index_build(folder, &error));
  assert_int_equal((int)ask(folder, "SELECT count(*) FROM trials"), 4);
  char *again = fabricate_read(folder, "results.db");
  assert_memory_equal(first, again, 4096);
  free(first);
  free(again);
  free(path);
  record_list_clear(&list);
  fabricate_remove(folder);
}

static void hundreds_of_long_trials_take_no_time(void **state) {
  (void)state;
  enum { TRIALS = 500, EPOCHS = 300 };
  struct error error = {0};
  char *folder = fabricate_folder();
  for (size_t i = 0; i < TRIALS; i++) {
    struct record record = fabricate_record("many", i, EPOCHS);
    fabricate_write(folder, &record);
    record_clear(&record);
  }
  clock_t start = clock();
  assert_true(index_build(folder, &error));
  double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
  print_message("%d trials of %d epochs: %.2f s\n", TRIALS, EPOCHS, seconds);
  assert_int_equal((int)ask(folder, "SELECT count(*) FROM epochs"), TRIALS * EPOCHS);
  assert_true(seconds < 20); /* a sanitizer and a slow machine included; 0.5 s is usual */
  fabricate_remove(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(queries_find_what_the_records_hold),
      cmocka_unit_test(the_view_gives_means_by_architecture),
      cmocka_unit_test(a_stopped_trial_counts_but_enters_no_mean),
      cmocka_unit_test(refits_and_members_have_columns),
      cmocka_unit_test(the_view_keeps_an_architecture_whole_when_folds_are_added),
      cmocka_unit_test(leftovers_of_the_old_index_are_not_applied_to_the_new_one),
      cmocka_unit_test(the_index_can_be_deleted_damaged_or_built_twice),
      cmocka_unit_test(hundreds_of_long_trials_take_no_time),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
