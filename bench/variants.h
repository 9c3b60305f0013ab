/* Whose versions of a kernel there are, beside this machine's own tables. */
#ifndef CROSSLANE_BENCH_VARIANTS_H
#define CROSSLANE_BENCH_VARIANTS_H

#include "kernels/kernels.h"

struct variant {
  enum isa isa;   /* whose flags it was compiled with */
  const char *by; /* "crosslane": the kernels; "autovec": scalar's source, as the
                     compiler vectorises it for that instruction set */
  const struct kernels *kernels;
  double tolerance; /* of kernels of one's own, relative to 1 + a number's size; 0: none */
};

enum { VARIANTS_MAX = 3 };
/* Those of one instruction set; returns how many. None where it does not run. */
size_t variants_of(enum isa isa, struct variant out[VARIANTS_MAX]);

#endif
