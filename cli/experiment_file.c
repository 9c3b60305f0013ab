#include "cli/experiment_file.h"

#include <stdlib.h>

#include "base/memory.h"
#include "cli/cli.h"
#include "data/data_load.h"

volatile sig_atomic_t experiment_interrupted;

static void on_signal(int number) {
  experiment_interrupted = number;
}

void experiment_catch_signals(void) {
  struct sigaction action = {.sa_handler = on_signal};
  (void)sigaction(SIGINT, &action, NULL);
  (void)sigaction(SIGTERM, &action, NULL);
}

int experiment_fail(const struct error *error) {
  const int status = cli_fail(error);
  return status == EXIT_INTERRUPTED && experiment_interrupted == SIGTERM ? EXIT_TERMINATED : status;
}

static bool has_known_columns(enum data_source source) {
  return source == SOURCE_MOVIELENS || source == SOURCE_SYNTHETIC;
}

static bool read_file(struct experiment_file *file, const char *folder, struct error *error) {
  struct data_spec data;
  struct error of_data = {0};
  if (!config_read_data(file->path, file->settings, file->count, &data, &file->source, error)) {
    if (error->kind == ERROR_CONFIG && has_known_columns(data.source)) {
      (void)config_read(file->path, file->settings, file->count, NULL, &file->config, error);
    }
    return false;
  }
  if (data_load(&data, cli_data_path(folder, data.source), &file->dataset, &of_data)) {
    return config_read(file->path, file->settings, file->count, &file->dataset.schema,
                       &file->config, error);
  }
  if (has_known_columns(data.source) &&
      !config_read(file->path, file->settings, file->count, NULL, &file->config, error)) {
    return false;
  }
  *error = of_data;
  return false;
}

bool experiment_file_read(struct experiment_file *file, const char *path,
                          const struct option_list *set, const char *const *more, size_t count,
                          const char *data, struct error *error) {
  file->path = path;
  file->settings = memory_array(set->count + count + 1, sizeof *file->settings, error);
  if (file->settings == NULL) return false;
  for (; file->count < set->count; file->count++) {
    file->settings[file->count] = set->item[file->count];
  }
  for (size_t i = 0; i < count; i++) file->settings[file->count++] = more[i];
  return read_file(file, data, error);
}

void experiment_file_clear(struct experiment_file *file) {
  config_clear(&file->config);
  dataset_clear(&file->dataset);
  free(file->settings);
}
