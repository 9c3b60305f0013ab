#include <errno.h>
#include <fenv.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/cores.h"
#include "base/thread_pool.h"

enum { MANY = 1000, FIRST_FAULT_NONE = 0 };
static const size_t sizes[] = {1, 2, 3, 8};
enum { SIZES = sizeof sizes / sizeof *sizes };

static struct thread_pool *new_pool(size_t threads) {
  struct error error = {0};
  struct thread_pool *pool = thread_pool_new(threads, &error);
  if (pool == NULL) fail_msg("%s", error.message);
  return pool;
}

static void pause_for(double seconds) {
  const struct timespec time = {.tv_nsec = (long)(1e9 * seconds)};
  (void)nanosleep(&time, NULL);
}

/* --- every item, once --- */

static void count(void *context, size_t item) {
  unsigned char *times = context;
  times[item]++;
}

static void every_item_is_done_once(void **state) {
  (void)state;
  for (size_t s = 0; s < SIZES; s++) {
    struct thread_pool *pool = new_pool(sizes[s]);
    assert_int_equal(thread_pool_threads(pool), sizes[s]);
    for (size_t items = 0; items < MANY; items += 1 + items / 7) {
      unsigned char times[MANY] = {0};
      thread_pool_run(pool, items, count, times);
      for (size_t i = 0; i < MANY; i++) assert_int_equal(times[i], i < items);
    }
    thread_pool_free(pool);
  }
}

static void without_a_pool_the_caller_does_all(void **state) {
  (void)state;
  unsigned char times[MANY] = {0};
  thread_pool_run(NULL, MANY, count, times);
  for (size_t i = 0; i < MANY; i++) assert_int_equal(times[i], 1);
  assert_int_equal(thread_pool_threads(NULL), 1);
  thread_pool_free(NULL);
}

/* Each task reads what the one before wrote, so that a thread that comes late
 * into a task that is over would show. */
struct chain {
  uint64_t from[16], to[16];
};

static void chain_item(void *context, size_t item) {
  struct chain *chain = context;
  chain->to[item] = chain->from[item] + chain->from[(item + 1) % 16];
}

static void a_task_sees_the_whole_one_before(void **state) {
  (void)state;
  struct chain expected = {.from = {1}};
  for (size_t s = 0; s < SIZES; s++) {
    struct chain chain = {.from = {1}};
    struct thread_pool *pool = new_pool(sizes[s]);
    for (size_t t = 0; t < 5000; t++) {
      thread_pool_run(pool, 16, chain_item, &chain);
      memcpy(chain.from, chain.to, sizeof chain.from);
      if (t % 1000 == 500) pause_for(0.002); /* the threads fall asleep */
    }
    thread_pool_free(pool);
    if (s == 0) expected = chain;
    assert_memory_equal(&chain, &expected, sizeof chain);
  }
}

/* --- by every thread --- */

struct meeting {
  pthread_t caller;
  atomic_size_t there, others, upward, signals;
  size_t expected;
};

/* Ends when as many threads are in it as expected: each item has its own. */
static void meet(void *context, size_t item) {
  (void)item;
  struct meeting *meeting = context;
  sigset_t blocked;
  if (!pthread_equal(pthread_self(), meeting->caller)) {
    atomic_fetch_add(&meeting->others, 1);
    atomic_fetch_add(&meeting->upward, fegetround() != FE_TONEAREST);
    (void)pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    atomic_fetch_add(&meeting->signals, sigismember(&blocked, SIGTERM) == 0);
  }
  atomic_fetch_add(&meeting->there, 1);
  while (atomic_load(&meeting->there) < meeting->expected) pause_for(0.0001);
}

static void every_thread_takes_part(void **state) {
  (void)state;
  for (size_t s = 0; s < SIZES; s++) {
    (void)fesetround(FE_UPWARD); /* what a thread would have from who starts it */
    struct thread_pool *pool = new_pool(sizes[s]);
    (void)fesetround(FE_TONEAREST);
    struct meeting meeting = {.caller = pthread_self(), .expected = sizes[s]};
    thread_pool_run(pool, sizes[s], meet, &meeting);
    assert_int_equal(meeting.others, sizes[s] - 1);
    assert_int_equal(meeting.upward, 0);
    assert_int_equal(meeting.signals, 0);
    thread_pool_free(pool);
  }
}

struct late {
  struct meeting meeting;
  atomic_bool ended;
};

static void end_late(void *context, size_t item) {
  struct late *late = context;
  meet(&late->meeting, item);
  if (pthread_equal(pthread_self(), late->meeting.caller)) return;
  pause_for(0.05);
  atomic_store(&late->ended, true);
}

static void it_returns_when_every_item_has_ended(void **state) {
  (void)state;
  struct thread_pool *pool = new_pool(2);
  struct late late = {.meeting = {.caller = pthread_self(), .expected = 2}};
  thread_pool_run(pool, 2, end_late, &late);
  assert_true(late.ended);
  thread_pool_free(pool);
}

struct stalled {
  pthread_t caller;
  atomic_size_t done;
  atomic_bool alone;
};

/* The second thread's first item, 1 of 4, lasts until the others have ended, its own
 * second one among them. */
static void stall(void *context, size_t item) {
  struct stalled *stalled = context;
  if (item == 1 && !pthread_equal(pthread_self(), stalled->caller)) {
    for (int i = 0; i < 20000 && atomic_load(&stalled->done) < 3; i++) pause_for(0.0005);
    atomic_store(&stalled->alone, atomic_load(&stalled->done) < 3);
  }
  atomic_fetch_add(&stalled->done, 1);
}

static void a_thread_that_is_held_up_holds_nobody_up(void **state) {
  (void)state;
  struct thread_pool *pool = new_pool(2);
  for (int i = 0; i < 20; i++) {
    struct stalled stalled = {.caller = pthread_self()};
    thread_pool_run(pool, 4, stall, &stalled);
    assert_int_equal(stalled.done, 4);
    assert_false(stalled.alone);
  }
  thread_pool_free(pool);
}

/* --- at little cost --- */

static void threads_without_a_task_sleep(void **state) {
  (void)state;
  unsigned char times[8] = {0};
  struct thread_pool *pool = new_pool(8);
  thread_pool_run(pool, 8, count, times);
  const double before = clock_cpu();
  pause_for(0.2);
  assert_true(clock_cpu() - before < 0.02);
  thread_pool_free(pool);
}

static void slow_item(void *context, size_t item) {
  (void)context;
  pause_for(item == 0 ? 0.2 : 0.0);
}

static void those_who_wait_for_a_slow_item_sleep(void **state) {
  (void)state;
  struct thread_pool *pool = new_pool(8);
  const double before = clock_cpu();
  thread_pool_run(pool, 2, slow_item, NULL);
  assert_true(clock_cpu() - before < 0.02);
  thread_pool_free(pool);
}

/* --- that cannot be started --- */

static size_t created, joined, refused_from;

/* The linker puts these in the place of the functions of their names. */
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                          void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                          void *argument);
int __real_pthread_join(pthread_t thread, void **result);
int __wrap_pthread_join(pthread_t thread, void **result);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                          void *argument) {
  if (refused_from != FIRST_FAULT_NONE && created + 1 >= refused_from) return EAGAIN;
  created++;
  return __real_pthread_create(thread, attributes, run, argument);
}

int __wrap_pthread_join(pthread_t thread, void **result) {
  joined++;
  return __real_pthread_join(thread, result);
}

static void a_thread_that_does_not_start_is_an_error_and_none_is_left(void **state) {
  (void)state;
  for (refused_from = 1; refused_from <= 3; refused_from++) {
    struct error error = {0};
    created = joined = 0;
    assert_null(thread_pool_new(4, &error));
    assert_int_equal(error.kind, ERROR_SYSTEM);
    char start[64];
    (void)snprintf(start, sizeof start, "cannot start thread %zu of 4: ", refused_from + 1);
    assert_memory_equal(error.message, start, strlen(start));
    assert_int_equal(created, refused_from - 1);
    assert_int_equal(joined, created);
  }
  refused_from = FIRST_FAULT_NONE;
}

static void there_is_a_core(void **state) {
  (void)state;
  assert_true(cores_usable() >= 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_item_is_done_once),
      cmocka_unit_test(without_a_pool_the_caller_does_all),
      cmocka_unit_test(a_task_sees_the_whole_one_before),
      cmocka_unit_test(every_thread_takes_part),
      cmocka_unit_test(it_returns_when_every_item_has_ended),
      cmocka_unit_test(a_thread_that_is_held_up_holds_nobody_up),
      cmocka_unit_test(threads_without_a_task_sleep),
      cmocka_unit_test(those_who_wait_for_a_slow_item_sleep),
      cmocka_unit_test(a_thread_that_does_not_start_is_an_error_and_none_is_left),
      cmocka_unit_test(there_is_a_core),
  };
  return cmocka_run_group_tests_name("thread_pool", tests, NULL, NULL);
}
