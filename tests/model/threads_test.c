/* A training gives the same bits with any number of threads, on every instruction
 * set, at sizes where they share the work. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/thread_pool.h"
#include "tests/model/scene.h"

/* --- what is shared --- */

/* The caller begins an item of a task only when another thread has begun one: so
 * that each task which may be shared is. */
struct shared_task {
  thread_item *item;
  void *context;
  pthread_t caller;
  atomic_size_t by_others;
};

static size_t tasks, items_by_others;

static void shared_item(void *context, size_t item) {
  struct shared_task *task = context;
  const struct timespec moment = {.tv_nsec = 10000};
  if (!pthread_equal(pthread_self(), task->caller)) {
    atomic_fetch_add(&task->by_others, 1);
  } else {
    while (atomic_load(&task->by_others) == 0) (void)nanosleep(&moment, NULL);
  }
  task->item(task->context, item);
}

/* The linker puts it in the place of the function of its name. */
void __real_thread_pool_run(struct thread_pool *pool, size_t items, thread_item *item,
                            void *context);
void __wrap_thread_pool_run(struct thread_pool *pool, size_t items, thread_item *item,
                            void *context);

void __wrap_thread_pool_run(struct thread_pool *pool, size_t items, thread_item *item,
                            void *context) {
  if (thread_pool_threads(pool) == 1 || items < 2) {
    __real_thread_pool_run(pool, items, item, context);
    return;
  }
  struct shared_task task = {.item = item, .context = context, .caller = pthread_self()};
  __real_thread_pool_run(pool, items, shared_item, &task);
  tasks++;
  items_by_others += task.by_others;
}

/* --- the trainings --- */

/* A batch, and a small one of 29 rows. */
enum { ROWS = 330, BATCH = 301, SMALL = 33 };

static void deep(struct scene *s) {
  s->model.hidden_layers = 3;
  s->model.hidden[0] = 515;
  s->model.hidden[1] = 262;
  s->model.hidden[2] = 143;
  s->model.dropout[0] = s->model.dropout[1] = s->model.dropout[2] = 0.2;
}

static void deep_with_penalties(struct scene *s) {
  deep(s);
  s->model.activation = ACTIVATION_SILU;
  s->train.l2 = (struct l2_spec){.wide = 0.01, .embeddings = 0.02, .deep = 0.001};
  s->train.has_wide_optimizer = true;
  s->train.wide_optimizer =
      (struct optimizer_spec){.name = OPTIMIZER_FTRL, .learning_rate = 0.1, .l1 = 0.001};
  s->train.schedule = (struct schedule_spec){.name = SCHEDULE_COSINE, .minimum = 0.1};
}

static void averaged(struct scene *s) {
  deep(s);
  s->train.averaging = (struct averaging_spec){.on = true, .ema = 0.5};
}

static void embeddings_alone(struct scene *s) {
  s->model.hidden_layers = 0;
  s->model.embedding_dim = 1203;
  s->model.interaction = INTERACTION_FM;
  s->model.clip = true;
  s->train.embedding_updates = UPDATES_LAZY;
  s->train.l2.embeddings = 0.01;
}

static void averaged_embeddings(struct scene *s) {
  embeddings_alone(s);
  s->train.averaging = (struct averaging_spec){.on = true, .ema = 0.5};
  s->train.members = 2;
}

static void deep_with_an_ordinal_head(struct scene *s) {
  deep(s);
  s->model.head = HEAD_ORDINAL;
  s->model.slope = 2.0;
}

/* A model with wide layers and a few rows. */
static void small_batches(struct scene *s) {
  s->model.hidden_layers = 2;
  s->model.hidden[0] = 640;
  s->model.hidden[1] = 333;
  s->train.batch_size = SMALL;
}

static void train(void (*change)(struct scene *), const struct kernels *kernels, size_t threads,
                  struct train_result *result) {
  struct scene s;
  scene_init(&s, 0.0);
  s.train.batch_size = BATCH;
  s.train.epochs = 1;
  s.split.train = ROWS;
  change(&s);
  s.request.kernels = kernels;
  s.request.threads = threads;
  tasks = items_by_others = 0;
  scene_train(&s, result);
  scene_clear(&s);
}

static void assert_same(const struct train_result *one, const struct train_result *other) {
  assert_int_equal(one->weights_digest, other->weights_digest);
  assert_memory_equal(&one->mse, &other->mse, sizeof one->mse);
  assert_memory_equal(&one->mae, &other->mae, sizeof one->mae);
  assert_memory_equal(&one->train_mse, &other->train_mse, sizeof one->train_mse);
  assert_int_equal(one->epochs, other->epochs);
  for (size_t e = 0; e < one->epochs; e++) {
    assert_memory_equal(&one->curve[e].train_loss, &other->curve[e].train_loss, sizeof(double));
    assert_memory_equal(&one->curve[e].test_mse, &other->curve[e].test_mse, sizeof(double));
  }
}

/* `expected`: how many tasks of the whole batches several threads share at least. */
static void check(void (*change)(struct scene *), size_t expected) {
  static const size_t threads[] = {2, 3, 8};
  struct train_result first = {0};
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    if (!isa_runs_here(isa)) continue;
    struct train_result one, many;
    train(change, kernels_of(isa), 1, &one);
    assert_int_equal(tasks, 0);
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
      train(change, kernels_of(isa), threads[i], &many);
      assert_true(tasks >= expected);
      assert_true(items_by_others >= tasks);
      assert_same(&one, &many);
      train_result_clear(&many);
    }
    if (isa == ISA_SCALAR) {
      first = one;
    } else {
      assert_same(&first, &one);
      train_result_clear(&one);
    }
  }
  train_result_clear(&first);
}

/* Forward, back through each layer, and the step. */
static void a_deep_model_is_the_same_with_any_number_of_threads(void **state) {
  (void)state;
  check(deep, 5);
}

static void penalties_and_a_second_optimizer_are_the_same(void **state) {
  (void)state;
  check(deep_with_penalties, 5);
}

static void an_ordinal_head_is_the_same(void **state) {
  (void)state;
  check(deep_with_an_ordinal_head, 5);
}

/* Forward; back; which rows the batch reads; the step. */
static void lazy_embeddings_are_the_same(void **state) {
  (void)state;
  check(embeddings_alone, 4);
}

static void averages_are_the_same(void **state) {
  (void)state;
  check(averaged, 5);
  check(averaged_embeddings, 4);
}

static void small_batches_of_a_wide_model_are_the_same(void **state) {
  (void)state;
  check(small_batches, 3 * ROWS / SMALL);
}

/* --- what is not shared --- */

static void small_batches_and_layers(struct scene *s) {
  s->train.batch_size = 32;
}

/* Its batches are large enough, but each float is read for little. */
static void large_batches_of_small_layers(struct scene *s) {
  s->model.embedding_dim = 1;
  s->model.hidden_layers = 2;
  s->model.hidden[0] = s->model.hidden[1] = 80;
  s->split.train = s->train.batch_size = 800;
}

static void small_layers_stay_with_one_thread(void **state) {
  (void)state;
  struct train_result result;
  train(small_batches_and_layers, kernels_of(isa_best()), 2, &result);
  assert_int_equal(tasks, 0);
  train_result_clear(&result);
  train(large_batches_of_small_layers, kernels_of(isa_best()), 2, &result);
  assert_int_equal(tasks, 0);
  train_result_clear(&result);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_deep_model_is_the_same_with_any_number_of_threads),
      cmocka_unit_test(penalties_and_a_second_optimizer_are_the_same),
      cmocka_unit_test(an_ordinal_head_is_the_same),
      cmocka_unit_test(lazy_embeddings_are_the_same),
      cmocka_unit_test(averages_are_the_same),
      cmocka_unit_test(small_batches_of_a_wide_model_are_the_same),
      cmocka_unit_test(small_layers_stay_with_one_thread),
  };
  return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
