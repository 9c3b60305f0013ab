/* tests/kernels/digests.txt: one line a kernel, "name digest". */
#ifndef CROSSLANE_TESTS_KERNELS_DIGESTS_H
#define CROSSLANE_TESTS_KERNELS_DIGESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* False: `text` has no line for the kernel. */
bool digests_find(const char *text, const char *kernel, char *digest, size_t size);

bool digests_write(const char *path, const char *const *kernels, const uint64_t *digests,
                   size_t count, struct error *error);

#endif
