#include "base/digest.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

enum { CHUNK = 1024 };

uint64_t digest_bytes(const void *bytes, size_t count) {
  return digest_extend(0, bytes, count);
}

uint64_t digest_extend(uint64_t digest, const void *bytes, size_t count) {
  return XXH3_64bits_withSeed(bytes, count, digest);
}

uint64_t digest_floats(uint64_t digest, const float *values, size_t count) {
  uint32_t bits[CHUNK];
  for (size_t start = 0; start < count; start += CHUNK) {
    size_t length = count - start < CHUNK ? count - start : CHUNK;
    memcpy(bits, values + start, length * sizeof *bits);
    for (size_t i = 0; i < length; i++) {
      if ((bits[i] & 0x7fffffffu) > 0x7f800000u) bits[i] = 0x7fc00000u;
    }
    digest = digest_extend(digest, bits, length * sizeof *bits);
  }
  return digest;
}

void digest_text(uint64_t digest, char text[DIGEST_TEXT]) {
  (void)snprintf(text, DIGEST_TEXT, "%016llx", (unsigned long long)digest);
}

uint64_t digest_join(const uint64_t *digests, size_t count) {
  uint64_t joined = 0;
  for (size_t i = 0; i < count; i++) {
    char text[DIGEST_TEXT];
    digest_text(digests[i], text);
    joined = digest_extend(joined, text, DIGEST_TEXT - 1);
  }
  return joined;
}
