/* Sweeps with train.checkpoint: what is trained, counted in batches, and what is left in the
 * folder. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "data/data_load.h"
#include "experiments/run.h"
#include "records/record_list.h"
#include "tests/config/config_fixture.h"

/* Four architectures, two seeds; 432 training rows. With rungs at epochs 2 and 4 eight trials
 * are trained to epoch 2, four to 4 and two to 10. */
#define SWEEP                                                                     \
  "schema: 1\n"                                                                   \
  "name: t\n"                                                                     \
  "data:\n"                                                                       \
  "  source: synthetic\n"                                                         \
  "  synthetic: {users: 30, items: 40, ratings: 600, seed: 1}\n"                  \
  "  split: {method: random, test: 0.2, validation: 0.1}\n"                       \
  "model: {wide: {crosses: [[gender, genre]]}, deep: {columns: [age, gender]}}\n" \
  "train: {epochs: 10, batch_size: 4}\n"                                          \
  "seeds: [1, 2]\n"                                                               \
  "sweep:\n"                                                                      \
  "  method: grid\n"                                                              \
  "  parameters:\n"                                                               \
  "    model.deep.hidden: {values: [[4], [16, 16], [8], [16]]}\n"
#define RUNGS SWEEP "  early_terminate: {type: hyperband, min_iter: 2, eta: 2}\n"

enum { TRIALS = 8, BATCHES = 108 /* an epoch */ };

/* --- batches that workers train, counted in a kernel that each step calls once --- */

struct counted {
  atomic_int batches;
  atomic_int killed_at;      /* the worker that trains this one is killed; 0: none */
  atomic_int interrupted_at; /* at this one the sweep is told to end; 0: never */
  volatile sig_atomic_t interrupted;
};
static struct counted *counted;
static pid_t parent; /* whose batches are those of the self-check */
static const struct kernels *real;
static struct kernels counting;

static void count_batch(const struct adam *a) {
  if (getpid() == parent) {
    real->adam(a);
    return;
  }
  const int batch = atomic_fetch_add(&counted->batches, 1) + 1;
  if (batch == atomic_load(&counted->killed_at)) (void)kill(getpid(), SIGKILL);
  if (batch == atomic_load(&counted->interrupted_at)) {
    counted->interrupted = SIGTERM;
    (void)sleep(2); /* the parent sees it, and tells the worker */
  }
  real->adam(a);
}

static int set_up(void **state) {
  counted = mmap(NULL, sizeof *counted, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (counted == MAP_FAILED) return -1;
  parent = getpid();
  real = kernels_of(ISA_SCALAR);
  counting = *real;
  counting.adam = count_batch;
  return fixture_setup(state);
}

static int tear_down(void **state) {
  return system("rm -r -- */") == 0 ? fixture_teardown(state) : -1;
}

/* --- a sweep --- */

static int interrupted_after; /* so many records; 0: never */
static int recorded;
static char said[2048];

static void count_record(void *context, const struct run_progress *progress,
                         const struct record *record) {
  (void)context;
  (void)progress;
  if (record != NULL && ++recorded == interrupted_after) counted->interrupted = SIGTERM;
}

static void keep_warning(struct text *message) {
  if (message->text != NULL) {
    const size_t length = strlen(said);
    (void)snprintf(said + length, sizeof said - length, "%s", message->text);
  }
  text_clear(message);
}

/* How many batches its workers train; `expected`: whether it comes to its end. */
static int batches_of(const char *text, const char *const *settings, const char *folder,
                      struct run_options options, bool expected) {
  struct config config;
  struct dataset dataset;
  struct run_summary summary;
  struct error error = {0};
  get_config(text, settings, &config);
  if (!data_load(&config.base.data, NULL, &dataset, &error)) fail_msg("%s", error.message);
  options.config = &config;
  options.dataset = &dataset;
  options.folder = folder;
  options.jobs = options.threads = 1;
  options.kernels = &counting;
  options.interrupted = &counted->interrupted;
  options.progress = count_record;
  options.warn = keep_warning;
  counted->interrupted = 0;
  recorded = 0;
  said[0] = '\0';
  atomic_store(&counted->batches, 0);
  const bool done = run_sweep(&options, &summary, &error);
  if (done != expected) fail_msg("%s", error.message);
  const int batches = atomic_load(&counted->batches);
  config_clear(&config);
  return batches;
}

static const char *const checkpointed[] = {"train.checkpoint={minutes: 60}", NULL};
static const char *const often[] = {"train.checkpoint={minutes: 1e-9}", NULL};
static const struct run_options plainly;

static size_t files_in(const char *path) {
  DIR *entries = opendir(path);
  size_t count = 0;
  if (entries == NULL) return 0;
  for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
    count += entry->d_name[0] != '.';
  }
  (void)closedir(entries);
  return count;
}

static void assert_same_records(const char *one, const char *other) {
  struct record_list a, b;
  struct text left_out = {0};
  struct error error = {0};
  assert_true(record_list_read(one, &a, &left_out, &error));
  assert_true(record_list_read(other, &b, &left_out, &error));
  assert_null(left_out.text);
  assert_int_equal(a.count, TRIALS);
  assert_int_equal(b.count, TRIALS);
  for (size_t i = 0; i < TRIALS; i++) {
    const struct record *x = &a.record[i], *y = &b.record[i];
    assert_string_equal(x->key, y->key);
    assert_int_equal(x->status, y->status);
    assert_int_equal(x->epochs, y->epochs);
    assert_string_equal(x->weights_digest, y->weights_digest);
    assert_true(x->mse == y->mse && x->mae == y->mae && x->train_mse == y->train_mse);
    assert_true(x->validation_mse == y->validation_mse && x->best_epoch == y->best_epoch);
    assert_true(json_equal(x->config, y->config));
    for (size_t e = 0; e < x->epochs; e++) {
      assert_true(x->curve[e].train_loss == y->curve[e].train_loss);
      assert_true(x->curve[e].validation_mse == y->curve[e].validation_mse);
    }
  }
  record_list_clear(&a);
  record_list_clear(&b);
}

/* --- cases --- */

static void a_rung_trains_only_the_epochs_that_are_new(void **state) {
  (void)state;
  /* 8 trials of 2 epochs, 4 of 4, 2 of 10, each from its start */
  assert_int_equal(batches_of(RUNGS, NULL, "plain", plainly, true), BATCHES * (16 + 16 + 20));
  assert_int_equal(files_in("plain/checkpoints"), 0);
  /* 8 of 2 epochs, 4 of 2 more, 2 of 6 more */
  assert_int_equal(batches_of(RUNGS, checkpointed, "going_on", plainly, true),
                   BATCHES * (16 + 8 + 12));
  assert_same_records("plain", "going_on");
  assert_null(strstr(said, "checkpoint")); /* of the rungs something may be said */
  assert_int_equal(files_in("going_on/checkpoints"), 0);
}

/* In a rung, at its end, at the beginning of the next, and at its end. */
static void rungs_go_on_in_a_later_start(void **state) {
  (void)state;
  static const char *const folders[] = {"at_3", "at_8", "at_9", "at_12"};
  static const int records[] = {3, 8, 9, 12};
  static const size_t kept[] = {3, 4, 4, 2}; /* of those that go on, once a rung has ended */
  for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
    char path[32];
    (void)snprintf(path, sizeof path, "%s/checkpoints", folders[i]);
    interrupted_after = records[i];
    int batches = batches_of(RUNGS, checkpointed, folders[i], plainly, false);
    interrupted_after = 0;
    assert_int_equal(files_in(path), kept[i]);
    batches += batches_of(RUNGS, checkpointed, folders[i], plainly, true);
    assert_int_equal(batches, BATCHES * (16 + 8 + 12)); /* none twice */
    assert_same_records("plain", folders[i]);
    assert_int_equal(files_in(path), 0);
  }
}

static void a_trial_that_is_interrupted_goes_on(void **state) {
  (void)state;
  atomic_store(&counted->interrupted_at, 300);
  int batches = batches_of(SWEEP, checkpointed, "interrupted", plainly, false);
  atomic_store(&counted->interrupted_at, 0);
  assert_in_range(batches, 300, BATCHES * 10 - 1); /* one trial, which did not end */
  assert_int_equal(files_in("interrupted/checkpoints"), 1);
  batches += batches_of(SWEEP, checkpointed, "interrupted", plainly, true);
  assert_int_equal(batches, BATCHES * 10 * TRIALS);
  assert_int_equal(batches_of(SWEEP, NULL, "whole", plainly, true), BATCHES * 10 * TRIALS);
  assert_same_records("whole", "interrupted");
  assert_int_equal(files_in("interrupted/checkpoints"), 0);
}

/* Its record says that it failed; a retry has only the batches that no checkpoint has. */
static void a_trial_whose_worker_was_killed_goes_on_when_it_is_retried(void **state) {
  (void)state;
  atomic_store(&counted->killed_at, 300); /* in the third epoch of the first trial */
  assert_int_equal(batches_of(SWEEP, often, "killed", plainly, true), BATCHES * 70 + 300);
  atomic_store(&counted->killed_at, 0);
  assert_int_equal(files_in("killed/checkpoints"), 1);
  assert_int_equal(batches_of(SWEEP, often, "killed", plainly, true), 0);
  assert_int_equal(files_in("killed/checkpoints"), 1);
  const struct run_options retry = {.retry_failed = true};
  /* The last checkpoint was after 256 batches, or later where half a second passed. */
  assert_in_range(batches_of(SWEEP, often, "killed", retry, true), BATCHES * 10 - 300,
                  BATCHES * 10 - 256);
  assert_same_records("whole", "killed");
  assert_int_equal(files_in("killed/checkpoints"), 0);
}

static void a_rerun_uses_no_checkpoint(void **state) {
  (void)state;
  const struct run_options rerun = {.rerun = true};
  atomic_store(&counted->interrupted_at, 300);
  (void)batches_of(SWEEP, checkpointed, "rerun", plainly, false);
  atomic_store(&counted->interrupted_at, 0);
  assert_int_equal(files_in("rerun/checkpoints"), 1);
  assert_int_equal(batches_of(SWEEP, checkpointed, "rerun", rerun, true), BATCHES * 10 * TRIALS);
  assert_same_records("whole", "rerun");
}

static void a_training_that_fails_leaves_no_checkpoint(void **state) {
  (void)state;
  static const char *const diverging[] = {"train.checkpoint={minutes: 1e-9}",
                                          "train.optimizer={name: sgd, learning_rate: 100}", NULL};
  (void)batches_of(SWEEP, diverging, "diverged", plainly, true);
  assert_int_equal(files_in("diverged/trials"), TRIALS);
  assert_int_equal(files_in("diverged/checkpoints"), 0);
}

static void a_damaged_checkpoint_is_said_and_its_trial_trained_anew(void **state) {
  (void)state;
  struct error error = {0};
  atomic_store(&counted->interrupted_at, 300);
  (void)batches_of(SWEEP, checkpointed, "damaged", plainly, false);
  atomic_store(&counted->interrupted_at, 0);
  DIR *entries = opendir("damaged/checkpoints");
  assert_non_null(entries);
  char path[320] = "";
  for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
    if (entry->d_name[0] == '.') continue;
    (void)snprintf(path, sizeof path, "damaged/checkpoints/%s", entry->d_name);
  }
  (void)closedir(entries);
  size_t size;
  char *bytes = file_read(path, FILE_MOST_DATA, &size, ERROR_DATA, &error);
  assert_non_null(bytes);
  assert_true(file_write_atomic(path, bytes, size / 2, &error));
  free(bytes);
  assert_int_equal(batches_of(SWEEP, checkpointed, "damaged", plainly, true),
                   BATCHES * 10 * TRIALS);
  assert_non_null(strstr(said, path));
  assert_non_null(strstr(said, "it is not used; the trial is trained from its start\n"));
  assert_same_records("whole", "damaged");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_rung_trains_only_the_epochs_that_are_new),
      cmocka_unit_test(rungs_go_on_in_a_later_start),
      cmocka_unit_test(a_trial_that_is_interrupted_goes_on),
      cmocka_unit_test(a_trial_whose_worker_was_killed_goes_on_when_it_is_retried),
      cmocka_unit_test(a_rerun_uses_no_checkpoint),
      cmocka_unit_test(a_training_that_fails_leaves_no_checkpoint),
      cmocka_unit_test(a_damaged_checkpoint_is_said_and_its_trial_trained_anew),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
