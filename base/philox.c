#include "base/philox.h"

#include "base/exact.h"
#include "base/memory.h"

void philox_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  uint32_t k0 = key[0], k1 = key[1];
  for (int round = 0; round < PHILOX_ROUNDS; round++) {
    uint64_t p0 = (uint64_t)PHILOX_M0 * c0;
    uint64_t p1 = (uint64_t)PHILOX_M1 * c2;
    c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)p1;
    c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)p0;
    k0 += PHILOX_W0;
    k1 += PHILOX_W1;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

void random_init(struct random *random, uint64_t seed, enum random_stream stream, uint32_t part1,
                 uint32_t part2) {
  random->key[0] = (uint32_t)seed;
  random->key[1] = (uint32_t)(seed >> 32);
  random->counter[0] = 0;
  random->counter[1] = part2;
  random->counter[2] = part1;
  random->counter[3] = (uint32_t)stream;
  random->used = 4;
}

uint32_t random_u32(struct random *random) {
  if (random->used == 4) {
    philox_block(random->counter, random->key, random->block);
    random->counter[0]++;
    random->used = 0;
  }
  return random->block[random->used++];
}

uint32_t random_below(struct random *random, uint32_t bound) {
  uint64_t product = (uint64_t)random_u32(random) * bound;
  if ((uint32_t)product < bound) {
    uint32_t threshold = (0u - bound) % bound;
    while ((uint32_t)product < threshold) product = (uint64_t)random_u32(random) * bound;
  }
  return (uint32_t)(product >> 32);
}

float random_float(struct random *random) {
  return (float)(random_u32(random) >> 8) * 0x1p-24f;
}

double random_double(struct random *random) {
  uint64_t high = random_u32(random);
  uint64_t low = random_u32(random);
  return (double)((high << 21) | (low >> 11)) * 0x1p-53;
}

/* Where the next elements go is drawn ahead, so that what lies there is on its way when it
 * is exchanged: a long array is not in any cache. */
void random_shuffle(struct random *random, uint32_t *values, uint32_t count) {
  enum { DRAWN = 32 };
  uint32_t chosen[DRAWN];
  for (uint32_t last = count; last > 1;) {
    const uint32_t drawn = last - 1 < DRAWN ? last - 1 : DRAWN;
    for (uint32_t i = 0; i < drawn; i++) {
      chosen[i] = random_below(random, last - i);
      memory_fetch(values + chosen[i]);
    }
    for (uint32_t i = 0; i < drawn; i++, last--) {
      const uint32_t moved = values[last - 1];
      values[last - 1] = values[chosen[i]];
      values[chosen[i]] = moved;
    }
  }
}
