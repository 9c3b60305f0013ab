/* What is known of a processor, apart from asking it: a test makes up others. */
#ifndef CROSSLANE_KERNELS_ISA_PARTS_H
#define CROSSLANE_KERNELS_ISA_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "kernels/isa.h"

/* The answers of CPUID and XGETBV on x86, 0 where there is none. On AArch64 all
 * are 0, and not needed: Advanced SIMD is always there. */
struct cpuid {
  uint32_t leaf_1_ecx;
  uint32_t leaf_7_ebx;
  uint64_t xcr0;       /* which register state the system saves */
  char hypervisor[12]; /* leaf 0x40000000: EBX, ECX, EDX */
};

void cpuid_read(struct cpuid *cpuid);

bool cpuid_runs(const struct cpuid *cpuid, enum isa isa);
bool cpuid_has_fma(const struct cpuid *cpuid);
enum isa cpuid_best(const struct cpuid *cpuid);

#if defined(__x86_64__)
bool cpuid_emulated(const struct cpuid *cpuid);
#endif

#endif
