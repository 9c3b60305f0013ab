#include "tests/serving/serving_fixture.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/memory.h"
#include "data/data_load.h"
#include "experiments/run_data.h"
#include "tests/config/config_fixture.h"

/* What was trained, as far as a file is to bring it back. */
struct trained {
  struct train_result result;
  const struct run_data *data;
  const struct trial *trial;
  const struct split *split;
};

static bool write_model(void *context, const struct ensemble *models,
                        const struct encoding *encoding, struct error *error) {
  const struct trained *trained = context;
  const struct architecture *architecture =
      &trained->data->list.architecture[trained->trial->architecture];
  const struct saved_about about = {.config = &architecture->config,
                                    .label = architecture->label,
                                    .trial = trained->trial,
                                    .dataset = &trained->data->dataset,
                                    .split = trained->split,
                                    .result = &trained->result};
  return saved_model_write(MODEL_PATH, &about, models, encoding, error);
}

struct train_result train_and_save_trial(const char *text, const char *folder, size_t index) {
  static volatile sig_atomic_t interrupted;
  struct config config;
  struct run_data data;
  struct split split;
  struct train_request request;
  struct error error = {0};
  get_config(text, NULL, &config);
  struct trained trained = {.data = &data, .split = &split};
  struct dataset dataset;
  if (!data_load(&config.base.data, folder, &dataset, &error) ||
      !run_data_load(&data, &config, &dataset, folder, &interrupted, &error) ||
      !run_data_request(&data, index, kernels_of(isa_best()), &split, &request, &error)) {
    fail_msg("%s", error.message);
  }
  trained.trial = &data.list.trial[index];
  request.trained = write_model;
  request.trained_context = &trained;
  if (!train_run(&request, &trained.result, &error)) fail_msg("%s", error.message);
  struct train_result result = trained.result;
  train_result_clear(&trained.result);
  split_clear(&split);
  run_data_clear(&data);
  config_clear(&config);
  return result;
}

struct train_result train_and_save(const char *text) {
  return train_and_save_trial(text, NULL, 0);
}

struct serving *serving_of(const char *folder) {
  struct error error = {0};
  struct serving *serving = memory_array(1, sizeof *serving, &error);
  assert_non_null(serving);
  if (!serving_open(serving, MODEL_PATH, kernels_of(isa_best()), &error) ||
      !serving_data(serving, folder, &error)) {
    fail_msg("%s", error.message);
  }
  return serving;
}

void serving_done(struct serving *serving) {
  serving_close(serving);
  free(serving);
}
