#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/philox.h"

#define RECORDED_BELOW 0x4c1a32d2dc530a5du
#define RECORDED_SHUFFLE 0x9baa8a5431ebcc4bu
#define RECORDED_DOUBLE 0xc6106b992af7ed8fu

/* Random123 (the paper's own code), tests/kat_vectors: philox4x32 10. */
static void blocks_are_those_of_the_published_vectors(void **state) {
  (void)state;
  static const struct {
    uint32_t counter[4], key[2], block[4];
  } vectors[] = {
      {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
       {0xffffffff, 0xffffffff},
       {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
       {0xa4093822, 0x299f31d0},
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
  };
  for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
    uint32_t block[4];
    philox_block(vectors[i].counter, vectors[i].key, block);
    assert_memory_equal(block, vectors[i].block, sizeof block);
  }
}

static void a_sequence_is_the_blocks_of_its_address(void **state) {
  (void)state;
  struct random random;
  random_init(&random, 0x0123456789abcdefu, STREAM_DROPOUT, 7, 9);
  const uint32_t key[2] = {0x89abcdef, 0x01234567};
  for (uint32_t block = 0; block < 3; block++) {
    const uint32_t counter[4] = {block, 9, 7, STREAM_DROPOUT};
    uint32_t wanted[4];
    philox_block(counter, key, wanted);
    for (int i = 0; i < 4; i++) assert_int_equal(random_u32(&random), wanted[i]);
  }
}

static void uniform_numbers_lie_in_their_interval(void **state) {
  (void)state;
  enum { COUNT = 20000 };
  struct random random;
  random_init(&random, 3, STREAM_SYNTHETIC, 0, 0);
  double sum = 0.0, wide_sum = 0.0;
  for (int i = 0; i < COUNT; i++) {
    double narrow = (double)random_float(&random), wide = random_double(&random);
    assert_true(narrow >= 0.0 && narrow < 1.0 && wide >= 0.0 && wide < 1.0);
    assert_true(narrow * 0x1p24 == (double)(uint32_t)(narrow * 0x1p24));
    sum += narrow;
    wide_sum += wide;
  }
  /* Five standard errors: 5 / sqrt(12 * 20000) = 0.0102. */
  const double mean = sum / (double)COUNT, wide_mean = wide_sum / (double)COUNT;
  assert_true(mean > 0.4897 && mean < 0.5103);
  assert_true(wide_mean > 0.4897 && wide_mean < 0.5103);
}

static void every_number_below_a_bound_comes_equally_often(void **state) {
  (void)state;
  enum { EACH = 2000, LARGEST = 11 };
  struct random random;
  random_init(&random, 4, STREAM_SYNTHETIC, 0, 0);
  for (uint32_t bound = 1; bound <= LARGEST; bound++) {
    uint32_t seen[LARGEST] = {0};
    for (uint32_t i = 0; i < EACH * bound; i++) {
      uint32_t number = random_below(&random, bound);
      assert_true(number < bound);
      seen[number]++;
    }
    /* Five standard deviations: 5 * sqrt(2000) = 224. */
    for (uint32_t i = 0; i < bound; i++) assert_in_range(seen[i], EACH - 224, EACH + 224);
  }
}

/* 2^32 numbers fall on 3 * 2^30 values: if none were drawn again, every value
 * that is divisible by 3 would come twice as often as the others. */
static void a_bound_that_divides_badly_is_not_biased(void **state) {
  (void)state;
  enum { COUNT = 30000 };
  const uint32_t bound = 3u << 30;
  struct random random;
  random_init(&random, 5, STREAM_SYNTHETIC, 0, 0);
  uint32_t rest[3] = {0};
  for (int i = 0; i < COUNT; i++) {
    uint32_t number = random_below(&random, bound);
    assert_true(number < bound);
    rest[number % 3]++;
  }
  /* Five standard deviations: 5 * sqrt(30000 * 2 / 9) = 408. */
  for (int i = 0; i < 3; i++) assert_in_range(rest[i], COUNT / 3 - 408, COUNT / 3 + 408);
}

/* The block is set by hand so that its first product falls into the rejected
 * part: for the bound 3, 2^32 mod 3 = 1 low word, 0, is drawn again. */
static void a_number_of_the_biased_part_is_drawn_again(void **state) {
  (void)state;
  struct random random = {.block = {0, 0x80000000u, 0, 0}, .used = 0};
  assert_int_equal(random_below(&random, 3), 1);
  assert_int_equal(random.used, 2);
}

static void a_shuffle_is_a_permutation(void **state) {
  (void)state;
  enum { MOST = 257 };
  for (uint32_t count = 0; count <= MOST; count++) {
    uint32_t values[MOST + 1];
    bool seen[MOST] = {false};
    for (uint32_t i = 0; i < count; i++) values[i] = i;
    values[count] = 12345;
    struct random random;
    random_init(&random, 6, STREAM_SHUFFLE, count, 0);
    random_shuffle(&random, values, count);
    for (uint32_t i = 0; i < count; i++) {
      assert_true(values[i] < count && !seen[values[i]]);
      seen[values[i]] = true;
    }
    assert_int_equal(values[count], 12345);
  }
}

static void every_order_of_four_comes_equally_often(void **state) {
  (void)state;
  enum { ORDERS = 24, EACH = 1000 };
  uint32_t seen[256] = {0};
  struct random random;
  random_init(&random, 7, STREAM_SHUFFLE, 0, 0);
  for (int i = 0; i < ORDERS * EACH; i++) {
    uint32_t v[4] = {0, 1, 2, 3};
    random_shuffle(&random, v, 4);
    seen[v[0] << 6 | v[1] << 4 | v[2] << 2 | v[3]]++;
  }
  int orders = 0;
  for (int i = 0; i < 256; i++) {
    if (seen[i] == 0) continue;
    orders++;
    /* Five standard deviations: 5 * sqrt(1000) = 158. */
    assert_in_range(seen[i], EACH - 158, EACH + 158);
  }
  assert_int_equal(orders, ORDERS);
}

/* Recorded here; a change gives other splits, weights and shuffles. */
static void the_sequences_are_the_recorded_ones(void **state) {
  (void)state;
  enum { COUNT = 1000 };
  uint32_t numbers[COUNT];
  struct random random;
  random_init(&random, 42, STREAM_SPLIT, 1, 2);
  for (int i = 0; i < COUNT; i++) numbers[i] = random_below(&random, (uint32_t)i + 1);
  assert_int_equal(digest_bytes(numbers, sizeof numbers), RECORDED_BELOW);
  for (uint32_t i = 0; i < COUNT; i++) numbers[i] = i;
  random_shuffle(&random, numbers, COUNT);
  assert_int_equal(digest_bytes(numbers, sizeof numbers), RECORDED_SHUFFLE);
  double wide[COUNT];
  for (int i = 0; i < COUNT; i++) wide[i] = random_double(&random);
  assert_int_equal(digest_bytes(wide, sizeof wide), RECORDED_DOUBLE);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(blocks_are_those_of_the_published_vectors),
      cmocka_unit_test(a_sequence_is_the_blocks_of_its_address),
      cmocka_unit_test(uniform_numbers_lie_in_their_interval),
      cmocka_unit_test(every_number_below_a_bound_comes_equally_often),
      cmocka_unit_test(a_bound_that_divides_badly_is_not_biased),
      cmocka_unit_test(a_number_of_the_biased_part_is_drawn_again),
      cmocka_unit_test(a_shuffle_is_a_permutation),
      cmocka_unit_test(every_order_of_four_comes_equally_often),
      cmocka_unit_test(the_sequences_are_the_recorded_ones),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
