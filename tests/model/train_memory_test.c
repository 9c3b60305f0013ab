/* The memory of a training, added up by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/train_memory.h"
#include "tests/model/model_fixture.h"

/* 150 rows, 100 of them for training, in batches of 10. The fixture's layers
 * have 19 and 7 units; its embeddings have 3 and three times 5 columns, for 3,
 * 21, 17 and 6 values; its crosses have 6 and 40 combinations; so x has 20
 * columns, and the arena 1360 floats with padding. */
struct state {
  struct fixture fixture;
  struct wide_deep model;
  struct split split;
  struct train_spec train;
};

static int start(void **state) {
  struct state *s = calloc(1, sizeof *s);
  *state = s;
  fixture_init(&s->fixture, 1, &(struct fixture_options){.bags = true});
  s->split = (struct split){.train = 100, .validation = 20, .test = 30};
  s->train = (struct train_spec){.batch_size = 10};
  return 0;
}

static int stop(void **state) {
  struct state *s = *state;
  fixture_clear(&s->fixture);
  free(s);
  return 0;
}

static struct train_memory memory(struct state *s) {
  struct error error = {0};
  const struct train_request request = {.split = &s->split, .train = &s->train};
  assert_true(wide_deep_lay_out(&s->model, &s->fixture.spec, &s->fixture.encoding, &error));
  assert_int_equal(s->model.floats, 1360);
  return train_memory_of(&request, &s->fixture.encoding, &s->model);
}

/* Of a row: 4 in the split, 4 codes, 2 bags of 8, 2 numbers, a rating; of a training row a
 * place in the order. */
static void rows(void **state) {
  struct state *s = *state;
  const size_t encoded = 150 * (4 + 16 + 16 + 8 + 4) + 100 * 4 + 3 * 2 * sizeof(struct encoded_bag);
  assert_int_equal(memory(s).rows, encoded);
  s->split.test += 80000;
  assert_int_equal(memory(s).rows, encoded + 80000 * 48);
}

/* Lists of 9 owners with 16 entries, and of 12 with 21. */
static void encoding(void **state) {
  assert_int_equal(memory(*state).encoding, 4 * (9 + 1 + 16) + 4 * (12 + 1 + 21) +
                                                6 * sizeof(struct dictionary) +
                                                4 * sizeof(struct bag_lists));
}

static void weights(void **state) {
  struct state *s = *state;
  const size_t layout = sizeof(struct wide_deep);
  assert_int_equal(memory(s).weights, 4 * 5440 + layout);
  s->train.early_stopping.on = true;
  assert_int_equal(memory(s).weights, 5 * 5440 + layout);
  s->train.members = 3;
  assert_int_equal(memory(s).weights, 7 * 5440 + 3 * layout);
  s->train.members = 1;
  s->train.averaging.on = true;
  assert_int_equal(memory(s).weights, 6 * 5440 + layout);
  s->train.embedding_updates = UPDATES_LAZY; /* up to which step each of 4, 22, 18 and 7 is */
  assert_int_equal(memory(s).weights, 6 * 5440 + layout + 4 * (4 + 22 + 18 + 7));
}

/* In the order: wide rows; x and its gradient, 32 apart; five numbers a row;
 * single fields and bags, with 64 places more; layers of 32 and 16 with their
 * gradients, and dropout's choices. */
static void a_batch(void **state) {
  struct state *s = *state;
  const size_t ten =
      128 + 2 * 1280 + 5 * 64 + 2 * 320 + 2 * (64 + 448) + (2 * 1280 + 64) + (2 * 640 + 64);
  const size_t evaluated = 4096 + 2 * 65536 + 5 * 2048 + 2 * 2304 + 2 * (2112 + 8448) +
                           (2 * 65536 + 2048) + (2 * 32768 + 1024);
  assert_int_equal(memory(s).batch, ten + evaluated);

  /* Which rows of the tables: a mark for each of 4, 22, 18 and 7, and a list of
   * those of a batch, at most 4, 10, 18 and 7. */
  s->train.embedding_updates = UPDATES_LAZY;
  assert_int_equal(memory(s).batch, ten + evaluated + 4 * (4 + 22 + 18 + 7 + 4 + 10 + 18 + 7));
  s->train.embedding_updates = UPDATES_DENSE;

  s->fixture.spec.activation = ACTIVATION_TANH;
  assert_int_equal(memory(s).batch, ten + evaluated + 1280 + 640 + 65536 + 32768);
}

/* A batch has no more rows than there are to train on. */
static void a_batch_is_no_larger_than_the_data(void **state) {
  struct state *s = *state;
  s->train.batch_size = 100;
  const uint64_t all = memory(s).batch;
  s->train.batch_size = 1 << 20;
  assert_int_equal(memory(s).batch, all);
}

/* 822 weights, and 64 bytes for each of 93 values and combinations. */
static void saving(void **state) {
  struct state *s = *state;
  assert_int_equal(memory(s).saving, 0);
  s->train.save = SAVE_BEST;
  assert_int_equal(memory(s).saving, 4 * 822 + 64 * 93);
  s->train.members = 3;
  assert_int_equal(memory(s).saving, 3 * 4 * 822 + 64 * 93);
}

static void the_sum_has_every_part(void **state) {
  (void)state;
  const struct train_memory parts = {
      .rows = 1, .encoding = 20, .weights = 300, .batch = 4000, .saving = 50000};
  assert_int_equal(train_memory_sum(&parts), 54321);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(rows, start, stop),
      cmocka_unit_test_setup_teardown(encoding, start, stop),
      cmocka_unit_test_setup_teardown(weights, start, stop),
      cmocka_unit_test_setup_teardown(a_batch, start, stop),
      cmocka_unit_test_setup_teardown(a_batch_is_no_larger_than_the_data, start, stop),
      cmocka_unit_test_setup_teardown(saving, start, stop),
      cmocka_unit_test(the_sum_has_every_part),
  };
  return cmocka_run_group_tests_name("train_memory", tests, NULL, NULL);
}
