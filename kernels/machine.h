/* Which machine this is: its identity in records and benchmarks. */
#ifndef CROSSLANE_KERNELS_MACHINE_H
#define CROSSLANE_KERNELS_MACHINE_H

#include <stdbool.h>

enum { MACHINE_CPU = 128, MACHINE_FEATURES = 256, MACHINE_CACHES = 128 };

struct machine {
  char architecture[16];           /* "x86_64", "aarch64" */
  char cpu[MACHINE_CPU];           /* the processor's own name; "unknown" when it has none */
  char features[MACHINE_FEATURES]; /* "fma avx2 avx512f ..." */
  char caches[MACHINE_CACHES];     /* "L1d 48K, L2 1024K, L3 32768K"; "" when not told */
  unsigned cores;                  /* online */
  bool emulated;                   /* instructions are translated: times are no speeds */
};

void machine_identify(struct machine *machine);

#endif
