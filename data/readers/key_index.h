/* From 64-bit keys to small values: which row has this user and this item,
 * which line has this id. Open addressing, linear probing, at most half full. */
#ifndef CROSSLANE_DATA_READERS_KEY_INDEX_H
#define CROSSLANE_DATA_READERS_KEY_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define KEY_INDEX_NONE UINT32_MAX

struct key_index {
  uint64_t *key;  /* [values]: the key of a value */
  uint32_t *slot; /* [2^bits]: a value, or KEY_INDEX_NONE */
  unsigned shift; /* 64 - bits */
};

/* For values below `values`, which must be below 2^31. */
bool key_index_init(struct key_index *index, size_t values, struct error *error);
void key_index_clear(struct key_index *index);

/* Adds the pair and returns KEY_INDEX_NONE, or, when the key is there
 * already, changes nothing and returns its value. */
uint32_t key_index_add(struct key_index *index, uint64_t key, uint32_t value);

/* The key's value, or KEY_INDEX_NONE. */
uint32_t key_index_find(const struct key_index *index, uint64_t key);

static inline uint64_t key_index_pair(uint32_t user, uint32_t item) {
  return (uint64_t)user << 32 | item;
}

#endif
