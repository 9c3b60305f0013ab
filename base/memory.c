#define _DEFAULT_SOURCE /* madvise */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#if defined(__linux__)
#include <sys/mman.h>
#endif

/* Blocks of LARGE and more get huge pages where the system has them for those
 * who ask: rows out of a table in memory then do without most walks through
 * the page tables. */
enum { CACHE_LINE = 64, HUGE_PAGE = 2 << 20, LARGE = 4 * HUGE_PAGE };

static bool byte_count(size_t count, size_t size, size_t *bytes, struct error *error) {
  if (__builtin_mul_overflow(count, size, bytes) || *bytes > SIZE_MAX - HUGE_PAGE) {
    return error_set(error, ERROR_SYSTEM, "out of memory: %zu elements of %zu bytes", count, size);
  }
  return true;
}

void memory_return_large(void) {
#ifdef __GLIBC__
  (void)mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

void *memory_array(size_t count, size_t size, struct error *error) {
  size_t bytes;
  if (!byte_count(count, size, &bytes, error)) return NULL;
  void *block = calloc(bytes > 0 ? bytes : 1, 1);
  if (block == NULL) error_set(error, ERROR_SYSTEM, "out of memory: %zu bytes", bytes);
  return block;
}

static size_t unit_of(size_t bytes) {
  return bytes >= LARGE ? HUGE_PAGE : CACHE_LINE;
}

size_t memory_aligned_bytes(size_t bytes) {
  const size_t unit = unit_of(bytes);
  return bytes > 0 ? (bytes + unit - 1) / unit * unit : unit;
}

void *memory_aligned(size_t count, size_t size, struct error *error) {
  size_t bytes;
  if (!byte_count(count, size, &bytes, error)) return NULL;
  const size_t unit = unit_of(bytes), rounded = memory_aligned_bytes(bytes);
  void *block = aligned_alloc(unit, rounded);
  if (block == NULL) {
    error_set(error, ERROR_SYSTEM, "out of memory: %zu bytes", bytes);
    return NULL;
  }
#if defined(MADV_HUGEPAGE)
  if (unit == HUGE_PAGE) (void)madvise(block, rounded, MADV_HUGEPAGE); /* else without */
#endif
  return memset(block, 0, rounded);
}

void *memory_grow(void *block, size_t count, size_t size, struct error *error) {
  size_t bytes;
  if (!byte_count(count, size, &bytes, error)) return NULL;
  void *grown = realloc(block, bytes > 0 ? bytes : 1);
  if (grown == NULL) error_set(error, ERROR_SYSTEM, "out of memory: %zu bytes", bytes);
  return grown;
}

char *memory_text(const char *text, struct error *error) {
  size_t bytes = strlen(text) + 1;
  char *copy = memory_array(bytes, 1, error);
  if (copy != NULL) memcpy(copy, text, bytes);
  return copy;
}
