/* The one generator of random numbers: Philox4x32-10, counter based.
 * Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3",
 * SC'11, section 3.3. A number depends on its key and counter alone, so the
 * same numbers come on any instruction set, in any order, on any worker. */
#ifndef CROSSLANE_BASE_PHILOX_H
#define CROSSLANE_BASE_PHILOX_H

#include <stdint.h>

enum { PHILOX_ROUNDS = 10 };
#define PHILOX_M0 0xD2511F53u
#define PHILOX_M1 0xCD9E8D57u
#define PHILOX_W0 0x9E3779B9u
#define PHILOX_W1 0xBB67AE85u

/* What a stream of numbers is for. The values are part of the numerics: a
 * change gives other weights (raise `numerics_version`). */
enum random_stream {
  STREAM_SPLIT = 1,
  STREAM_INITIALISATION = 2,
  STREAM_SHUFFLE = 3,
  STREAM_DROPOUT = 4,
  STREAM_SYNTHETIC = 5,
  STREAM_SWEEP = 6,
  STREAM_OUT_OF_FOLD = 7,
  STREAM_MEMBER = 8,
  STREAM_VERIFY = 9,
  STREAM_BAYES = 10
};

/* One block: four 32-bit numbers from a counter and a key. */
void philox_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* A sequence of numbers, addressed by seed, stream and two coordinates (an
 * epoch and a layer, a table and a column, ...): counter word 0 is the block
 * within the sequence, the others are part2, part1 and the stream. */
struct random {
  uint32_t key[2];
  uint32_t counter[4];
  uint32_t block[4];
  unsigned used; /* of `block`; 4: the next number needs a new block */
};

void random_init(struct random *random, uint64_t seed, enum random_stream stream, uint32_t part1,
                 uint32_t part2);
uint32_t random_u32(struct random *random);

/* Uniform in [0, bound), without bias (Lemire: "Fast random integer
 * generation in an interval", ACM TOMACS 29(1), 2019). bound >= 1. */
uint32_t random_below(struct random *random, uint32_t bound);

/* Uniform in [0, 1): a multiple of 2^-24, exact in float. */
float random_float(struct random *random);

/* Uniform in [0, 1): a multiple of 2^-53. */
double random_double(struct random *random);

/* Fisher-Yates: a uniformly random order of `values`. */
void random_shuffle(struct random *random, uint32_t *values, uint32_t count);

#endif
