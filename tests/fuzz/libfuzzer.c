/* A target under libFuzzer: its main is in the library. */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  (void)fuzz_one(bytes, size);
  return 0;
}
