#include "data/readers/key_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

bool key_index_init(struct key_index *index, size_t values, struct error *error) {
  *index = (struct key_index){0};
  if (values > (size_t)INT32_MAX) {
    return error_set(error, ERROR_DATA, "%zu entries are more than an index holds", values);
  }
  unsigned bits = 4;
  while (((size_t)1 << bits) < 2 * values) bits++;
  index->shift = 64 - bits;
  index->key = memory_array(values, sizeof *index->key, error);
  if (index->key == NULL) return false;
  index->slot = memory_array((size_t)1 << bits, sizeof *index->slot, error);
  if (index->slot == NULL) {
    key_index_clear(index);
    return false;
  }
  memset(index->slot, 0xff, sizeof *index->slot << bits);
  return true;
}

void key_index_clear(struct key_index *index) {
  free(index->key);
  free(index->slot);
  *index = (struct key_index){0};
}

/* The slot that holds the key, or the free one where it belongs. The factor
 * is 2^64 over the golden ratio (Knuth, TAOCP vol. 3, section 6.4). */
static uint32_t *find_slot(const struct key_index *index, uint64_t key) {
  size_t mask = ((size_t)1 << (64 - index->shift)) - 1;
  size_t at = (size_t)((key * 0x9E3779B97F4A7C15u) >> index->shift);
  while (index->slot[at] != KEY_INDEX_NONE && index->key[index->slot[at]] != key) {
    at = (at + 1) & mask;
  }
  return &index->slot[at];
}

uint32_t key_index_add(struct key_index *index, uint64_t key, uint32_t value) {
  uint32_t *slot = find_slot(index, key);
  if (*slot != KEY_INDEX_NONE) return *slot;
  index->key[value] = key;
  *slot = value;
  return KEY_INDEX_NONE;
}

uint32_t key_index_find(const struct key_index *index, uint64_t key) {
  return *find_slot(index, key);
}
