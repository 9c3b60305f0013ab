/* A training that goes on from its checkpoint comes to the same bits as one that was never
 * interrupted: of every kind, interrupted at every place where it may be. A new kind of state
 * that is not saved fails here; a new key of the sections model or train wants a kind below. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/model/parts.h"

/* Rows * epochs of a result, from what it says of them. */
static double trained_rows(const struct train_result *result) {
  return result->rows_per_second * result->train_seconds;
}

static void assert_same_work(const struct train_result *one, const struct train_result *other) {
  assert_true(trained_rows(one) / trained_rows(other) < 1.000001);
  assert_true(trained_rows(other) / trained_rows(one) < 1.000001);
}

static void it_goes_on_from_each_place(void **state) {
  (void)state;
  for (size_t k = 0; k < PARTS_KINDS; k++) {
    struct parts p;
    struct train_result whole, result;
    parts_init(&p, k);
    parts_train_undisturbed(&p, &whole);
    const uint32_t epochs = p.epochs;
    int places = 0;
    for (bool ended = false; !ended; places++) {
      (void)unlink(p.path);
      ended = parts_train(&p, places + 1, &result);
      const uint32_t before = p.epochs;
      if (!ended) {
        assert_true(file_exists(p.path));
        assert_true(parts_train(&p, PARTS_NEVER, &result));
        assert_in_range(before + p.epochs, epochs, epochs + 1); /* none is trained again */
      }
      parts_assert_same(&result, &whole);
      assert_same_work(&result, &whole);
      train_result_clear(&result);
    }
    assert_true(places > PARTS_EPOCHS * 2);
    assert_string_equal(p.told, "");
    train_result_clear(&whole);
    parts_clear(&p);
  }
}

static void it_goes_on_from_every_place_in_turn(void **state) {
  (void)state;
  for (size_t k = 0; k < PARTS_KINDS; k++) {
    struct parts p;
    struct train_result whole, result;
    parts_init(&p, k);
    parts_train_undisturbed(&p, &whole);
    assert_true(parts_train_all(&p, 1, &result) > PARTS_EPOCHS * 2);
    parts_assert_same(&result, &whole);
    train_result_clear(&result);
    train_result_clear(&whole);
    parts_clear(&p);
  }
}

/* A checkpoint at each question; the process is killed at the n-th, before it is written. */
static void a_killed_training_goes_on_from_its_last_checkpoint(void **state) {
  (void)state;
  static const int moments[] = {1, 2, 3, 5, 8};
  for (size_t k = 0; k < PARTS_KINDS; k++) {
    struct parts p;
    struct train_result whole, result;
    parts_init(&p, k);
    parts_train_undisturbed(&p, &whole);
    p.checkpoint.seconds = 0;
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
      (void)unlink(p.path);
      const pid_t child = fork();
      if (child == 0) {
        p.killed = true;
        (void)parts_train(&p, moments[i], &result);
        _exit(0);
      }
      int status = 0;
      assert_int_equal(waitpid(child, &status, 0), child);
      assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
      assert_int_equal(file_exists(p.path), moments[i] > 1);
      assert_true(parts_train(&p, PARTS_NEVER, &result));
      parts_assert_same(&result, &whole);
      train_result_clear(&result);
    }
    train_result_clear(&whole);
    parts_clear(&p);
  }
}

/* --- when it is written --- */

static void nothing_is_written_before_its_time(void **state) {
  (void)state;
  struct parts p;
  struct train_result result;
  parts_init(&p, PARTS_PLAIN);
  p.checkpoint.seconds = 3600;
  assert_true(parts_train(&p, PARTS_NEVER, &result));
  assert_false(file_exists(p.path));
  train_result_clear(&result);
  p.checkpoint.seconds = 0;
  assert_true(parts_train(&p, PARTS_NEVER, &result));
  assert_true(file_exists(p.path)); /* whoever records the result removes it */
  train_result_clear(&result);
  parts_clear(&p);
}

static void seconds_are_summed_over_the_parts(void **state) {
  (void)state;
  struct parts p;
  struct train_result result;
  parts_init(&p, PARTS_ORDINAL_ENSEMBLE);
  p.work = 0.1;
  assert_false(parts_train(&p, 1, &result)); /* in the first epoch */
  assert_false(parts_train(&p, 1, &result));
  p.after = 2;
  assert_false(parts_train(&p, 1, &result)); /* in the first epoch of the next member */
  assert_true(parts_train(&p, PARTS_NEVER, &result));
  assert_true(result.train_seconds >= 0.3);
  assert_true(result.train_cpu_seconds >= 0.3);
  assert_true(result.curve[0].seconds >= 0.2);
  double sum = 0;
  for (uint32_t e = 0; e < result.epochs; e++) sum += result.curve[e].seconds;
  assert_true(sum <= result.train_seconds);
  train_result_clear(&result);
  parts_clear(&p);
}

/* --- rungs --- */

static void a_rung_goes_on_from_the_one_before(void **state) {
  (void)state;
  for (size_t k = 0; k < PARTS_KINDS; k++) {
    struct parts p;
    struct train_result whole, first, cut, result;
    parts_init(&p, k);
    parts_train_undisturbed(&p, &whole);
    const uint32_t epochs = p.epochs;
    p.scene.request.epochs = 2;
    parts_train_undisturbed(&p, &first);
    assert_true(parts_train(&p, PARTS_NEVER, &cut));
    assert_true(cut.cut && cut.epochs == 2);
    parts_assert_same(&cut, &first);
    assert_int_equal(p.epochs, 2);
    p.scene.request.epochs = 0;
    assert_true(parts_train(&p, PARTS_NEVER, &result));
    assert_int_equal(p.epochs, epochs - 2); /* not all of them, as without a checkpoint */
    parts_assert_same(&result, &whole);
    assert_same_work(&result, &whole);
    train_result_clear(&result);
    train_result_clear(&cut);
    train_result_clear(&first);
    train_result_clear(&whole);
    parts_clear(&p);
  }
}

/* Early stopping would have ended it at the very epoch of the rung, or before. */
static void a_rung_goes_on_as_far_as_early_stopping_lets_it(void **state) {
  (void)state;
  for (uint32_t rung = 1; rung < 12; rung++) {
    struct parts p;
    struct train_result whole, cut, result;
    parts_init(&p, PARTS_ORDINAL_ENSEMBLE);
    parts_train_undisturbed(&p, &whole);
    p.scene.request.epochs = rung;
    (void)parts_train_all(&p, 2, &cut);
    assert_int_equal(cut.cut, rung <= whole.epochs);
    p.scene.request.epochs = 0;
    (void)parts_train_all(&p, 3, &result);
    parts_assert_same(&result, &whole);
    train_result_clear(&result);
    train_result_clear(&cut);
    train_result_clear(&whole);
    parts_clear(&p);
  }
}

static void a_rung_does_not_go_on_from_a_later_epoch(void **state) {
  (void)state;
  struct parts p;
  struct train_result first, result;
  parts_init(&p, PARTS_AVERAGED);
  p.scene.request.epochs = 1;
  parts_train_undisturbed(&p, &first);
  p.scene.request.epochs = 0;
  assert_false(parts_train(&p, 4, &result)); /* in the second epoch */
  p.scene.request.epochs = 1;
  assert_true(parts_train(&p, PARTS_NEVER, &result));
  parts_assert_same(&result, &first);
  assert_string_equal(p.told, "");
  train_result_clear(&result);
  train_result_clear(&first);
  parts_clear(&p);
}

int main(void) {
  if (!parts_folder_make()) return EXIT_FAILURE;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_goes_on_from_each_place),
      cmocka_unit_test(it_goes_on_from_every_place_in_turn),
      cmocka_unit_test(a_killed_training_goes_on_from_its_last_checkpoint),
      cmocka_unit_test(nothing_is_written_before_its_time),
      cmocka_unit_test(seconds_are_summed_over_the_parts),
      cmocka_unit_test(a_rung_goes_on_from_the_one_before),
      cmocka_unit_test(a_rung_goes_on_as_far_as_early_stopping_lets_it),
      cmocka_unit_test(a_rung_does_not_go_on_from_a_later_epoch),
  };
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  parts_folder_remove();
  return failed;
}
