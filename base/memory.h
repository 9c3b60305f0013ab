/* Checked allocation. Sizes are multiplied with an overflow check; a failure
 * fills the error and returns NULL. All are released by `free`. */
#ifndef CROSSLANE_BASE_MEMORY_H
#define CROSSLANE_BASE_MEMORY_H

#include <stddef.h>

#include "base/error.h"

/* From now on blocks of a megabyte and more go back to the system when they are released, and
 * are not kept for others: by itself glibc learns to keep them, and what a parent keeps is
 * paid for again by each worker that writes there. */
void memory_return_large(void);

/* `count` elements of `size` bytes, set to zero. Never NULL for count 0. */
void *memory_array(size_t count, size_t size, struct error *error);

/* The same, aligned to 64 bytes: one cache line, one AVX-512 register. */
void *memory_aligned(size_t count, size_t size, struct error *error);

/* How many bytes memory_aligned takes for so many that are asked for. */
size_t memory_aligned_bytes(size_t bytes);

/* Grows `block` (which may be NULL) to `count` elements; what is new is not
 * set. On failure `block` stays valid. */
void *memory_grow(void *block, size_t count, size_t size, struct error *error);

/* Asks for the cache line at `address`, which is read soon, and does not wait for it. Any
 * address will do; one that is in a cache costs a cycle. */
static inline void memory_fetch(const void *address) {
  __builtin_prefetch(address);
}

char *memory_text(const char *text, struct error *error);

#endif
