/* This instruction set's table of kernels. */
#include "kernels/declare.h"

extern const struct kernels KERNEL_NAME(kernels);
const struct kernels KERNEL_NAME(kernels) = {
    .isa = KERNEL_ENUM,
    .tile_rows = TILE_R_MAX(TILE_C_MAX),
    .tile_columns = (size_t)TILE_C_MAX * VW,
#define KERNEL(name, flop, bytes) .name = KERNEL_NAME(name),
#include "kernels/kernels.inc"
#undef KERNEL
};
