/* tests/kernels/digests.txt: one line a kernel, "name digest", or of kernels
 * that call SLEEF one a version of it, "name sleef-VERSION digest". */
#ifndef CROSSLANE_TESTS_KERNELS_DIGESTS_H
#define CROSSLANE_TESTS_KERNELS_DIGESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { DIGEST_NAME = 64 };

/* False: `text` has no line for the name. */
bool digests_find(const char *text, const char *name, char *digest, size_t size);

/* Is there a line whose name begins with this word? */
bool digests_name(const char *text, const char *kernel);

bool digests_write(const char *path, const char (*names)[DIGEST_NAME], const uint64_t *digests,
                   size_t count, struct error *error);

#endif
