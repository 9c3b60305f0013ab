#include "bench/timed.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

/* Google Benchmark is asked again after some calls only: asking takes some
 * nanoseconds. About 10 microseconds of work, at most 64 calls. */
static int64_t batch_of(double work) {
  enum { MOST = 64 };
  double calls = 5e5 / (work + 1);
  return calls < 1 ? 1 : calls > MOST ? MOST : (int64_t)calls;
}

void timed_name(const struct timed *t, char name[TIMED_NAME]) {
  (void)snprintf(name, TIMED_NAME, "%s/%s/%s/%s/%s", t->kernel->name, t->shape->name,
                 t->cold ? "cold" : "hot", isa_name(t->variant.isa),
                 t->peer != NULL ? t->peer->by : t->variant.by);
}

/* The copies of the operands that the calls go through: one when hot. The
 * memory is kept for the next benchmark, and what it holds for the next run at
 * the same shape: Google Benchmark runs each some times to find how often it must. */
struct ring {
  const struct bench_kernel *kernel;
  const struct bench_shape *shape; /* whose operands these are */
  bool cold;
  unsigned char *memory, *arguments;
  size_t memory_room, arguments_room;
  size_t copies, used, table;
};

static bool ring_reserve(unsigned char **at, size_t *room, size_t bytes) {
  if (*room >= bytes) return true;
  free(*at);
  *room = 0;
  struct error error;
  *at = memory_aligned(bytes, 1, &error);
  if (*at == NULL) return false;
  *room = bytes;
  return true;
}

/* What the calls touch is three times the last cache: each copy is gone when
 * its turn comes again. Operands that are touched in part only may need more
 * memory than that, up to a limit. Bags, whose size is in their operands, move
 * through their table and are never asked for. */
enum { COLD_CACHES = 3 };
static const size_t cold_most = (size_t)512 << 20;

static size_t copies_of(const struct timed *t, size_t used, double touched) {
  size_t step = touched < (double)used ? (size_t)touched : used;
  size_t copies = COLD_CACHES * t->caches.last / (step > 0 ? step : 1) + 1;
  return copies * used > cold_most ? cold_most / used + 1 : copies;
}

static bool ring_init(const struct timed *t, struct ring *ring) {
  const struct bench_shapes *shapes = t->kernel->shapes;
  const bool there = ring->shape == t->shape && ring->kernel == t->kernel && ring->cold == t->cold;
  if (there && shapes->advance == NULL) return true;
  struct block block = {.table_most = SIZE_MAX};
  unsigned char arguments[ARGUMENTS_MAX] __attribute__((aligned(16)));
  shapes->set_up(t->shape->size, &block, arguments);
  ring->shape = NULL;
  ring->used = block.used;
  ring->table = block.table;
  ring->copies = t->cold ? copies_of(t, block.used, t->kernel->bytes(arguments)) : 1;
  size_t bytes = ring->copies * ring->used;
  /* All that a row with cold operands may need: it is the next one's too. */
  const size_t all = copies_of(t, 1, 1);
  if (t->cold && bytes < all) bytes = all;
  if (!ring_reserve(&ring->memory, &ring->memory_room, bytes) ||
      !ring_reserve(&ring->arguments, &ring->arguments_room, ring->copies * ARGUMENTS_MAX)) {
    return false;
  }
  for (size_t i = 0; i < ring->copies; i++) {
    block = (struct block){.at = ring->memory + i * ring->used, .table_most = SIZE_MAX};
    shapes->set_up(t->shape->size, &block, ring->arguments + i * ARGUMENTS_MAX);
    if (block.failed) return false;
  }
  ring->kernel = t->kernel;
  ring->shape = t->shape;
  ring->cold = t->cold;
  return true;
}

/* What the timing loop goes through; `calls` counts since the start. */
struct loop {
  const struct timed *timed;
  struct ring *ring;
  void *prepared; /* by the peer */
  size_t calls, copy;
};

static inline void call_once(struct loop *loop) {
  const struct timed *t = loop->timed;
  const struct bench_shapes *shapes = t->kernel->shapes;
  unsigned char *arguments = loop->ring->arguments + loop->copy * ARGUMENTS_MAX;
  if (shapes->advance != NULL && loop->calls > 0) {
    shapes->advance(t->shape->size, arguments, loop->calls);
  }
  if (shapes->refresh != NULL && loop->calls % REFRESH_CALLS == 0) {
    shapes->refresh(t->shape->size, arguments);
  }
  if (t->peer != NULL) {
    t->peer->run(loop->prepared);
  } else {
    t->kernel->run(t->variant.kernels, arguments);
  }
  loop->calls++;
  if (++loop->copy == loop->ring->copies) loop->copy = 0;
}

/* The fastest of the peer's settings, by a short run of each, three times. */
static void tune(struct timed *t, struct loop *loop) {
  enum { MOST = 512 };
  const size_t trials = t->once ? 1 : 3;
  const double least = 1e-3;
  double best = INFINITY;
  for (size_t trial = 0; !t->tuned && trial < trials * t->peer->options; trial++) {
    const size_t option = trial % t->peer->options;
    t->peer->tune(loop->prepared, option);
    int calls = 0;
    double spent = 0;
    for (const double start = clock_wall(); calls < MOST && spent < least; calls++) {
      call_once(loop);
      spent = clock_wall() - start;
    }
    if (spent / calls >= best) continue;
    best = spent / calls;
    t->option = option;
  }
  t->tuned = true;
  t->peer->tune(loop->prepared, t->option);
}

static void report(struct gbench *g, const struct timed *t, const struct loop *loop) {
  const double iterations = (double)gbench_iterations(g);
  const struct bench_shapes *shapes = t->kernel->shapes;
  double flop = t->kernel->flop(loop->ring->arguments);
  double bytes = shapes->traffic != NULL ? shapes->traffic(t->shape->size)
                                         : t->kernel->bytes(loop->ring->arguments);
  size_t working_set = loop->ring->table > 0 ? loop->ring->table : loop->ring->used;
  gbench_counter(g, "flop", flop);
  gbench_counter(g, "bytes", bytes);
  gbench_counter(g, "level", t->cold ? LEVELS : level_of(&t->caches, working_set));
  gbench_items_processed(g, flop * iterations);
  gbench_bytes_processed(g, bytes * iterations);
}

void timed_run(struct gbench *g, void *argument) {
  struct timed *t = argument;
  if (t->verdict == UNCHECKED) (void)timed_check(t, kernels_of(ISA_SCALAR));
  if (t->verdict == WRONG) {
    gbench_fail(g, t->fault);
    return;
  }
  static struct ring ring;
  struct loop loop = {.timed = t, .ring = &ring};
  bool ready = ring_init(t, &ring);
  if (ready && t->peer != NULL) {
    loop.prepared = t->peer->prepare(t->peer, t->kernel->name, loop.ring->arguments, t->loops);
    ready = loop.prepared != NULL;
  }
  if (!ready) {
    gbench_fail(g, "no memory for the operands");
  } else {
    if (t->peer != NULL && t->peer->options > 0) tune(t, &loop);
    const double work =
        t->kernel->flop(loop.ring->arguments) + t->kernel->bytes(loop.ring->arguments);
    const int64_t batch = batch_of(work);
    while (gbench_keep_running(g, batch)) {
      for (int64_t i = 0; i < batch; i++) call_once(&loop);
    }
    report(g, t, &loop);
  }
  if (loop.prepared != NULL) t->peer->release(loop.prepared);
}
