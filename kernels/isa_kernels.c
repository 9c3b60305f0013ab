/* This instruction set's table of kernels. */
#include "kernels/declare.h"

extern const struct kernels KERNEL_NAME(kernels);
const struct kernels KERNEL_NAME(kernels) = {
    .isa = KERNEL_ENUM,
    .vector = VW,
    .tiles = TILE_C_USUAL,
    .forward_tiles = TILE_C_MAX,
    .rows = {TILE_R_MAX(1), TILE_R_MAX(2), TILE_R_MAX(3), TILE_R_MAX(4)},
#define KERNEL(name, flop, bytes) .name = KERNEL_NAME(name),
#include "kernels/kernels.inc"
#undef KERNEL
};
