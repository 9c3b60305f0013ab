/* A CSV file of rows to predict, by a model that is trained here. */
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "data/data_load.h"
#include "experiments/run.h"
#include "experiments/run_data.h"
#include "kernels/kernels.h"
#include "serving/csv_prediction.h"
#include "tests/fuzz/fuzz.h"

static const char experiment[] =
    "schema: 1\n"
    "name: batch\n"
    "data: {source: synthetic, synthetic: {users: 20, items: 20, ratings: 100}}\n"
    "model:\n"
    "  wide: {crosses: [[gender, genre]]}\n"
    "  deep: {columns: [age, occupation, genres, release_year, rating_hour], hidden: [4]}\n"
    "train: {epochs: 1, save: all}\n"
    "seeds: [1]\n";

static void drop(struct text *message) {
  text_clear(message);
}

/* Trains it once, for the whole process. */
static const char *model_path(void) {
  static char path[400];
  static const volatile sig_atomic_t interrupted = 0;
  if (path[0] != '\0') return path;
  struct config config;
  struct run_summary summary;
  struct error error = {0};
  const char *file = fuzz_write("batch.yaml", (const uint8_t *)experiment, strlen(experiment));
  if (!config_read(file, NULL, 0, NULL, &config, &error)) abort();
  char run[300];
  (void)snprintf(run, sizeof run, "%s/run", fuzz_folder());
  struct dataset dataset;
  if (!data_load(&config.base.data, NULL, &dataset, &error)) abort();
  const struct run_options options = {.config = &config,
                                      .dataset = &dataset,
                                      .folder = run,
                                      .jobs = 1,
                                      .kernels = kernels_of(ISA_SCALAR),
                                      .interrupted = &interrupted,
                                      .warn = drop};
  if (!run_sweep(&options, &summary, &error) || summary.trained != 1) abort();
  struct run_data data = {0};
  if (!data_load(&config.base.data, NULL, &dataset, &error) ||
      !run_data_load(&data, &config, &dataset, NULL, &interrupted, &error)) {
    abort();
  }
  (void)snprintf(path, sizeof path, "%s/models/%s.safetensors", run, data.list.trial[0].key);
  run_data_clear(&data);
  config_clear(&config);
  return path;
}

/* Each line of JSON is an object by itself. */
static bool take_bytes(void *context, const char *bytes, size_t count, struct error *error) {
  (void)error;
  const bool *json = context;
  for (const char *end = bytes + count; *json && bytes < end;) {
    const char *line_end = memchr(bytes, '\n', (size_t)(end - bytes));
    if (line_end == NULL) abort();
    json_t *object = json_loadb(bytes, (size_t)(line_end - bytes),
                                JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    if (!json_is_object(object)) abort();
    json_decref(object);
    bytes = line_end + 1;
  }
  return true;
}

static bool predict(struct serving *serving, int input, bool json) {
  struct error error = {0};
  struct text notes = {0};
  size_t rows;
  const struct csv_prediction request = {.serving = serving,
                                         .input = input,
                                         .name = "batch.csv",
                                         .json = json,
                                         .prompt = json,
                                         .write = take_bytes,
                                         .context = &json};
  const bool done = csv_prediction_run(&request, &rows, &notes, &error);
  text_clear(&notes);
  return done;
}

bool fuzz_one(const uint8_t *bytes, size_t size) {
  static struct serving *serving;
  struct error error = {0};
  if (serving == NULL) {
    serving = memory_array(1, sizeof *serving, &error);
    if (serving == NULL || !serving_open(serving, model_path(), kernels_of(ISA_SCALAR), &error) ||
        !serving_values(serving, CSV_PREDICTION_ROWS, &error)) {
      abort();
    }
  }
  const int input = open(fuzz_write("batch.csv", bytes, size), O_RDONLY | O_CLOEXEC);
  if (input < 0) abort();
  const bool done = predict(serving, input, false);
  if (lseek(input, 0, SEEK_SET) != 0) abort();
  (void)predict(serving, input, true);
  (void)close(input);
  return done;
}
