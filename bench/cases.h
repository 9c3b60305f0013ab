/* What is timed: every kernel of kernels/kernels.inc at the shapes of the
 * shipped experiments. A kernel without a `struct bench_shapes` of its own does
 * not link. */
#ifndef CROSSLANE_BENCH_CASES_H
#define CROSSLANE_BENCH_CASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/kernels.h"

/* Memory for the operands of one case, each at a 64-byte boundary. With `at`
 * NULL it only adds up the size. The same case is filled with the same values
 * in any block. */
struct block {
  unsigned char *at;
  size_t used;
  size_t table_most; /* tables are cut to this many bytes (the check needs no more) */
  size_t table;      /* bytes of the embedding table, 0: none */
  bool failed;       /* memory ran out */
};

enum fill { FILL_ZEROS, FILL_SIGNED, FILL_POSITIVE };
float *block_floats(struct block *block, size_t count, enum fill fill);
double *block_doubles(struct block *block, size_t count);
uint16_t *block_bits(struct block *block, size_t groups);
/* Random numbers below `below`. */
uint32_t *block_indices(struct block *block, size_t count, size_t below);

/* An embedding table of `rows` rows, fewer when cut: `*rows` says how many. One
 * beyond 64 MiB is shared by all cases of the process. */
float *block_table(struct block *block, size_t *rows, size_t dim);

/* Rows of floats begin at multiples of this many, as in the model. */
enum { ROW_FLOATS = 16 };
size_t rounded_up(size_t floats);

enum { SIZES = 4 };
struct bench_shape {
  const char *name; /* NULL ends a list */
  size_t size[SIZES];
  bool quick; /* part of the smoke run */
};

struct bench_shapes {
  const struct bench_shape *shape;
  void (*set_up)(const size_t size[SIZES], struct block *block, void *arguments);
  /* Moves the operands on before each call but the first; NULL: they stay. */
  void (*advance)(const size_t size[SIZES], void *arguments, size_t call);
  /* Restores what calls in place wear down; asked for every REFRESH_CALLS calls. */
  void (*refresh)(const size_t size[SIZES], void *arguments);
  /* Bytes of whole cache lines that one call moves; NULL: as kernels.inc counts. */
  double (*traffic)(const size_t size[SIZES]);
};
enum { REFRESH_CALLS = 8 };

struct bench_kernel {
  const char *name;
  size_t arguments; /* size of its struct */
  const struct bench_shapes *shapes;
  void (*run)(const struct kernels *kernels, const void *arguments);
  double (*flop)(const void *arguments);
  double (*bytes)(const void *arguments);
};

extern const struct bench_kernel bench_kernels[];
extern const size_t bench_kernel_count;

enum { ARGUMENTS_MAX = 256 }; /* the largest struct of arguments, in bytes */

#endif
