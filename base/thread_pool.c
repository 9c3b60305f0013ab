#include "base/thread_pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cores.h"
#include "base/exact.h"
#include "base/memory.h"

/* A look takes 10 to 60 ns; the shell's limit of the stack, which may be smaller
 * than what a thread of this program has of its own, is not asked. */
enum { LOOKS = 1000, STACK = 4 << 20, LINE = 64 };

/* The items of the present task are dealt out: thread t has t, t + threads, ..., and
 * takes those of others when its own are gone. `state`: how many of them nobody has
 * taken, below; the number of the task, above, so that a thread that comes late takes
 * nothing of a task that it has not seen. */
#define LEFT UINT64_C(0xffffffff)
#define TASK (LEFT + 1)

struct hand {
  _Alignas(LINE) atomic_uint_fast64_t state;
  struct thread_pool *pool;
  pthread_t thread; /* but of the first, the caller's */
};

struct thread_pool {
  _Alignas(LINE) atomic_uint_fast64_t task_number; /* in TASKs; the last that is set */
  _Alignas(LINE) atomic_size_t undone;             /* items that have not returned */
  /* Of the present task. They change only when all of its items have returned. */
  _Alignas(LINE) size_t items;
  thread_item *item;
  void *context;

  atomic_bool ending, caller_sleeps;
  atomic_size_t sleepers;
  pthread_mutex_t mutex;
  pthread_cond_t task, done;
  int looks;
  size_t threads, started;
  struct hand hand[];
};

static void relax(void) {
#if defined(__x86_64__)
  __asm__ volatile("pause");
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* --- items --- */

/* Whoever ends the last item wakes the caller, who says before it looks for the
 * last time that it is about to sleep. */
static void end_item(struct thread_pool *pool) {
  if (atomic_fetch_sub(&pool->undone, 1) != 1 || !atomic_load(&pool->caller_sleeps)) return;
  (void)pthread_mutex_lock(&pool->mutex);
  (void)pthread_cond_signal(&pool->done);
  (void)pthread_mutex_unlock(&pool->mutex);
}

/* False: the hand is empty. */
static bool take_from(struct thread_pool *pool, size_t hand) {
  uint_fast64_t state = atomic_load(&pool->hand[hand].state);
  while ((state & LEFT) != 0) {
    if (!atomic_compare_exchange_weak(&pool->hand[hand].state, &state, state - 1)) continue;
    const size_t dealt = (pool->items - hand + pool->threads - 1) / pool->threads;
    pool->item(pool->context, hand + pool->threads * (dealt - (size_t)(state & LEFT)));
    end_item(pool);
    return true;
  }
  return false;
}

/* All that thread `own` finds: what it had before in its cache first. */
static void do_items(struct thread_pool *pool, size_t own) {
  for (size_t i = 0; i < pool->threads; i++) {
    while (take_from(pool, (own + i) % pool->threads)) continue;
  }
}

/* --- in a thread of the pool --- */

static bool has_news(const struct thread_pool *pool, uint64_t seen) {
  return atomic_load(&pool->task_number) != seen || atomic_load(&pool->ending);
}

static void wait_for_news(struct thread_pool *pool, uint64_t seen) {
  for (int look = 0; look < pool->looks; look++) {
    if (has_news(pool, seen)) return;
    relax();
  }
  (void)pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->sleepers, 1);
  while (!has_news(pool, seen)) (void)pthread_cond_wait(&pool->task, &pool->mutex);
  atomic_fetch_sub(&pool->sleepers, 1);
  (void)pthread_mutex_unlock(&pool->mutex);
}

static void *work(void *argument) {
  const struct hand *hand = argument;
  struct thread_pool *pool = hand->pool;
  struct exact exact;
  exact_begin(&exact);
  while (!atomic_load(&pool->ending)) {
    const uint64_t seen = atomic_load(&pool->task_number);
    do_items(pool, (size_t)(hand - pool->hand));
    wait_for_news(pool, seen);
  }
  return NULL;
}

/* --- the caller's side --- */

static void wake_all(struct thread_pool *pool) {
  if (atomic_load(&pool->sleepers) == 0) return;
  (void)pthread_mutex_lock(&pool->mutex);
  (void)pthread_cond_broadcast(&pool->task);
  (void)pthread_mutex_unlock(&pool->mutex);
}

static void wait_until_done(struct thread_pool *pool) {
  for (int look = 0; look < pool->looks; look++) {
    if (atomic_load(&pool->undone) == 0) return;
    relax();
  }
  (void)pthread_mutex_lock(&pool->mutex);
  atomic_store(&pool->caller_sleeps, true);
  while (atomic_load(&pool->undone) != 0) (void)pthread_cond_wait(&pool->done, &pool->mutex);
  atomic_store(&pool->caller_sleeps, false);
  (void)pthread_mutex_unlock(&pool->mutex);
}

void thread_pool_run(struct thread_pool *pool, size_t items, thread_item *item, void *context) {
  if (pool == NULL || pool->threads == 1 || items < 2) {
    for (size_t i = 0; i < items; i++) item(context, i);
    return;
  }
  pool->items = items;
  pool->item = item;
  pool->context = context;
  atomic_store(&pool->undone, items);
  const uint64_t number = atomic_load(&pool->task_number) + TASK;
  for (size_t h = 0; h < pool->threads; h++) {
    atomic_store(&pool->hand[h].state, number | (items + pool->threads - 1 - h) / pool->threads);
  }
  atomic_store(&pool->task_number, number);
  wake_all(pool);
  do_items(pool, 0);
  wait_until_done(pool);
}

/* --- beginning and end --- */

/* Signals are for the thread that is there already. */
static int start_threads(struct thread_pool *pool, size_t count) {
  sigset_t all, before;
  pthread_attr_t attributes;
  int fault = pthread_attr_init(&attributes);
  if (fault != 0) return fault;
  (void)pthread_attr_setstacksize(&attributes, STACK);
  (void)sigfillset(&all);
  (void)pthread_sigmask(SIG_SETMASK, &all, &before);
  while (fault == 0 && pool->started < count) {
    struct hand *hand = &pool->hand[pool->started + 1];
    hand->pool = pool;
    fault = pthread_create(&hand->thread, &attributes, work, hand);
    pool->started += fault == 0;
  }
  (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
  (void)pthread_attr_destroy(&attributes);
  return fault;
}

size_t thread_pool_bytes(size_t threads) {
  return sizeof(struct thread_pool) + threads * sizeof(struct hand);
}

struct thread_pool *thread_pool_new(size_t threads, struct error *error) {
  struct thread_pool *pool = memory_aligned(thread_pool_bytes(threads), 1, error);
  if (pool == NULL) return NULL;
  pool->threads = threads;
  pool->looks = threads <= cores_usable() ? LOOKS : 0;
  (void)pthread_mutex_init(&pool->mutex, NULL);
  (void)pthread_cond_init(&pool->task, NULL);
  (void)pthread_cond_init(&pool->done, NULL);
  const int fault = start_threads(pool, threads - 1);
  if (fault == 0) return pool;
  const size_t started = pool->started;
  thread_pool_free(pool);
  error_system(error, fault, "cannot start thread %zu of %zu", started + 2, threads);
  return NULL;
}

void thread_pool_free(struct thread_pool *pool) {
  if (pool == NULL) return;
  atomic_store(&pool->ending, true);
  wake_all(pool);
  for (size_t i = 0; i < pool->started; i++) (void)pthread_join(pool->hand[i + 1].thread, NULL);
  (void)pthread_cond_destroy(&pool->task);
  (void)pthread_cond_destroy(&pool->done);
  (void)pthread_mutex_destroy(&pool->mutex);
  free(pool);
}

size_t thread_pool_threads(const struct thread_pool *pool) {
  return pool != NULL ? pool->threads : 1;
}
