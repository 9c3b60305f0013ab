/* narrower_NAME(a), for the kernels of kernels/narrower.inc: does the call's work
 * with the narrower instruction set and says so, where that is faster. */
#ifndef CROSSLANE_KERNELS_NARROWER_H
#define CROSSLANE_KERNELS_NARROWER_H

#include "kernels/kernels.h"

#if defined(KERNEL_AVX512)
#define NARROWER(name, condition, words)                     \
  void name##_avx2(const struct name *arguments);            \
  static inline bool narrower_##name(const struct name *a) { \
    if (condition) name##_avx2(a);                           \
    return condition;                                        \
  }
#else
#define NARROWER(name, condition, words)                     \
  static inline bool narrower_##name(const struct name *a) { \
    (void)a;                                                 \
    return false;                                            \
  }
#endif
#include "kernels/narrower.inc"
#undef NARROWER

#endif
