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
static bool load(const struct data_spec *spec) {
  struct dataset dataset = {0};
  struct text report = {0};
  struct error error = {0};
  if (spec->source == SOURCE_SYNTHETIC || !data_load(spec, NULL, &dataset, &error)) {
    return false;
  }
  data_summary(&dataset, "", &report);
  json_decref(data_summary_json(&dataset));
  text_clear(&report);
  dataset_clear(&dataset);
  return true;
}

static bool read_as_written(const char *folder) {
  struct error error = {0};
  struct data_spec *spec = memory_array(1, sizeof *spec, &error);
  struct source_spec *source = memory_array(1, sizeof *source, &error);
  char *path = file_join(folder, "experiment.yaml", &error);
  if (spec == NULL || source == NULL || path == NULL) abort();
  const bool sound =
      file_exists(path) && config_read_data(path, NULL, 0, spec, source, &error) && load(spec);
  free(path);
  free(source);
  free(spec);
  return sound;
}

static bool read_as_guessed(const char *folder) {
  struct error error = {0};
  struct text notes = {0};
  struct data_spec *spec = memory_array(1, sizeof *spec, &error);
  struct source_spec *source = memory_array(1, sizeof *source, &error);
  if (spec == NULL || source == NULL) abort();
  const bool sound = data_guess(folder, spec, source, &notes, &error) && load(spec);
  text_clear(&notes);
  free(source);
  free(spec);
  return sound;
}

bool fuzz_one(const uint8_t *bytes, size_t size) {
  fuzz_write_files(bytes, size);
  const bool written = read_as_written(fuzz_folder());
  return read_as_guessed(fuzz_folder()) || written;
}
