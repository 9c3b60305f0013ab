/* Kernels of one's own: a shared object that exports `crosslane_own_kernels`
 * (crosslane/kernels.h), to be tested and timed beside ours. Needs neither C++ nor Google
 * Benchmark. */
#ifndef CROSSLANE_BENCH_OWN_KERNELS_H
#define CROSSLANE_BENCH_OWN_KERNELS_H

#include <stdbool.h>

#include "base/error.h"
#include "kernels/kernels.h"

struct own_kernels {
  const char *name;
  double tolerance; /* relative to 1 + the size of scalar's number; 0: the same bytes */
  /* Its kernels; where it has none, those of the instruction set that it was opened with. */
  struct kernels kernels;
};

/* One for each process. It stays open until the process ends. A file that is no such object, has
 * another version's table, none of the kernels, or a name that is taken, is ERROR_USAGE. */
bool own_kernels_open(const char *path, const struct kernels *others, struct own_kernels *own,
                      struct error *error);

/* Whether the open object has a kernel of this name. */
bool own_kernels_have(const char *kernel);

#endif
