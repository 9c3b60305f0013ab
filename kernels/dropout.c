#include "base/philox.h"
#include "kernels/declare.h"

enum { BLOCK_GROUPS = 8 }; /* 16 lanes of four 32-bit numbers: 8 groups of 16 halves */

/* How many vectors go through the rounds side by side: all, as chains that hide the
 * multiplier's latency; one float at a time two, since sixteen, unrolled, are 14 KB
 * of code. */
enum { ABREAST = VW == 1 ? 2 : V16 };

/* One Philox block in each lane of the vectors from `from`. */
INLINE void philox_lanes(uint32_t first, const struct dropout_keep *a, size_t from,
                         vu out[4][V16]) {
  const vu m0 = vu_set1(PHILOX_M0), m1 = vu_set1(PHILOX_M1);
  vw c0[ABREAST], c1[ABREAST], c2[ABREAST], c3[ABREAST];
  UNROLL for (uint32_t h = 0; h < ABREAST; h++) {
    c0[h] = vw_from(vu_add(vu_iota(), vu_set1(first + ((uint32_t)from + h) * VW)));
    c1[h] = vw_from(vu_set1(a->counter[0]));
    c2[h] = vw_from(vu_set1(a->counter[1]));
    c3[h] = vw_from(vu_set1(a->counter[2]));
  }
  uint32_t key0 = a->key[0], key1 = a->key[1];
  UNROLL for (int round = 0; round < PHILOX_ROUNDS; round++) {
    const vu k0 = vu_set1(key0), k1 = vu_set1(key1);
    UNROLL for (size_t h = 0; h < ABREAST; h++) {
      const vw product0 = vw_mul(c0[h], m0), product1 = vw_mul(c2[h], m1);
      c0[h] = vw_xor3(vw_high(product1), c1[h], k0);
      c2[h] = vw_xor3(vw_high(product0), c3[h], k1);
      c1[h] = product1;
      c3[h] = product0;
    }
    key0 += PHILOX_W0;
    key1 += PHILOX_W1;
  }
  UNROLL for (size_t h = 0; h < ABREAST; h++) {
    out[0][from + h] = vw_low(c0[h]);
    out[1][from + h] = vw_low(c1[h]);
    out[2][from + h] = vw_low(c2[h]);
    out[3][from + h] = vw_low(c3[h]);
  }
}

INLINE void philox16(uint32_t first, const struct dropout_keep *a, vu out[4][V16]) {
  NO_UNROLL for (size_t from = 0; from < V16; from += ABREAST) philox_lanes(first, a, from, out);
}

INLINE uint16_t keep_group(vu number[4][V16], size_t j, vu threshold) {
  const vu low_half = vu_set1(0xffffu);
  uint32_t bits = 0;
  UNROLL for (size_t h = 0; h < V16; h++) {
    vu all = number[j / 2][h];
    vu half = j % 2 == 0 ? vu_and(all, low_half) : vu_high_half(all);
    bits |= vu_bits_ge(half, threshold) << (h * VW);
  }
  return (uint16_t)bits;
}

void KERNEL_NAME(dropout_keep)(const struct dropout_keep *a) {
  const vu threshold = vu_set1(a->threshold);
  for (size_t group = 0; group < a->groups; group += BLOCK_GROUPS) {
    vu number[4][V16];
    philox16((uint32_t)((a->first + group) / BLOCK_GROUPS * KEEP_GROUP), a, number);
    uint16_t keep[BLOCK_GROUPS];
    UNROLL for (size_t j = 0; j < BLOCK_GROUPS; j++) keep[j] = keep_group(number, j, threshold);
    size_t count = a->groups - group < BLOCK_GROUPS ? a->groups - group : BLOCK_GROUPS;
    for (size_t j = 0; j < count; j++) a->keep[group + j] = keep[j];
  }
}
