/* Whether the kernels of this build compute what they must, on this machine. */
#ifndef CROSSLANE_KERNELS_SELF_CHECK_H
#define CROSSLANE_KERNELS_SELF_CHECK_H

#include <stdbool.h>

#include "base/error.h"
#include "kernels/kernels.h"

/* Runs a dense layer and a step of Adam on made-up numbers, some of them
 * denormal, and compares the digests of the results with those that every
 * instruction set gives. A few microseconds; to be called before something is
 * trained or predicted. Otherwise ERROR_SYSTEM: the compiler was told to change
 * floating point, or the processor flushes denormals to zero. */
bool kernels_self_check(const struct kernels *kernels, struct error *error);

#endif
