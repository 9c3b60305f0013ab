/* Which trials a shard of a sweep has. */
#include "experiments/shard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ITEMS = 23 };

/* --- names --- */

static void assert_shard(const char *text, size_t index, size_t count) {
  struct error error = {0};
  struct shard shard = {0};
  if (!shard_read(text, &(struct slurm_array){0}, &shard, &error)) fail_msg("%s", error.message);
  assert_int_equal(shard.index, index);
  assert_int_equal(shard.count, count);
}

static void assert_refused(const char *text, const struct slurm_array *slurm, const char *part) {
  struct error error = {0};
  struct shard shard = {0};
  assert_false(shard_read(text, slurm, &shard, &error));
  assert_int_equal(error.kind, ERROR_USAGE);
  if (strstr(error.message, part) == NULL) fail_msg("'%s' is not in: %s", part, error.message);
}

static void a_shard_is_named_by_its_number_of_all(void **state) {
  (void)state;
  assert_shard("1/1", 1, 1);
  assert_shard("2/16", 2, 16);
  assert_shard("16/16", 16, 16);
  assert_shard("100000/100000", 100000, 100000);
}

static void other_names_are_refused(void **state) {
  (void)state;
  const struct slurm_array none = {0};
  const char *const wrong[] = {"", "3", "/", "1/", "/2", "1/2/3", "1 /2", "-1/2", "a/b", "SLURM"};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    assert_refused(wrong[i], &none, "expected I/N, such as 2/16, or slurm");
  }
  assert_refused("0/2", &none, "I is from 1 to N");
  assert_refused("3/2", &none, "I is from 1 to N");
  assert_refused("1/0", &none, "N is from 1 to 100000");
  assert_refused("1/100001", &none, "N is from 1 to 100000");
}

static void assert_slurm(struct slurm_array slurm, size_t index, size_t count) {
  struct error error = {0};
  struct shard shard = {0};
  if (!shard_read("slurm", &slurm, &shard, &error)) fail_msg("%s", error.message);
  assert_int_equal(shard.index, index);
  assert_int_equal(shard.count, count);
}

static void slurm_says_which_task_of_the_array_this_is(void **state) {
  (void)state;
  assert_slurm((struct slurm_array){"1", "1", "16", "16"}, 1, 16);
  assert_slurm((struct slurm_array){"16", "1", "16", "16"}, 16, 16);
  assert_slurm((struct slurm_array){"0", "0", "3", "4"}, 1, 4);
  assert_slurm((struct slurm_array){"3", "0", "3", "4"}, 4, 4);
  assert_slurm((struct slurm_array){"0", "0", "0", "1"}, 1, 1);
}

static void an_array_that_does_not_tell_is_refused(void **state) {
  (void)state;
  assert_refused("slurm", &(struct slurm_array){0}, "no task of a job array");
  const struct slurm_array wrong[] = {
      {"3", "3", "3", "1"},          /* one index, submitted again */
      {"2", "2", "5", "4"},          /* from 2 */
      {"3", "1", "5", "3"},          /* 1-5:2 */
      {"1", "1", "16", NULL},        /* no count */
      {"1", NULL, "16", "16"},       /* no minimum */
      {"17", "1", "16", "16"},       /* beyond the array */
      {"0", "1", "16", "16"},        /* before it */
      {"x", "1", "16", "16"},        /* no number */
      {"1", "1", "0", "0"},          /* none */
      {"1", "0", "200000", "200001"} /* more than N may be */
  };
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    assert_refused("slurm", &wrong[i], "expected an array from 0 or 1 without gaps");
  }
}

/* --- the cut --- */

static char keys[ITEMS][17];

/* Costs that repeat, so that some are told apart by their keys alone. */
static void make_items(struct shard_item item[ITEMS]) {
  for (size_t i = 0; i < ITEMS; i++) {
    (void)snprintf(keys[i], sizeof keys[i], "%016zx", (i * 7919 + 13) % 1000);
    item[i] = (struct shard_item){.cost = 1000 + 100 * (i % 5), .key = keys[i]};
  }
}

static void cut(const struct shard_item *item, size_t items, size_t shards, size_t *of) {
  struct error error = {0};
  assert_true(shard_cut(item, items, shards, of, &error));
}

static void each_trial_is_in_one_shard_and_none_is_too_dear(void **state) {
  (void)state;
  struct shard_item item[ITEMS];
  make_items(item);
  for (size_t shards = 1; shards <= 2 * ITEMS; shards++) {
    size_t of[ITEMS];
    uint64_t load[2 * ITEMS] = {0}, least = UINT64_MAX, most = 0;
    memset(of, 0xff, sizeof of);
    cut(item, ITEMS, shards, of);
    for (size_t i = 0; i < ITEMS; i++) {
      assert_in_range(of[i], 0, shards - 1);
      load[of[i]] += item[i].cost;
    }
    for (size_t s = 0; s < shards; s++) {
      if (load[s] < least) least = load[s];
      if (load[s] > most) most = load[s];
    }
    assert_true(most - least <= 1400);
    if (shards > ITEMS) assert_int_equal(least, 0);
  }
}

/* The order in which the items come decides nothing. */
static void ties_go_by_key(void **state) {
  (void)state;
  struct shard_item item[ITEMS], turned[ITEMS];
  size_t of[ITEMS], of_turned[ITEMS];
  make_items(item);
  for (size_t i = 0; i < ITEMS; i++) turned[i] = item[ITEMS - 1 - i];
  cut(item, ITEMS, 4, of);
  cut(turned, ITEMS, 4, of_turned);
  for (size_t i = 0; i < ITEMS; i++) assert_int_equal(of[i], of_turned[ITEMS - 1 - i]);
}

/* 7; 5; 4 and 3: then 2 to the shard of 5, and 1 to that of 7, the first of equals. */
static void the_dearest_go_first_to_the_least_loaded(void **state) {
  (void)state;
  const struct shard_item item[] = {{1, "a"}, {2, "b"}, {3, "c"}, {4, "d"}, {5, "e"}, {7, "f"}};
  const size_t expected[] = {0, 1, 2, 2, 1, 0};
  size_t of[6];
  cut(item, 6, 3, of);
  assert_memory_equal(of, expected, sizeof expected);
}

static void costs_beyond_64_bits_are_as_dear_as_it_gets(void **state) {
  (void)state;
  assert_true(shard_product(UINT64_MAX / 3, 3) == UINT64_MAX / 3 * 3);
  assert_true(shard_product(UINT64_MAX / 3 + 1, 3) == UINT64_MAX);
  assert_true(shard_product(5, 0) == 0);
  assert_true(shard_sum(UINT64_MAX - 1, 1) == UINT64_MAX);
  assert_true(shard_sum(UINT64_MAX - 1, 2) == UINT64_MAX);
  const struct shard_item item[] = {{UINT64_MAX, "a"}, {UINT64_MAX, "b"}, {UINT64_MAX, "c"}};
  size_t of[3];
  cut(item, 3, 2, of);
  assert_int_equal(of[0], 0);
  assert_int_equal(of[1], 1);
  assert_int_equal(of[2], 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_shard_is_named_by_its_number_of_all),
      cmocka_unit_test(other_names_are_refused),
      cmocka_unit_test(slurm_says_which_task_of_the_array_this_is),
      cmocka_unit_test(an_array_that_does_not_tell_is_refused),
      cmocka_unit_test(each_trial_is_in_one_shard_and_none_is_too_dear),
      cmocka_unit_test(ties_go_by_key),
      cmocka_unit_test(the_dearest_go_first_to_the_least_loaded),
      cmocka_unit_test(costs_beyond_64_bits_are_as_dear_as_it_gets),
  };
  return cmocka_run_group_tests_name("shard", tests, NULL, NULL);
}
