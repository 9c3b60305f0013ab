#include "bench/cases.h"

#define KERNEL(name, flop, bytes) extern const struct bench_shapes bench_##name;
#include "kernels/kernels.inc"
#undef KERNEL

#define KERNEL(name, flop, bytes)                                                 \
  _Static_assert(sizeof(struct name) <= ARGUMENTS_MAX, "room for its arguments"); \
  static void run_##name(const struct kernels *kernels, const void *arguments) {  \
    kernels->name((const struct name *)arguments);                                \
  }                                                                               \
  static double flop_##name(const void *arguments) {                              \
    const struct name *a = arguments;                                             \
    (void)a;                                                                      \
    return (double)(flop);                                                        \
  }                                                                               \
  static double bytes_##name(const void *arguments) {                             \
    const struct name *a = arguments;                                             \
    return (double)(bytes);                                                       \
  }
#include "kernels/kernels.inc"
#undef KERNEL

const struct bench_kernel bench_kernels[] = {
#define KERNEL(name, flop, bytes) \
  {#name, sizeof(struct name), &bench_##name, run_##name, flop_##name, bytes_##name},
#include "kernels/kernels.inc"
#undef KERNEL
};
const size_t bench_kernel_count = sizeof bench_kernels / sizeof *bench_kernels;
