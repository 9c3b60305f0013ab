/* Instruction sets: which ones this library knows, and which of them run here. Every one
 * gives the same numbers to the last bit; they differ in speed. Thread-safe. */
#ifndef CROSSLANE_ISA_H
#define CROSSLANE_ISA_H

#include <stddef.h>

#include <crosslane/version.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How many names there are, and each of them, with the plainest first: "scalar", "avx2",
 * "avx512", "neon". NULL for i >= crosslane_isas(). */
CROSSLANE_API size_t crosslane_isas(void);
CROSSLANE_API const char *crosslane_isa_name(size_t i);

/* Whether the processor and the operating system offer it: 1 or 0. Unknown names are 0. */
CROSSLANE_API int crosslane_isa_runs_here(const char *name);

/* What is taken where none is named. */
CROSSLANE_API const char *crosslane_isa_best(void);

#ifdef __cplusplus
}
#endif

#endif
