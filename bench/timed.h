/* One benchmark: a kernel at a shape by one of its makers, checked against the
 * scalar kernels before it is timed. */
#ifndef CROSSLANE_BENCH_TIMED_H
#define CROSSLANE_BENCH_TIMED_H

#include "bench/cases.h"
#include "bench/gbench.h"
#include "bench/peer.h"
#include "bench/variants.h"

/* Sizes of the data caches in bytes, 0 for none; `last` is the largest. */
struct caches {
  size_t l1, l2, last;
};
struct caches caches_of_this_machine(void);

/* Where operands of that many bytes stay: 1, 2, 3 (the last cache), 4 (memory). */
enum { LEVELS = 4 };
unsigned level_of(const struct caches *caches, size_t bytes);

struct timed {
  const struct bench_kernel *kernel;
  const struct bench_shape *shape;
  struct variant variant;
  const struct peer *peer; /* NULL: the variant's kernel */
  const struct loops *loops;
  struct caches caches;
  bool cold; /* operands rotate through more memory than the caches hold */
  bool once; /* a call takes long: no repetitions within a launch */
  bool tuned;
  size_t option; /* of the peer's tuning */
  enum { UNCHECKED, RIGHT, WRONG } verdict;
  char fault[256];
};

/* "dense_forward/32x25x64/hot/avx2/crosslane" */
enum { TIMED_NAME = 160 };
void timed_name(const struct timed *timed, char name[TIMED_NAME]);

/* The kernel's (or peer's) result is that of `reference`: byte for byte, a
 * peer's within rounding. False with the first difference in timed->fault. */
bool timed_check(struct timed *timed, const struct kernels *reference);

/* Can this be timed at all? Peers know some kernels only. */
bool timed_exists(const struct timed *timed);

/* The gbench_function; `argument` is a struct timed. */
void timed_run(struct gbench *g, void *argument);

/* FMA and stream of one instruction set, registered with Google Benchmark. */
bool peaks_register(enum isa isa);

#endif
