/* results/summary.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "results/summary.h"
#include "tests/records/fabricate.h"

static struct summary summarise(const char *folder) {
  struct summary summary;
  struct error error = {0};
  struct text left_out = {0};
  if (!summary_read(folder, &summary, &left_out, &error)) fail_msg("%s", error.message);
  return summary;
}

static void data_sets_are_named_once_even_where_one_names_part_of_another(void **state) {
  (void)state;
  static const char *const names[] = {"ml-100k-old", "ml-100k", "ml-100k"};
  char *folder = fabricate_folder();
  for (uint64_t seed = 0; seed < 3; seed++) {
    struct record record = fabricate_record("a", seed, 1);
    json_object_set_new(record.data, "name", json_string(names[seed]));
    fabricate_write(folder, &record);
    record_clear(&record);
  }
  struct summary summary = summarise(folder);
  assert_string_equal(summary.data, "ml-100k-old, ml-100k");
  summary_clear(&summary);
  fabricate_remove(folder);
}

static void folds_added_later_join_their_architecture(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  for (uint64_t seed = 1; seed <= 3; seed++) {
    struct record record = fabricate_record("a", seed, 1);
    json_t *folds = seed == 1 ? json_pack("[s]", "u1") : json_pack("[s,s]", "u1", "u2");
    json_decref(record.config);
    record.config =
        json_pack("{s:{s:s, s:{s:s, s:o}}, s:{s:i}}", "data", "path", seed == 1 ? "here" : "there",
                  "split", "method", "folds", "folds", folds, "train", "epochs", seed == 3 ? 2 : 1);
    fabricate_write(folder, &record);
    record_clear(&record);
  }
  struct summary summary = summarise(folder);
  assert_int_equal(summary.rows, 2); /* the third trains for longer */
  assert_int_equal(summary.row[0].trials, 2);
  summary_clear(&summary);
  fabricate_remove(folder);
}

/* As in results.db, where a record without a digest is of a data set of its own. */
static void two_data_sets_are_two_rows(void **state) {
  (void)state;
  static const char *const digests[] = {"1", "2", "1", NULL};
  char *folder = fabricate_folder();
  for (uint64_t seed = 0; seed < 4; seed++) {
    struct record record = fabricate_record("a", seed, 1);
    if (digests[seed] != NULL) {
      json_object_set_new(record.data, "digest", json_string(digests[seed]));
    }
    fabricate_write(folder, &record);
    record_clear(&record);
  }
  struct summary summary = summarise(folder);
  assert_int_equal(summary.rows, 3);
  assert_int_equal(summary.row[0].trials, 2);
  assert_int_equal(summary.row[1].trials, 1);
  assert_int_equal(summary.row[2].trials, 1);
  summary_clear(&summary);
  fabricate_remove(folder);
}

static void a_folder_that_is_no_run_is_refused(void **state) {
  (void)state;
  struct summary summary;
  struct error error = {0};
  struct text left_out = {0};
  assert_false(summary_read("no/such/run", &summary, &left_out, &error));
  assert_int_equal(error.kind, ERROR_USAGE);
  assert_string_equal(error.message,
                      "'no/such/run': no such folder\n"
                      "a run folder is what `crosslane sweep` makes, runs/NAME by default");
  assert_false(summary_read(".", &summary, &left_out, &error));
  assert_non_null(
      strstr(error.message, "no run in '.': it has no trials/ folder\na run folder is"));
  assert_false(summary_read("/dev/null", &summary, &left_out, &error));
  assert_non_null(strstr(error.message, "'/dev/null' is a file, not the folder of a run\n"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(data_sets_are_named_once_even_where_one_names_part_of_another),
      cmocka_unit_test(folds_added_later_join_their_architecture),
      cmocka_unit_test(two_data_sets_are_two_rows),
      cmocka_unit_test(a_folder_that_is_no_run_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
