/* Instruction sets: which there are, and which this machine runs. */
#ifndef CROSSLANE_KERNELS_ISA_H
#define CROSSLANE_KERNELS_ISA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/* In ascending order of preference on one architecture. */
enum isa { ISA_SCALAR, ISA_AVX2, ISA_AVX512, ISA_NEON, ISA_COUNT };

const char *isa_name(enum isa isa);

/* What the processor and the operating system offer: CPUID and XCR0 on x86;
 * AArch64 always has Advanced SIMD. */
bool isa_runs_here(enum isa isa);

/* Hardware fused multiply-add: without it `scalar` calls the C library's. */
bool isa_has_fma(void);

enum isa isa_best(void);

/* `name` is one of the names above, "auto" or NULL (best). An unknown one, or
 * one that this machine does not run, is ERROR_USAGE with the list of what
 * does run here; `origin` says where it was asked for ("--isa"). */
bool isa_choose(const char *name, const char *origin, enum isa *isa, struct error *error);

/* The processor's features that matter here, e.g. "avx2 fma avx512f". */
void isa_features(struct text *text);

#endif
