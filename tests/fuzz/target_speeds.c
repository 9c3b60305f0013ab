/* A file of the bench: compared with itself, drawn as a roofline. */
#include <stdlib.h>
#include <string.h>

#include "speeds/plot_speeds.h"
#include "speeds/speed_compare.h"
#include "tests/fuzz/fuzz.h"

bool fuzz_one(const uint8_t *bytes, size_t size) {
  struct error error = {0};
  struct text text = {0};
  const char *path = fuzz_write("kernels.json", bytes, size);
  const char *paths[] = {path, path};
  static struct speed_comparison comparison;
  memset(&comparison, 0, sizeof comparison);
  const bool sound = compare_read(&comparison, paths, 2, 5, &error);
  if (sound) {
    compare_write(&comparison, &(struct compare_form){.all = true, .width = 80}, &text);
    compare_write(&comparison, &(struct compare_form){.format = TEXT_TABLE_JSON}, &text);
  }
  compare_clear(&comparison);
  text_clear(&text);
  (void)setenv("CROSSLANE_GNUPLOT", "/no/such/gnuplot", 1);
  const struct plot_options options = {.svg = true, .out = (char *)fuzz_folder()};
  for (size_t files = 1; files <= 2; files++) {
    (void)plot_speeds(paths, files, &options, &text, &error);
  }
  text_clear(&text);
  return sound;
}
