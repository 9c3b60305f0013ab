/* Tables of any source (files as in fuzz_write_files): read as experiment.yaml says
 * where that is among them, and as a first look guesses. */
#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "config/config.h"
#include "data/data_guess.h"
#include "data/data_load.h"
#include "data/data_summary.h"
#include "tests/fuzz/fuzz.h"

/* Made ones have no input of their own, and may be large. */
static void load(const struct data_spec *spec) {
  struct dataset dataset = {0};
  struct text report = {0};
  struct error error = {0};
  if (spec->source == SOURCE_SYNTHETIC || !data_load(spec, NULL, &dataset, &error)) return;
  data_summary(&dataset, "", &report);
  json_decref(data_summary_json(&dataset));
  text_clear(&report);
  dataset_clear(&dataset);
}

static void read_as_written(const char *folder) {
  struct error error = {0};
  struct data_spec *spec = memory_array(1, sizeof *spec, &error);
  struct source_spec *source = memory_array(1, sizeof *source, &error);
  char *path = file_join(folder, "experiment.yaml", &error);
  if (spec == NULL || source == NULL || path == NULL) abort();
  if (file_exists(path) && config_read_data(path, NULL, 0, spec, source, &error)) load(spec);
  free(path);
  free(source);
  free(spec);
}

static void read_as_guessed(const char *folder) {
  struct error error = {0};
  struct text notes = {0};
  struct data_spec *spec = memory_array(1, sizeof *spec, &error);
  struct source_spec *source = memory_array(1, sizeof *source, &error);
  if (spec == NULL || source == NULL) abort();
  if (data_guess(folder, spec, source, &notes, &error)) load(spec);
  text_clear(&notes);
  free(source);
  free(spec);
}

void fuzz_one(const uint8_t *bytes, size_t size) {
  fuzz_write_files(bytes, size);
  read_as_written(fuzz_folder());
  read_as_guessed(fuzz_folder());
}
