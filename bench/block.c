#include <string.h>

#include "base/memory.h"
#include "base/philox.h"
#include "bench/cases.h"

enum { NOISE = 1 << 16, LINE = 64, SHARED_TABLE = 1 << 26, SHARED_INDICES = 1 << 20 };

size_t rounded_up(size_t floats) {
  return (floats + ROW_FLOATS - 1) / ROW_FLOATS * ROW_FLOATS;
}

/* Numbers in [-1, 1), made once: operands are copies of them. */
static const float *noise(void) {
  static float values[NOISE];
  static bool made;
  if (!made) {
    struct random random;
    random_init(&random, 1, STREAM_SYNTHETIC, 0, 0);
    for (size_t i = 0; i < NOISE; i++) values[i] = 2.0f * random_float(&random) - 1.0f;
    made = true;
  }
  return values;
}

static void *take(struct block *block, size_t bytes) {
  size_t at = block->used;
  block->used += (bytes + LINE - 1) / LINE * LINE;
  return block->at != NULL ? block->at + at : NULL;
}

static void fill_floats(float *at, size_t count, enum fill fill, size_t from) {
  if (fill == FILL_ZEROS) {
    memset(at, 0, count * sizeof *at);
    return;
  }
  const float *values = noise();
  for (size_t done = 0; done < count;) {
    size_t first = (from + done) % NOISE, part = NOISE - first;
    if (part > count - done) part = count - done;
    memcpy(at + done, values + first, part * sizeof *at);
    done += part;
  }
  if (fill != FILL_POSITIVE) return;
  for (size_t i = 0; i < count; i++) at[i] = at[i] < 0 ? 0.5f - 0.5f * at[i] : 0.5f + at[i];
}

float *block_floats(struct block *block, size_t count, enum fill fill) {
  size_t from = block->used;
  float *at = take(block, count * sizeof *at);
  if (at != NULL) fill_floats(at, count, fill, from);
  return at;
}

double *block_doubles(struct block *block, size_t count) {
  double *at = take(block, count * sizeof *at);
  if (at != NULL) memset(at, 0, count * sizeof *at);
  return at;
}

uint16_t *block_bits(struct block *block, size_t groups) {
  uint16_t *at = take(block, groups * sizeof *at);
  if (at != NULL) memset(at, 0xb6, groups * sizeof *at);
  return at;
}

/* A multiplicative generator: the lists are long, their quality is of no
 * matter. Knuth, TAOCP volume 2, section 3.3.4, table 1, line 26. */
static void fill_indices(uint32_t *at, size_t count, size_t below) {
  uint64_t state = 1;
  for (size_t i = 0; i < count; i++) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    at[i] = (uint32_t)((state >> 32) * below >> 32);
  }
}

/* Long lists are kept: they are asked for again at every repetition. */
static uint32_t *shared_indices(size_t count, size_t below) {
  static struct {
    uint32_t *list;
    size_t count, below;
  } kept[8];
  enum { KEPT = sizeof kept / sizeof *kept };
  for (size_t i = 0; i < KEPT; i++) {
    if (kept[i].list != NULL && kept[i].count == count && kept[i].below == below) {
      return kept[i].list;
    }
    if (kept[i].list != NULL) continue;
    struct error error;
    uint32_t *list = memory_array(count, sizeof *list, &error);
    if (list != NULL) fill_indices(list, count, below);
    kept[i].list = list;
    kept[i].count = count;
    kept[i].below = below;
    return list;
  }
  return NULL;
}

uint32_t *block_indices(struct block *block, size_t count, size_t below) {
  if (count >= SHARED_INDICES) {
    uint32_t *list = block->at != NULL ? shared_indices(count, below) : NULL;
    block->failed |= block->at != NULL && list == NULL;
    return list;
  }
  uint32_t *at = take(block, count * sizeof *at);
  if (at != NULL) fill_indices(at, count, below);
  return at;
}

static float *shared_table(size_t count) {
  static float *table;
  static size_t room;
  if (table == NULL || room < count) {
    struct error error;
    table = memory_aligned(count, sizeof *table, &error);
    if (table == NULL) return NULL;
    room = count;
    fill_floats(table, count, FILL_SIGNED, 0); /* so that every page is there */
  }
  return table;
}

float *block_table(struct block *block, size_t *rows, size_t dim) {
  size_t row = dim * sizeof(float);
  if (*rows * row > block->table_most) *rows = block->table_most / row;
  block->table = *rows * row;
  if (block->table <= SHARED_TABLE) return block_floats(block, *rows * dim, FILL_SIGNED);
  float *table = block->at != NULL ? shared_table(*rows * dim) : NULL;
  block->failed |= block->at != NULL && table == NULL;
  return table;
}
