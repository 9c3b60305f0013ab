#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CACHE_LINE = 64 };

static bool byte_count(size_t count, size_t size, size_t *bytes, struct error *error) {
  if (__builtin_mul_overflow(count, size, bytes) || *bytes > SIZE_MAX - CACHE_LINE) {
    return error_set(error, ERROR_SYSTEM, "out of memory: %zu elements of %zu bytes", count, size);
  }
  return true;
}

void *memory_array(size_t count, size_t size, struct error *error) {
  size_t bytes;
  if (!byte_count(count, size, &bytes, error)) return NULL;
  void *block = calloc(bytes > 0 ? bytes : 1, 1);
  if (block == NULL) error_set(error, ERROR_SYSTEM, "out of memory: %zu bytes", bytes);
  return block;
}

void *memory_aligned(size_t count, size_t size, struct error *error) {
  size_t bytes;
  if (!byte_count(count, size, &bytes, error)) return NULL;
  size_t rounded = (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
  if (rounded == 0) rounded = CACHE_LINE;
  void *block = aligned_alloc(CACHE_LINE, rounded);
  if (block == NULL) {
    error_set(error, ERROR_SYSTEM, "out of memory: %zu bytes", bytes);
    return NULL;
  }
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
