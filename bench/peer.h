/* Others that do a kernel's work: libraries, and loops written for the bench.
 * A peer is prepared on a kernel's own operands and may copy them into the
 * layout that suits it best. */
#ifndef CROSSLANE_BENCH_PEER_H
#define CROSSLANE_BENCH_PEER_H

#include "bench/cases.h"
#include "bench/loops.h"

struct peer {
  const char *by;
  bool external;   /* a library: only with --peers */
  bool vectorised; /* by the compiler: as scalar it would be a second scalar kernel */
  /* NULL: it has nothing for this kernel, or could not be set up. `arguments`
   * stay; `advance` may move them between runs. */
  void *(*prepare)(const struct peer *peer, const char *kernel, void *arguments,
                   const struct loops *loops);
  void (*run)(void *prepared);
  /* Brings the result to where the kernel would leave it; NULL: it is there. */
  void (*collect)(void *prepared);
  void (*release)(void *prepared);
  /* Chooses one of so many settings; the fastest is timed. 0: there is one. */
  size_t options;
  void (*tune)(void *prepared, size_t option);
  const struct gemm_peer *gemm; /* of those that multiply matrices */
  bool epilogue;                /* bias and relu too, not the bare product */
};

/* All that were built in. */
extern const struct peer *const peers[];
extern const size_t peer_count;

/* --- a library's matrix product, for peer_gemm.c --- */

/* Each call starts from row-major operands, as the kernels do. What a library
 * gains when an operand was brought into its own layout before, once, is a peer
 * of its own whose name ends in "-packed": it is shown, and judges nothing. */

struct gemm_peer {
  void *(*prepare)(const struct gemm_problem *problem, bool epilogue, const struct loops *loops);
  /* c = a b, with bias and relu when `epilogue` was asked for and `fuses`. */
  void (*run)(void *prepared, const struct gemm_problem *problem);
  void (*release)(void *prepared);
  void (*tune)(void *prepared, size_t option); /* NULL: there is one way */
  bool fuses; /* has bias and relu of its own; else the bench adds a pass */
};

void *gemm_prepare(const struct peer *peer, const char *kernel, void *arguments,
                   const struct loops *loops);
void gemm_run(void *prepared);
void gemm_collect(void *prepared);
void gemm_tune(void *prepared, size_t option);
void gemm_release(void *prepared);

#define GEMM_PEER(text, table, with_epilogue)                                                      \
  .by = text, .external = true, .prepare = gemm_prepare, .run = gemm_run, .collect = gemm_collect, \
  .release = gemm_release, .gemm = table, .epilogue = with_epilogue

#endif
