/* Threads that do one task after another together.
 *
 * A task is a number of items, which do not depend on each other. Thread t, the
 * caller as thread 0, takes items t, t + threads and so on, so that tasks which cut
 * the same rows alike find them in its cache; and then those that others have not
 * begun, so that a thread that the system does not run at the moment holds nobody
 * up. Who does which item is open: its result must depend on its number alone.
 *
 *   struct thread_pool *pool = thread_pool_new(4, &error);
 *   thread_pool_run(pool, 10, add_part, &sums);   add_part(&sums, 0), ... 9
 *   thread_pool_free(pool);
 *
 * Between tasks a thread looks for the next one for some microseconds, and then
 * sleeps; it sleeps at once where there are more threads than cores. A process
 * that forks has no pool at that moment: threads do not come along. */
#ifndef CROSSLANE_BASE_THREAD_POOL_H
#define CROSSLANE_BASE_THREAD_POOL_H

#include <stddef.h>

#include "base/error.h"

struct thread_pool;

enum { THREADS_MOST = 1024 };

/* 1 to THREADS_MOST threads, the caller among them: one fewer is started.
 * NULL: ERROR_SYSTEM, and none is left. */
struct thread_pool *thread_pool_new(size_t threads, struct error *error);
/* Ends them; NULL is fine. */
void thread_pool_free(struct thread_pool *pool);

/* With the caller; 1 for NULL. */
size_t thread_pool_threads(const struct thread_pool *pool);

/* The bytes that thread_pool_new takes from memory_aligned. */
size_t thread_pool_bytes(size_t threads);

/* Calls item(context, i) for each i below `items`, and returns when all have
 * returned. With NULL the caller does them alone, in ascending order. From one
 * thread at a time, and not from within an item. Threads have C's floating-point
 * environment, and the system gives no signal to them. */
typedef void thread_item(void *context, size_t item);
void thread_pool_run(struct thread_pool *pool, size_t items, thread_item *item, void *context);

#endif
