/* Several folders' records as one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "records/record_union.h"
#include "tests/records/fabricate.h"

enum { FOLDERS = 3 };

struct folders {
  char *path[FOLDERS];
};

static int enter(void **state) {
  struct folders *folders = calloc(1, sizeof *folders);
  for (size_t i = 0; folders != NULL && i < FOLDERS; i++) folders->path[i] = fabricate_folder();
  *state = folders;
  return folders != NULL ? 0 : -1;
}

static int leave(void **state) {
  struct folders *folders = *state;
  for (size_t i = 0; i < FOLDERS; i++) fabricate_remove(folders->path[i]);
  free(folders);
  return 0;
}

static void put(struct folders *folders, size_t folder, struct record record) {
  fabricate_write(folders->path[folder], &record);
  record_clear(&record);
}

static void read_all(struct folders *folders, struct record_union *all) {
  struct error error = {0};
  struct text left_out = {0};
  if (!record_union_read(all, (const char *const *)folders->path, FOLDERS, &left_out, &error)) {
    fail_msg("%s", error.message);
  }
  assert_int_equal(left_out.length, 0);
}

/* The folder that the record of the only key is taken from. */
static size_t chosen_of(struct folders *folders) {
  struct record_union all;
  read_all(folders, &all);
  assert_true(all.count > 0);
  const struct record_fact *found = record_union_find(&all, all.fact[0].key);
  assert_non_null(found);
  const size_t run = found->run;
  size_t chosen = 0;
  for (size_t i = 0; i < all.count; i++) chosen += all.fact[i].chosen;
  assert_int_equal(chosen, 1);
  record_union_clear(&all);
  return run;
}

static void assert_refused(struct folders *folders, const char *const *parts, size_t count) {
  struct record_union all;
  struct error error = {0};
  struct text left_out = {0};
  assert_false(
      record_union_read(&all, (const char *const *)folders->path, FOLDERS, &left_out, &error));
  assert_int_equal(error.kind, ERROR_DATA);
  for (size_t i = 0; i < count; i++) {
    if (strstr(error.message, parts[i]) == NULL) {
      fail_msg("'%s' is not in: %s", parts[i], error.message);
    }
  }
  assert_int_equal(all.count, 0);
}

static struct record started(struct record record, const char *when) {
  free(record.started_at);
  record.started_at = strdup(when);
  return record;
}

/* Its first epochs, and the numbers of the last of these. */
static struct record stopped(size_t epochs) {
  struct record record = fabricate_record("a", 1, 8);
  record.status = TRIAL_STOPPED;
  record.epochs = epochs;
  fabricate_settle(&record, record.curve[epochs - 1].test_mse,
                   record.curve[epochs - 1].validation_mse);
  return record;
}

static struct record failed(size_t epochs) {
  struct record record = fabricate_failure("a", 1, "diverged");
  struct record other = fabricate_record("a", 1, 8);
  record.epochs = epochs;
  record.curve = other.curve;
  other.curve = NULL;
  record_clear(&other);
  return record;
}

static void each_key_is_there_once(void **state) {
  struct folders *folders = *state;
  struct record_union all;
  for (uint64_t seed = 1; seed <= 9; seed++) put(folders, seed % 3, fabricate_record("a", seed, 8));
  put(folders, 0, fabricate_record("a", 1, 8));
  read_all(folders, &all);
  assert_int_equal(all.count, 10);
  size_t chosen = 0;
  for (size_t i = 0; i < all.count; i++) {
    chosen += all.fact[i].chosen;
    if (i > 0) assert_true(strcmp(all.fact[i - 1].key, all.fact[i].key) <= 0);
    assert_true(record_union_find(&all, all.fact[i].key)->chosen);
  }
  assert_int_equal(chosen, 9);
  assert_null(record_union_find(&all, "0000000000000000"));
  record_union_clear(&all);
}

static void folders_without_records_are_none(void **state) {
  struct record_union all;
  read_all(*state, &all);
  assert_int_equal(all.count, 0);
  assert_null(record_union_find(&all, "0000000000000000"));
}

static void done_beats_all_and_the_longer_of_stopped_and_failed_the_other(void **state) {
  put(*state, 0, failed(3));
  put(*state, 1, stopped(4));
  assert_int_equal(chosen_of(*state), 1);
  put(*state, 0, failed(4)); /* in the fifth, after the rung */
  assert_int_equal(chosen_of(*state), 0);
  put(*state, 1, stopped(6));
  assert_int_equal(chosen_of(*state), 1);
  put(*state, 2, fabricate_record("a", 1, 8));
  assert_int_equal(chosen_of(*state), 2);
}

static void the_longer_curve_beats_the_shorter(void **state) {
  put(*state, 0, stopped(2));
  put(*state, 1, stopped(6));
  put(*state, 2, stopped(4));
  assert_int_equal(chosen_of(*state), 1);
  put(*state, 0, failed(0));
  put(*state, 1, failed(2));
  put(*state, 2, failed(3));
  assert_int_equal(chosen_of(*state), 2);
}

static void of_equal_ones_the_earliest_is_taken(void **state) {
  put(*state, 0, started(fabricate_record("a", 1, 8), "2026-03-02T10:00:00Z"));
  put(*state, 1, started(fabricate_record("a", 1, 8), "2026-03-01T23:59:59Z"));
  put(*state, 2, started(fabricate_record("a", 1, 8), "2026-03-02T10:00:00Z"));
  assert_int_equal(chosen_of(*state), 1);
  put(*state, 1, started(fabricate_record("a", 1, 8), "2026-03-02T10:00:00Z"));
  assert_int_equal(chosen_of(*state), 0);
}

static void times_and_machines_do_not_differ(void **state) {
  struct record record = fabricate_record("a", 1, 8);
  free(record.label);
  record.label = strdup("renamed");
  for (size_t e = 0; e < record.epochs; e++) record.curve[e].seconds *= 2;
  record.train_seconds *= 3;
  record.threads = 7;
  json_object_set_new(record.host, "cpu", json_string("another processor"));
  put(*state, 0, record);
  put(*state, 1, fabricate_record("a", 1, 8));
  assert_int_equal(chosen_of(*state), 0);
}

/* An edited number, with whatever must agree with it. */
static void other_numbers_are_a_conflict(void **state) {
  struct folders *folders = *state;
  struct record edited = fabricate_record("a", 1, 8);
  fabricate_settle(&edited, 0.25, edited.validation_mse);
  json_object_set_new(edited.host, "cpu", json_string("another processor"));
  put(folders, 0, fabricate_record("a", 1, 8));
  put(folders, 2, edited);
  const char *const parts[] = {folders->path[0],
                               folders->path[2],
                               "a, seed 1: other numbers than in",
                               "another processor",
                               "mse ",
                               "a made-up processor",
                               "0.25",
                               "another curve"};
  assert_refused(folders, parts, sizeof parts / sizeof parts[0]);
}

static void other_weights_alone_are_a_conflict(void **state) {
  struct record edited = fabricate_record("a", 1, 8);
  memcpy(edited.weights_digest, "0123456789abcdef", DIGEST_TEXT);
  put(*state, 0, fabricate_record("a", 1, 8));
  put(*state, 1, edited);
  const char *const parts[] = {"weights_digest", "0123456789abcdef"};
  assert_refused(*state, parts, 2);
}

/* The numbers at the end are the same. */
static void another_curve_alone_is_a_conflict(void **state) {
  struct record edited = fabricate_record("a", 1, 8);
  edited.curve[0].train_loss += 1e-9;
  put(*state, 0, fabricate_record("a", 1, 8));
  put(*state, 1, edited);
  const char *const part = "another curve";
  assert_refused(*state, &part, 1);
}

/* Training that is done has one length. */
static void other_epochs_of_done_trials_are_a_conflict(void **state) {
  put(*state, 0, fabricate_record("a", 1, 8));
  put(*state, 1, fabricate_record("a", 1, 7));
  const char *const part = "epochs against";
  assert_refused(*state, &part, 1);
}

/* A record that is done does not hide it. */
static void stopped_ones_of_one_length_agree(void **state) {
  struct record edited = stopped(4);
  edited.curve[0].train_loss += 1e-9;
  put(*state, 0, stopped(4));
  put(*state, 1, edited);
  put(*state, 2, fabricate_record("a", 1, 8));
  const char *const part = "another curve";
  assert_refused(*state, &part, 1);
}

static void all_conflicts_are_counted(void **state) {
  for (uint64_t seed = 1; seed <= 25; seed++) {
    struct record edited = fabricate_record("a", seed, 8);
    edited.curve[0].train_loss += 1e-9;
    put(*state, 0, fabricate_record("a", seed, 8));
    put(*state, 1, edited);
  }
  const char *const parts[] = {"... and 5 more", "was a record edited"};
  assert_refused(*state, parts, 2);
}

static void other_data_are_refused(void **state) {
  struct record other = fabricate_record("a", 2, 8);
  json_object_set_new(other.data, "digest", json_string("00000000000000ff"));
  put(*state, 0, fabricate_record("a", 1, 8));
  put(*state, 1, other);
  const char *const parts[] = {"trained on other data than", "00000000000000ff", "data check"};
  assert_refused(*state, parts, 3);
}

static void another_numerics_version_is_refused(void **state) {
  struct record other = fabricate_record("a", 2, 8);
  other.numerics_version = 99;
  put(*state, 0, fabricate_record("a", 1, 8));
  put(*state, 1, other);
  const char *const parts[] = {"numerics version 99, and 3 in", "same version of Crosslane"};
  assert_refused(*state, parts, 2);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, enter, leave)
  const struct CMUnitTest tests[] = {
      CASE(each_key_is_there_once),
      CASE(folders_without_records_are_none),
      CASE(done_beats_all_and_the_longer_of_stopped_and_failed_the_other),
      CASE(the_longer_curve_beats_the_shorter),
      CASE(of_equal_ones_the_earliest_is_taken),
      CASE(times_and_machines_do_not_differ),
      CASE(other_numbers_are_a_conflict),
      CASE(other_weights_alone_are_a_conflict),
      CASE(another_curve_alone_is_a_conflict),
      CASE(other_epochs_of_done_trials_are_a_conflict),
      CASE(stopped_ones_of_one_length_agree),
      CASE(all_conflicts_are_counted),
      CASE(other_data_are_refused),
      CASE(another_numerics_version_is_refused),
  };
  return cmocka_run_group_tests_name("record_union", tests, NULL, NULL);
}
