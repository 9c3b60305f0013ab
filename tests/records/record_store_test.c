/* Which of two records of one key stays. */
#include "records/record_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/records/fabricate.h"

#define KEY "0123456789abcdef"
#define PATH "trials/" KEY ".json"

static int set_up(void **state) {
  *state = fabricate_folder();
  return chdir(*state);
}

static int tear_down(void **state) {
  fabricate_remove(*state);
  return chdir("/");
}

/* A record with so many epochs, which says `note` of itself. */
static void put(enum trial_status status, size_t epochs, const char *note) {
  struct record record = {.key = KEY, .status = status, .threads = 1, .started_at = strdup(note)};
  struct error error = {0};
  record.epochs = epochs;
  record.curve = calloc(epochs + 1, sizeof *record.curve);
  for (size_t e = 0; e < epochs; e++) record.curve[e].validation_mse = 10.0 - (double)e;
  if (status != TRIAL_FAILED) {
    memcpy(record.weights_digest, KEY, sizeof KEY);
    fabricate_settle(&record, 0.25, record.curve[epochs - 1].validation_mse);
  }
  record.host = json_pack("{s:b}", "emulated", 0);
  record.data = json_pack("{s:s, s:b}", "name", "t", "synthetic", 1);
  if (!record_store(".", &record, &error)) fail_msg("%s", error.message);
  record_clear(&record);
}

static void assert_kept(enum trial_status status, size_t epochs, const char *note) {
  struct record record;
  struct error error = {0};
  if (!record_read(PATH, &record, &error)) fail_msg("%s", error.message);
  assert_int_equal(record.status, status);
  assert_int_equal(record.epochs, epochs);
  assert_string_equal(record.started_at, note);
  for (size_t e = 0; e < epochs; e++) {
    assert_true(record.curve[e].validation_mse == 10.0 - (double)e);
  }
  record_clear(&record);
}

static void a_shorter_record_does_not_replace_a_longer_one(void **state) {
  (void)state;
  (void)unlink(PATH);
  put(TRIAL_STOPPED, 2, "rung");
  assert_kept(TRIAL_STOPPED, 2, "rung");
  put(TRIAL_DONE, 9, "end");
  assert_kept(TRIAL_DONE, 9, "end");
  put(TRIAL_STOPPED, 2, "rerun: rung");
  put(TRIAL_STOPPED, 8, "rerun: one epoch less");
  assert_kept(TRIAL_DONE, 9, "end");
  put(TRIAL_DONE, 9, "rerun: end");
  assert_kept(TRIAL_DONE, 9, "rerun: end");
}

static void a_crash_keeps_the_curve_of_the_rungs_before(void **state) {
  (void)state;
  (void)unlink(PATH);
  put(TRIAL_STOPPED, 4, "rung");
  put(TRIAL_FAILED, 0, "crash");
  assert_kept(TRIAL_FAILED, 4, "crash");
  put(TRIAL_FAILED, 6, "divergence");
  assert_kept(TRIAL_FAILED, 6, "divergence");
  put(TRIAL_STOPPED, 2, "retried");
  assert_kept(TRIAL_STOPPED, 2, "retried");
}

static void a_damaged_record_is_replaced(void **state) {
  (void)state;
  FILE *file = fopen(PATH, "w");
  assert_non_null(file);
  assert_true(fputs("{", file) >= 0 && fclose(file) == 0);
  put(TRIAL_STOPPED, 2, "rung");
  assert_kept(TRIAL_STOPPED, 2, "rung");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_shorter_record_does_not_replace_a_longer_one),
      cmocka_unit_test(a_crash_keeps_the_curve_of_the_rungs_before),
      cmocka_unit_test(a_damaged_record_is_replaced),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
