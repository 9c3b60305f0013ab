/* Where the dense kernels copy their blocks: one for each thread, the same
 * for every instruction set. Its memory is taken when it is first written. */
#ifndef CROSSLANE_KERNELS_DENSE_SCRATCH_H
#define CROSSLANE_KERNELS_DENSE_SCRATCH_H

#include <stddef.h>

/* Blocks of `a` are for the L2 cache, those of `b` for what is behind it. Even
 * blocks of rows are rounded up to whole tiles, of up to 16 rows. */
enum {
  SCRATCH_ROWS = 192,
  SCRATCH_STEPS = 512,
  SCRATCH_A = (SCRATCH_ROWS + 16) * (SCRATCH_STEPS + 16),
  SCRATCH_B = 256 * 1024
};

struct dense_scratch {
  _Alignas(64) float a[SCRATCH_A];
  _Alignas(64) float b[SCRATCH_B];
};

extern _Thread_local struct dense_scratch dense_scratch;

#endif
