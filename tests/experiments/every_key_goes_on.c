/* Trains each trial of an experiment twice: at once, and from one place where it may be
 * interrupted to the next. Both must come to the same: every_key_goes_on CONFIG
 *
 * Small batches, so that the places are within the epochs too. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/data_load.h"
#include "experiments/run_data.h"
#include "model/train.h"

enum { ROWS_OF_BATCH = 7, PARTS_MOST = 400 };

static const char path[] = "every_key.checkpoint";

static bool told(const struct error *error) {
  (void)fprintf(stderr, "%s\n", error->message);
  return false;
}

static void warn(void *context, const char *message) {
  (void)fprintf(stderr, "%s\n", message);
  *(bool *)context = false;
}

/* The first question of a part has the answer no, the second yes. */
static bool stop(void *context) {
  return ++*(int *)context == 2;
}

static bool is_same(const struct train_result *one, const struct train_result *other) {
  bool same = one->weights_digest == other->weights_digest && one->mse == other->mse &&
              one->train_mse == other->train_mse && one->best_epoch == other->best_epoch &&
              one->epochs == other->epochs && one->refit_epochs == other->refit_epochs;
  for (uint32_t e = 0; same && e < one->epochs; e++) {
    same = one->curve[e].train_loss == other->curve[e].train_loss &&
           one->curve[e].test_mse == other->curve[e].test_mse;
  }
  return same;
}

/* False when it failed; *parts: in how many. */
static bool train_in_parts(struct train_request *request, int *parts, struct train_result *result) {
  for (*parts = 1; *parts <= PARTS_MOST; ++*parts) {
    struct error error = {0};
    int asked = 0;
    request->stop = stop;
    request->stop_context = &asked;
    if (train_run(request, result, &error)) return true;
    train_result_clear(result);
    if (error.kind != ERROR_INTERRUPTED) return told(&error);
  }
  (void)fprintf(stderr, "more than %d parts\n", PARTS_MOST);
  return false;
}

static bool check(const struct run_data *data, size_t trial, struct train_request *request) {
  struct error error = {0};
  struct train_result whole, result;
  bool good = true;
  int parts;
  struct train_spec train = *request->train;
  train.batch_size = train.batch_size == 32 ? ROWS_OF_BATCH : train.batch_size / ROWS_OF_BATCH;
  request->train = &train;
  if (!train_run(request, &whole, &error)) return told(&error);
  const struct train_checkpoint checkpoint = {.path = path,
                                              .key = data->list.trial[trial].key,
                                              .seconds = 1e9,
                                              .warn = warn,
                                              .warn_context = &good};
  (void)unlink(path);
  request->checkpoint = &checkpoint;
  good = train_in_parts(request, &parts, &result) && good;
  if (good && (parts < 2 || !is_same(&whole, &result))) {
    const size_t architecture = data->list.trial[trial].architecture;
    (void)fprintf(stderr, "setting %s: other numbers, or too few, in %d parts\n",
                  data->list.architecture[architecture].label, parts);
    good = false;
  }
  train_result_clear(&whole);
  train_result_clear(&result);
  return good;
}

static bool check_trial(const struct run_data *data, size_t trial) {
  struct error error = {0};
  struct split split;
  struct train_request request;
  if (!run_data_request(data, trial, kernels_of(isa_best()), &split, &request, &error)) {
    return told(&error);
  }
  const bool good = check(data, trial, &request);
  split_clear(&split);
  return good;
}

int main(int count, char **words) {
  static const volatile sig_atomic_t never;
  static struct config config;
  struct error error = {0};
  struct dataset dataset;
  struct run_data data;
  if (count != 2 || !config_read(words[1], NULL, 0, NULL, &config, &error) ||
      !data_load(&config.base.data, NULL, &dataset, &error) ||
      !run_data_load(&data, &config, &dataset, NULL, &never, &error)) {
    return told(&error) ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  bool good = true;
  for (size_t i = 0; i < data.list.trials; i++) good = check_trial(&data, i) && good;
  run_data_clear(&data);
  config_clear(&config);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
