/* Dropout's choices against the generator of base/, one number at a time. */
#include "tests/kernels/harness.h"

enum { GROUPS_A_BLOCK = 8 };

/* The 16 bits that decide about output `bit` of a group, as kernels.h says. */
static uint32_t decision(const struct dropout_keep *a, size_t group, uint32_t bit) {
  uint32_t first = (uint32_t)(group / GROUPS_A_BLOCK * KEEP_GROUP);
  uint32_t counter[4] = {first + bit, a->counter[0], a->counter[1], a->counter[2]}, block[4];
  philox_block(counter, a->key, block);
  uint32_t number = block[group % GROUPS_A_BLOCK / 2];
  return group % 2 == 0 ? number & 0xffffu : number >> 16;
}

static void keep_set_up(struct test_case *c, void *arguments) {
  struct dropout_keep *a = arguments;
  a->groups = c->size[0];
  for (size_t i = 0; i < 2; i++) a->key[i] = random_u32(&c->random);
  for (size_t i = 0; i < 3; i++) a->counter[i] = random_u32(&c->random);
  /* Mostly exactly one of the numbers, so that >= is told from >. */
  static const uint32_t thresholds[] = {0, 65536, 1, 65535, 13107};
  unsigned option = choose(c, 16);
  if (option < sizeof thresholds / sizeof *thresholds) {
    a->threshold = thresholds[option];
  } else if (a->groups > 0) {
    size_t group = choose(c, (unsigned)a->groups);
    a->threshold = decision(a, group, choose(c, KEEP_GROUP));
  }
  operand(c, "keep", &a->keep, OUT, BITS, 1, a->groups);
}

static void keep_reference(struct test_case *c, const void *arguments) {
  const struct dropout_keep *a = arguments;
  for (size_t group = 0; group < a->groups; group++) {
    uint32_t keep = 0;
    for (uint32_t bit = 0; bit < KEEP_GROUP; bit++) {
      keep |= (uint32_t)(decision(a, group, bit) >= a->threshold) << bit;
    }
    expect(c, &a->keep[group], (double)keep, 0.0);
  }
}

const struct kernel_test test_dropout_keep = {
    .shapes = {.axis = {"groups"},
               .most = {4 * GROUPS_A_BLOCK + 1},
               .base = {{1}, {1}, {1}, {1}},
               .larger = {{160}, {511}}},
    .set_up = keep_set_up,
    .reference = keep_reference,
};
