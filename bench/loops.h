/* Plain loops to hold the kernels against, compiled once for each instruction
 * set with its flags: this machine's peaks, copies of embedding rows, and the
 * textbook loops of a dense layer. */
#ifndef CROSSLANE_BENCH_LOOPS_H
#define CROSSLANE_BENCH_LOOPS_H

#include <stddef.h>
#include <stdint.h>

#include "kernels/kernels.h"

/* c (rows,columns) = a (rows,steps) b (steps,columns), all contiguous; a is
 * (steps,rows), b (columns,steps) when transposed. */
struct gemm_problem {
  bool transposed_a, transposed_b;
  size_t rows, columns, steps;
  const float *a, *b, *bias;
  float *c;
};

struct loops {
  enum isa isa;
  /* `rounds` times `fma_flop` floating-point operations, from registers. */
  double fma_flop;
  void (*fma)(size_t rounds, float *out);
  void (*read)(const float *in, size_t count, float *out); /* count: multiple of 128 */
  void (*copy)(float *out, const float *in, size_t count);
  /* y (m,n) = max(y + bias, 0): what follows a bare GEMM. */
  void (*bias_relu)(size_t m, size_t n, const float *bias, float *y);
  void (*gemm)(const struct gemm_problem *p); /* as the compiler vectorises it */
  /* The embedding kernels with the row `distance` indices ahead prefetched, in
   * the next batches too. */
  void (*gather)(const struct embedding_gather *a, size_t distance);
  void (*scatter)(const struct embedding_scatter_add *a, size_t distance);
  void (*bag)(const struct embedding_bag *a, size_t distance);
  void (*bag_scatter)(const struct embedding_bag_scatter_add *a, size_t distance);
  /* tanh, sigmoid, silu and gelu with SLEEF's usual functions. */
  void (*activate)(const struct activate *a);
};

const struct loops *loops_of(enum isa isa);

#endif
