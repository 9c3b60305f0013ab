/* Declares this instruction set's kernels, for the files that define them and
 * for its table. */
#ifndef CROSSLANE_KERNELS_DECLARE_H
#define CROSSLANE_KERNELS_DECLARE_H

#include "kernels/kernels.h"
#include "kernels/simd/vec.h"

#define KERNEL(name, flop, bytes) void KERNEL_NAME(name)(const struct name *arguments);
#include "kernels/kernels.inc"
#undef KERNEL

#endif
