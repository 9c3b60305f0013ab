/* A saved model: opened, and asked for a rating. */
#include <stdlib.h>

#include "base/memory.h"
#include "kernels/kernels.h"
#include "serving/serving.h"
#include "tests/fuzz/fuzz.h"

bool fuzz_one(const uint8_t *bytes, size_t size) {
  struct error error = {0};
  const char *path = fuzz_write("model.safetensors", bytes, size);
  struct serving *serving = memory_array(1, sizeof *serving, &error);
  if (serving == NULL) return false;
  const bool sound = serving_open(serving, path, kernels_of(ISA_SCALAR), &error) &&
                     serving_values(serving, 2, &error);
  float prediction[2];
  if (sound) serving_predict_values(serving, 2, prediction);
  serving_close(serving);
  free(serving);
  return sound;
}
