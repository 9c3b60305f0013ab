/* Digests: XXH3, 64 bits (xxhash). The same on every machine of one byte
 * order; Crosslane runs on little-endian ones. */
#ifndef CROSSLANE_BASE_DIGEST_H
#define CROSSLANE_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_TEXT = 17 }; /* sixteen hexadecimal digits and the zero */

uint64_t digest_bytes(const void *bytes, size_t count);

/* Mixes the digest of `bytes` into `digest`; order matters. Start from 0. */
uint64_t digest_extend(uint64_t digest, const void *bytes, size_t count);

/* Floats by their bits, every NaN counted as the one 0x7fc00000. */
uint64_t digest_floats(uint64_t digest, const float *values, size_t count);

/* Of several, in their order: their texts mixed in one after the other. */
uint64_t digest_join(const uint64_t *digests, size_t count);

void digest_text(uint64_t digest, char text[DIGEST_TEXT]);

#endif
