/* Peers of the bench's own: the textbook loops of a dense layer, and the same
 * embedding rows in the same order with a tuned prefetch. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "bench/peers.h"

/* --- dense layers as three nested loops --- */

static void *nested_prepare(const struct gemm_problem *problem, bool epilogue,
                            const struct loops *loops) {
  (void)problem, (void)epilogue;
  return (void *)(uintptr_t)loops;
}

static void nested_run(void *loops, const struct gemm_problem *problem) {
  ((const struct loops *)loops)->gemm(problem);
}

static void nested_release(void *loops) {
  (void)loops;
}

static const struct gemm_peer nested = {
    .prepare = nested_prepare, .run = nested_run, .release = nested_release};
const struct peer peer_loops = {.by = "loops",
                                .vectorised = true,
                                .prepare = gemm_prepare,
                                .run = gemm_run,
                                .collect = gemm_collect,
                                .release = gemm_release,
                                .gemm = &nested};

/* --- embedding rows --- */

struct copy {
  const struct loops *loops;
  const void *arguments;
  size_t distance;
  void (*run)(const struct copy *copy);
};

static void run_gather(const struct copy *c) {
  c->loops->gather(c->arguments, c->distance);
}
static void run_scatter(const struct copy *c) {
  c->loops->scatter(c->arguments, c->distance);
}
static void run_bag(const struct copy *c) {
  c->loops->bag(c->arguments, c->distance);
}
static void run_bag_scatter(const struct copy *c) {
  c->loops->bag_scatter(c->arguments, c->distance);
}

static const struct {
  const char *kernel;
  void (*run)(const struct copy *copy);
} copies[] = {{"embedding_gather", run_gather},
              {"embedding_scatter_add", run_scatter},
              {"embedding_bag", run_bag},
              {"embedding_bag_scatter_add", run_bag_scatter}};

static void *copy_prepare(const struct peer *peer, const char *kernel, void *arguments,
                          const struct loops *loops) {
  (void)peer;
  for (size_t i = 0; i < sizeof copies / sizeof *copies; i++) {
    if (strcmp(copies[i].kernel, kernel) != 0) continue;
    struct error error;
    struct copy *copy = memory_array(1, sizeof *copy, &error);
    if (copy == NULL) return NULL;
    *copy = (struct copy){.loops = loops, .arguments = arguments, .run = copies[i].run};
    return copy;
  }
  return NULL;
}

static void copy_run(void *prepared) {
  const struct copy *copy = prepared;
  copy->run(copy);
}

enum { DISTANCES = 4 };
static void copy_tune(void *prepared, size_t option) {
  static const size_t distances[DISTANCES] = {0, 8, 24, 64};
  ((struct copy *)prepared)->distance = distances[option];
}

const struct peer peer_copy = {.by = "copy",
                               .vectorised = true,
                               .prepare = copy_prepare,
                               .run = copy_run,
                               .release = free,
                               .options = DISTANCES,
                               .tune = copy_tune};
