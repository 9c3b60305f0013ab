/* The estimate of a training's memory has each of its allocations: the blocks
 * that are held when the model is ready are counted, and compared with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/thread_pool.h"
#include "model/train_memory.h"
#include "tests/model/scene.h"

enum { BLOCKS = 4096 };

static struct block {
  void *address;
  size_t bytes;
} block[BLOCKS];
static size_t blocks, peak;

static size_t held(void) {
  size_t bytes = 0;
  for (size_t i = 0; i < blocks; i++) bytes += block[i].bytes;
  return bytes;
}

static void *counted(void *address, size_t bytes) {
  assert_true(blocks < BLOCKS);
  if (address != NULL) block[blocks++] = (struct block){address, bytes};
  if (held() > peak) peak = held();
  return address;
}

/* The linker puts these in the place of the functions of their names. */
void *__real_memory_array(size_t count, size_t size, struct error *error);
void *__wrap_memory_array(size_t count, size_t size, struct error *error);
void *__real_memory_aligned(size_t count, size_t size, struct error *error);
void *__wrap_memory_aligned(size_t count, size_t size, struct error *error);
void *__real_memory_grow(void *address, size_t count, size_t size, struct error *error);
void *__wrap_memory_grow(void *address, size_t count, size_t size, struct error *error);
void __real_free(void *address);
void __wrap_free(void *address);

void *__wrap_memory_array(size_t count, size_t size, struct error *error) {
  return counted(__real_memory_array(count, size, error), count * size);
}

void *__wrap_memory_aligned(size_t count, size_t size, struct error *error) {
  return counted(__real_memory_aligned(count, size, error), memory_aligned_bytes(count * size));
}

/* Of what was counted: where it is now, and how much. */
void *__wrap_memory_grow(void *address, size_t count, size_t size, struct error *error) {
  size_t at = 0;
  while (at < blocks && (address == NULL || block[at].address != address)) at++;
  void *grown = __real_memory_grow(address, count, size, error);
  if (grown != NULL && at < blocks) block[at] = (struct block){grown, count * size};
  return grown;
}

void __wrap_free(void *address) {
  for (size_t i = 0; address != NULL && i < blocks; i++) {
    if (block[i].address != address) continue;
    block[i] = block[--blocks];
    break;
  }
  __real_free(address);
}

struct seen {
  size_t bytes;
};

/* What the estimate, of rows that are all kept, has too much for a part of which they are
 * merged. */
static size_t spared_by(const struct encoding *encoding, const struct dataset *dataset,
                        const uint32_t *rows, size_t count, enum encoded_part part) {
  struct error error = {0};
  struct encoded_rows encoded;
  const size_t content = 4 * (encoding->slots + 2 * encoding->bags + encoding->numbers);
  assert_true(encoding_apply_merged(encoding, dataset, rows, count, part, &encoded, &error));
  const size_t each = count * (content + sizeof(float));
  size_t ratings = 0;
  for (size_t i = 0; encoded.merged != NULL && i < count; i++) {
    const size_t code = encoded.merged[i] % ROW_RATINGS_MOST;
    ratings = code < ratings ? ratings : code + 1;
  }
  const size_t kept = count * sizeof *encoded.merged + ratings * sizeof *encoded.target +
                      encoded.kinds * (content + sizeof(float));
  const bool merged = encoded.merged != NULL;
  encoded_rows_clear(&encoded);
  assert_true(!merged || kept <= each);
  return merged ? each - kept : 0;
}

static size_t spared(const struct scene *s, const struct split *split) {
  struct error error = {0};
  struct encoding_spec spec;
  struct encoding encoding;
  const struct dataset *dataset = &s->dataset;
  const uint32_t *validation = split->rows + split->train, *test = validation + split->validation;
  model_encoding_spec(&s->model, false, s->request.seed, &spec);
  assert_true(encoding_fit(&s->features, &spec, split, &encoding, &error));
  const size_t bytes =
      spared_by(&encoding, dataset, split->rows, split->train, ENCODED_TRAINING) +
      spared_by(&encoding, dataset, validation, split->validation, ENCODED_OTHERS) +
      spared_by(&encoding, dataset, test, split->test, ENCODED_OTHERS);
  encoding_clear(&encoding);
  return bytes;
}

/* Asked between two epochs, when all is there. */
static bool count_held(void *context) {
  ((struct seen *)context)->bytes = held();
  return false;
}

/* `more`: what the estimate has for another phase. */
static void check_split(struct scene *s, const struct split *split, size_t more) {
  struct seen seen = {0};
  struct error error = {0};
  struct model_size size;
  struct train_result result;
  assert_true(train_size(&s->request, &size, &error));
  s->request.stop = count_held;
  s->request.stop_context = &seen;
  blocks = 0; /* what is there already is the scene's, the split among it */
  scene_train(s, &result);
  const size_t first = s->dataset.ratings * sizeof *s->split.rows;
  const size_t curve = s->train.epochs * sizeof *result.curve;
  const size_t again = result.refit_epochs > 0 ? result.refit_epochs
                       : result.members > 1    ? s->train.epochs
                                               : 0;
  const size_t second = again * sizeof *result.curve; /* of the last member or phase */
  const size_t pool = s->request.threads > 1 ? thread_pool_bytes(s->request.threads) : 0;
  assert_int_equal(size.memory,
                   seen.bytes + spared(s, split) + first + more - curve - second - pool);
  train_result_clear(&result);
}

static void check(struct scene *s) {
  check_split(s, &s->split, 0);
}

static void every_allocation_of_a_training_is_counted(void **state) {
  (void)state;
  struct scene s;
  scene_init(&s, 0.1);
  check(&s);
  s.model.activation = ACTIVATION_GELU;
  s.model.hidden_layers = 2;
  s.model.hidden[1] = 21;
  s.train.embedding_updates = UPDATES_LAZY;
  s.train.early_stopping = (struct early_stopping_spec){.on = true, .patience = 3};
  check(&s);
  s.train.averaging = (struct averaging_spec){.on = true, .ema = 0.9};
  check(&s);
  s.train.embedding_updates = UPDATES_DENSE;
  check(&s);
  s.model.hidden_layers = 0;
  s.train.batch_size = 5000;
  check(&s);
  s.request.threads = 3;
  check(&s);
  s.train.members = 4;
  check(&s);
  s.train.members = 1;
  s.model.deep_columns = 1;
  s.model.crosses = 0;
  check(&s);
  scene_clear(&s);
}

/* The last that is counted is the second phase, which keeps no best weights. */
static void the_second_phase_of_a_refit_is_counted(void **state) {
  (void)state;
  struct scene s;
  struct error error = {0};
  struct split joined;
  scene_init(&s, 0.1);
  s.train.embedding_updates = UPDATES_LAZY;
  s.train.early_stopping = (struct early_stopping_spec){.on = true, .patience = 3};
  s.train.averaging = (struct averaging_spec){.on = true, .ema = 0.9};
  s.train.refit = true;
  assert_true(split_join_validation(&s.split, &joined, &error));
  struct wide_deep model;
  struct encoding_spec spec;
  struct encoding encoding;
  model_encoding_spec(&s.model, false, s.request.seed, &spec);
  assert_true(encoding_fit(&s.features, &spec, &joined, &encoding, &error));
  assert_true(wide_deep_lay_out(&model, &s.model, &encoding, &error));
  encoding_clear(&encoding);
  check_split(&s, &joined, memory_aligned_bytes(model.floats * sizeof(float)));
  split_clear(&joined);
  scene_clear(&s);
}

static size_t peak_of(const struct scene *s) {
  blocks = peak = 0;
  (void)scene_digest(s);
  return peak;
}

static void no_warning(void *context, const char *message) {
  (void)context;
  fail_msg("%s", message);
}

/* Beside its list, and the bytes that are put together for one call of the system. */
static void a_checkpoint_is_written_from_where_it_is(void **state) {
  (void)state;
  enum { LIST_AND_STREAM = 128 << 10 };
  struct scene s;
  struct train_checkpoint checkpoint = {
      .path = "/tmp/crosslane-held-memory-test", .key = "0", .warn = no_warning};
  scene_init(&s, 0.1);
  s.model.embedding_dim = 512;
  s.model.hidden[0] = 256;
  const size_t without = peak_of(&s);
  s.request.checkpoint = &checkpoint;
  const size_t with = peak_of(&s);
  assert_int_equal(access(checkpoint.path, F_OK), 0);
  assert_true(without > 40 * (size_t)LIST_AND_STREAM);
  assert_in_range(with, without, without + LIST_AND_STREAM);
  (void)unlink(checkpoint.path);
  scene_clear(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_allocation_of_a_training_is_counted),
      cmocka_unit_test(the_second_phase_of_a_refit_is_counted),
      cmocka_unit_test(a_checkpoint_is_written_from_where_it_is),
  };
  return cmocka_run_group_tests_name("held_memory", tests, NULL, NULL);
}
