/* Damaged configs are refused with a message, or read; nothing else happens.
 * Run under a sanitizer this finds reads out of bounds and leaks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/philox.h"
#include "tests/config/config_fixture.h"

/* What the shipped ones do not have. */
static const char everything[] =
    "schema: 1\nname: everything\ndata:\n  source: synthetic\n"
    "  split: {method: folds, folds: [u1, u2], validation: 0.1}\n"
    "model:\n  wide: {crosses: [[gender, genres], [user_id]], hash_buckets: 1000}\n"
    "  deep:\n    columns: [{name: user_history, pooling: sqrt, dim: 4}, {name: age, scale: "
    "standard},\n      genres, user_mean]\n    dropout: [0.1, 0.2]\n    hidden: [8, 4]\n  clip: "
    "true\n"
    "train:\n  wide_optimizer: {name: ftrl, learning_rate: 0.1, l1: 0.001, l2: 0.0}\n"
    "  schedule: {name: step, step_epochs: 5, factor: 0.5}\n"
    "  early_stopping: {patience: 5, min_delta: 0.0}\n  averaging: {ema: 0.998}\n  refit: true\n  "
    "ensemble: {members: 2}\n"
    "sweep:\n  method: random\n  metric: {name: validation_mse, goal: minimize}\n"
    "  parameters:\n    train.batch_size: {min: 16, max: 64}\n"
    "    train.optimizer.learning_rate: {min: 1e-4, max: 0.1, distribution: log_uniform_values}\n"
    "    train.schedule: {values: [{name: constant}, {name: cosine, minimum: 0.1}]}\n"
    "    model.deep.activation: {values: [relu, gelu], distribution: categorical}\n"
    "  exclude: [{train.batch_size: 17}]\n  constraint: {max_parameters: 100000}\n"
    "  run_cap: 20\n  seed: 3\n  early_terminate: {type: hyperband, min_iter: 4, eta: 3}\n";

static char *shipped(const char *name, size_t *size) {
  char path[1024];
  struct error error = {0};
  if (strcmp(name, "everything") == 0) {
    *size = sizeof everything - 1;
    return memory_text(everything, &error);
  }
  (void)snprintf(path, sizeof path, "%s/%s.yaml", EXPERIMENTS_FOLDER, name);
  char *text = file_read(path, FILE_MOST_JSON, size, ERROR_CONFIG, &error);
  if (text == NULL) fail_msg("%s", error.message);
  return text;
}

/* Returns whether it was read. */
static bool try_bytes(const char *bytes, size_t size) {
  struct config config;
  struct trial_list list;
  struct error error = {0};
  write_config(bytes, size);
  if (!config_read("t.yaml", NULL, 0, NULL, &config, &error)) {
    assert_int_equal(error.kind, ERROR_CONFIG);
    assert_int_equal(strncmp(error.message, "t.yaml:", 7), 0);
    return false;
  }
  if (!sweep_expand(&config, 1, &list, &error)) fail_msg("%s", error.message);
  assert_true(list.trials > 0);
  trial_list_clear(&list);
  config_clear(&config);
  return true;
}

static void truncated_configs_are_read_or_refused(void **state) {
  (void)state;
  static const char *const names[] = {"report", "quickstart", "everything"};
  for (size_t n = 0; n < 3; n++) {
    size_t size, read = 0;
    char *text = shipped(names[n], &size);
    assert_true(try_bytes(text, size));
    for (size_t i = 0; i < size; i += 7) read += try_bytes(text, i);
    assert_true(read > 0 && read < size / 14);
    free(text);
  }
}

/* What configs are made of, so that some mutants get past the scanner. */
static const char pool[] = "[]{}:,-#&*!|>'\"%@`~ \n\t0123456789.e_xaz\x80\xff";

static size_t mutate(struct random *random, char *text, size_t size) {
  size_t at = random_below(random, (uint32_t)size);
  size_t length = 1 + random_below(random, 12);
  if (length > size - at) length = size - at;
  switch (random_below(random, 4)) {
    case 0:
      text[at] = pool[random_below(random, sizeof pool - 1)];
      return size;
    case 1:
      memmove(text + at, text + at + length, size - at - length);
      return size - length;
    case 2:
      memmove(text + at + length, text + at, size - at);
      return size + length;
    default:
      text[at] = (char)random_below(random, 256);
      return size;
  }
}

static void mutated_configs_are_read_or_refused(void **state) {
  (void)state;
  static const char *const names[] = {"report", "quickstart", "everything"};
  enum { MUTANTS = 300, CHANGES = 3, ROOM = 64 };
  for (uint32_t n = 0; n < 3; n++) {
    size_t size, read = 0;
    char *text = shipped(names[n], &size);
    assert_true(try_bytes(text, size));
    char *mutant = malloc(size + ROOM);
    assert_non_null(mutant);
    for (uint32_t i = 0; i < MUTANTS; i++) {
      struct random random;
      random_init(&random, 1, STREAM_SWEEP, n, i);
      memcpy(mutant, text, size);
      size_t length = size;
      for (uint32_t c = random_below(&random, CHANGES) + 1; c > 0; c--) {
        length = mutate(&random, mutant, length);
      }
      read += try_bytes(mutant, length);
    }
    assert_true(read > 0 && read < MUTANTS);
    free(mutant);
    free(text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(truncated_configs_are_read_or_refused),
      cmocka_unit_test(mutated_configs_are_read_or_refused),
  };
  return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
