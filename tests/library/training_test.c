/* Trainings by libcrosslane: the numbers of the program. */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <crosslane/model.h>
#include <crosslane/train.h>

#include "base/digest.h"
#include "base/file.h"
#include "tests/config/config_fixture.h"
#include "tests/serving/serving_fixture.h"

#define CONFIG                                                                 \
  "schema: 1\n"                                                                \
  "name: t\n"                                                                  \
  "data:\n"                                                                    \
  "  source: synthetic\n"                                                      \
  "  synthetic: {users: 40, items: 50, ratings: 600, seed: 3}\n"               \
  "  split: {method: random, test: 0.2, validation: 0.1}\n"                    \
  "train: {epochs: 3}\n"                                                       \
  "seeds: [1, 2]\n"                                                            \
  "model: {wide: {crosses: [[gender, genre]]}, deep: {columns: [age, gender, " \
  "occupation, genre], hidden: [8, 4]}}\n"

static crosslane_experiment *open_experiment(const char *text) {
  write_config(text, strlen(text));
  crosslane_error *error = crosslane_error_new();
  crosslane_experiment *experiment = crosslane_experiment_open("t.yaml", NULL, 0, NULL, error);
  if (experiment == NULL) fail_msg("%s", crosslane_error_message(error));
  crosslane_error_free(error);
  return experiment;
}

struct seen {
  unsigned epoch[16], epochs;
  size_t count;
  volatile int stop;
  unsigned stop_at;
};

static void note(void *context, unsigned epoch, unsigned epochs) {
  struct seen *seen = context;
  if (seen->count < 16) seen->epoch[seen->count++] = epoch;
  seen->epochs = epochs;
  if (epoch == seen->stop_at) seen->stop = 1;
}

static void assert_digest(const crosslane_record *record, uint64_t digest) {
  char text[DIGEST_TEXT];
  digest_text(digest, text);
  assert_non_null(strstr(crosslane_record_json(record), text));
}

static void a_trial_is_trained_as_by_the_program(void **state) {
  (void)state;
  const struct train_result expected = train_and_save_trial(CONFIG, NULL, 1);
  crosslane_experiment *experiment = open_experiment(CONFIG);
  assert_int_equal(crosslane_experiment_trials(experiment), 2);
  assert_string_equal(crosslane_experiment_label(experiment, 1), "t");
  assert_int_equal(crosslane_experiment_seed(experiment, 1), 2);
  assert_null(crosslane_experiment_key(experiment, 2));
  struct seen seen = {0};
  crosslane_record *record =
      crosslane_train(experiment, 1, 2, "saved.safetensors", note, &seen, &seen.stop, NULL);
  assert_non_null(record);
  assert_string_equal(crosslane_record_key(record), crosslane_experiment_key(experiment, 1));
  assert_string_equal(crosslane_record_status(record), "done");
  assert_string_equal(crosslane_record_label(record), "t");
  assert_true(crosslane_record_mse(record) == expected.mse);
  assert_true(crosslane_record_mae(record) == expected.mae);
  assert_true(crosslane_record_validation_mse(record) == expected.validation_mse);
  assert_true(crosslane_record_train_seconds(record) > 0);
  assert_digest(record, expected.weights_digest);
  assert_int_equal(crosslane_record_epochs(record), 3);
  assert_true(crosslane_record_epoch_test_mse(record, 2) == expected.mse);
  assert_true(crosslane_record_epoch_validation_mse(record, 2) == expected.validation_mse);
  assert_true(crosslane_record_epoch_train_loss(record, 0) > 0);
  assert_true(isnan(crosslane_record_epoch_train_loss(record, 3)));
  assert_int_equal(seen.count, 3);
  assert_int_equal(seen.epochs, 3);
  assert_int_equal(seen.epoch[2], 3);
  crosslane_model *model = crosslane_model_open("saved.safetensors", NULL);
  assert_non_null(model);
  assert_true(crosslane_model_mse(model) == expected.mse);
  assert_int_equal(unlink("saved.safetensors"), 0);
  crosslane_model_free(model);
  crosslane_record_free(record);
  crosslane_experiment_free(experiment);
}

static void the_stop_flag_ends_a_training(void **state) {
  (void)state;
  crosslane_experiment *experiment = open_experiment(CONFIG);
  crosslane_error *error = crosslane_error_new();
  struct seen seen = {.stop_at = 2};
  assert_null(
      crosslane_train(experiment, 0, 1, "saved.safetensors", note, &seen, &seen.stop, error));
  assert_int_equal(crosslane_error_kind_of(error), CROSSLANE_ERROR_INTERRUPTED);
  assert_int_equal(seen.count, 2);
  assert_int_not_equal(access("saved.safetensors", F_OK), 0);
  assert_null(crosslane_train(experiment, 2, 1, NULL, NULL, NULL, NULL, error));
  assert_string_equal(crosslane_error_message(error), "no trial 2: the experiment has 2");
  crosslane_error_free(error);
  crosslane_experiment_free(experiment);
}

struct shared {
  const crosslane_experiment *experiment;
  size_t trial;
  double mse;
};

static void *train(void *context) {
  struct shared *shared = context;
  crosslane_record *record =
      crosslane_train(shared->experiment, shared->trial, 1, NULL, NULL, NULL, NULL, NULL);
  shared->mse = record != NULL ? crosslane_record_mse(record) : (double)NAN;
  crosslane_record_free(record);
  return NULL;
}

static void threads_may_train_at_once(void **state) {
  (void)state;
  enum { THREADS = 4 };
  crosslane_experiment *experiment = open_experiment(CONFIG);
  struct shared alone[2], shared[THREADS];
  pthread_t thread[THREADS];
  for (size_t t = 0; t < 2; t++) {
    alone[t] = (struct shared){experiment, t, 0};
    (void)train(&alone[t]);
  }
  for (size_t t = 0; t < THREADS; t++) {
    shared[t] = (struct shared){experiment, t % 2, 0};
    assert_int_equal(pthread_create(&thread[t], NULL, train, &shared[t]), 0);
  }
  for (size_t t = 0; t < THREADS; t++) {
    assert_int_equal(pthread_join(thread[t], NULL), 0);
    assert_true(shared[t].mse == alone[t % 2].mse);
  }
  assert_true(alone[0].mse != alone[1].mse);
  crosslane_experiment_free(experiment);
}

static void settings_and_faults_are_those_of_the_config(void **state) {
  (void)state;
  crosslane_error *error = crosslane_error_new();
  const char *settings[] = {"train.epochs=1", "seeds=[7]"};
  write_config(CONFIG, strlen(CONFIG));
  crosslane_experiment *experiment = crosslane_experiment_open("t.yaml", settings, 2, NULL, error);
  assert_non_null(experiment);
  assert_int_equal(crosslane_experiment_trials(experiment), 1);
  assert_int_equal(crosslane_experiment_seed(experiment, 0), 7);
  crosslane_record *record = crosslane_train(experiment, 0, 0, NULL, NULL, NULL, NULL, error);
  assert_int_equal(crosslane_record_epochs(record), 1);
  crosslane_record_free(record);
  crosslane_experiment_free(experiment);
  const char *wrong = CONFIG "speed: 9\n";
  write_config(wrong, strlen(wrong));
  assert_null(crosslane_experiment_open("t.yaml", NULL, 0, NULL, error));
  assert_int_equal(crosslane_error_kind_of(error), CROSSLANE_ERROR_CONFIG);
  assert_string_equal(crosslane_error_file(error), "t.yaml");
  assert_int_equal(crosslane_error_line(error), 10);
  assert_int_equal(crosslane_error_column(error), 1);
  assert_null(crosslane_experiment_open("none.yaml", NULL, 0, NULL, error));
  assert_string_equal(crosslane_error_file(error), "none.yaml");
  crosslane_experiment_free(NULL);
  crosslane_error_free(error);
}

static void a_record_comes_back_from_its_file(void **state) {
  (void)state;
  crosslane_experiment *experiment = open_experiment(CONFIG);
  crosslane_record *record = crosslane_train(experiment, 0, 1, NULL, NULL, NULL, NULL, NULL);
  assert_non_null(record);
  char path[64];
  (void)snprintf(path, sizeof path, "%s.json", crosslane_record_key(record));
  struct error fault = {0};
  const char *json = crosslane_record_json(record);
  assert_true(file_write_atomic(path, json, strlen(json), &fault));
  crosslane_record *read = crosslane_record_read(path, NULL);
  assert_non_null(read);
  assert_string_equal(crosslane_record_json(read), json);
  crosslane_record_free(read);
  char *changed = strdup(json), *digit = strstr(changed, "\"mse\": ") + strlen("\"mse\": ");
  *digit = *digit == '1' ? '2' : '1';
  assert_true(file_write_atomic(path, changed, strlen(changed), &fault));
  free(changed);
  crosslane_error *error = crosslane_error_new();
  assert_null(crosslane_record_read(path, error));
  assert_int_equal(crosslane_error_kind_of(error), CROSSLANE_ERROR_DATA);
  assert_string_equal(crosslane_error_file(error), path);
  assert_int_equal(unlink(path), 0);
  crosslane_record_free(NULL);
  crosslane_error_free(error);
  crosslane_record_free(record);
  crosslane_experiment_free(experiment);
}

static int teardown(void **state) {
  (void)unlink(MODEL_PATH);
  return fixture_teardown(state);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_trial_is_trained_as_by_the_program),
      cmocka_unit_test(the_stop_flag_ends_a_training),
      cmocka_unit_test(threads_may_train_at_once),
      cmocka_unit_test(settings_and_faults_are_those_of_the_config),
      cmocka_unit_test(a_record_comes_back_from_its_file),
  };
  return cmocka_run_group_tests(tests, fixture_setup, teardown);
}
