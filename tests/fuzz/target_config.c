/* An experiment file: read, expanded, planned as by --dry-run. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config/sweep.h"
#include "data/data_load.h"
#include "experiments/dry_run.h"
#include "kernels/kernels.h"
#include "tests/fuzz/fuzz.h"

/* Larger ones are sound, and would take the whole time. */
static bool is_small(const struct config *config) {
  const struct data_spec *data = &config->base.data;
  return data->source == SOURCE_SYNTHETIC && data->synthetic.users <= 100 &&
         data->synthetic.items <= 100 && data->synthetic.ratings <= 500;
}

static void drop(struct text *message) {
  text_clear(message);
}

static void plan(const struct config *config) {
  static const volatile sig_atomic_t interrupted = 0;
  struct text table = {0}, total = {0};
  struct error error = {0};
  struct dataset dataset;
  if (!data_load(&config->base.data, NULL, &dataset, &error)) return;
  const struct run_options options = {.config = config,
                                      .dataset = &dataset,
                                      .folder = "/no/such/run",
                                      .jobs = 2,
                                      .kernels = kernels_of(ISA_SCALAR),
                                      .interrupted = &interrupted,
                                      .warn = drop};
  const struct dry_run_form form = {.format = TEXT_TABLE_JSON};
  (void)dry_run(&options, &form, &table, &total, &error);
  text_clear(&table);
  text_clear(&total);
  dataset_clear(&dataset);
}

static void expand(const struct config *config) {
  struct trial_list list = {0};
  struct error error = {0};
  if (!sweep_expand(config, 1, &list, &error)) return;
  const bool few = list.trials <= 50;
  trial_list_clear(&list);
  if (few && is_small(config)) plan(config);
}

/* What is sound can be kept by a run folder, and is sound there. */
static void resolve(const struct config *config) {
  struct text resolved = {0};
  struct error error = {0};
  struct config again;
  if (!config_resolve(config, ".", &resolved, &error)) abort();
  const char *path = fuzz_write("config.yaml", (const uint8_t *)resolved.text, resolved.length);
  if (!config_read(path, NULL, 0, NULL, &again, &error)) abort();
  text_clear(&resolved);
  config_clear(&again);
}

bool fuzz_one(const uint8_t *bytes, size_t size) {
  struct config config;
  struct error error = {0};
  const char *path = fuzz_write("experiment.yaml", bytes, size);
  if (!config_read(path, NULL, 0, NULL, &config, &error)) return false;
  expand(&config);
  resolve(&config);
  config_clear(&config);
  return true;
}
