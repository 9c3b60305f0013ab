#include "kernels/isa.h"

#include <stdint.h>
#include <string.h>

#include "kernels/isa_parts.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

static const char *const isa_names[ISA_COUNT] = {"scalar", "avx2", "avx512", "neon"};

const char *isa_name(enum isa isa) {
  return isa_names[isa];
}

#if defined(__x86_64__)

enum { CPUID_OSXSAVE = 1 << 27 };
#define CPUID_HYPERVISOR (1u << 31)

enum { CPU_FMA, CPU_AVX2, CPU_AVX512F, CPU_AVX512DQ, CPU_AVX512BW, CPU_AVX512VL, CPU_FEATURES };
static const char *const feature_names[CPU_FEATURES] = {"fma",      "avx2",     "avx512f",
                                                        "avx512dq", "avx512bw", "avx512vl"};

/* Extended control register 0: which register state the system saves. */
static uint64_t extended_control_register(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
}

void cpuid_read(struct cpuid *cpuid) {
  uint32_t a, b, c, d, name[3];
  *cpuid = (struct cpuid){0};
  if (!__get_cpuid(1, &a, &b, &c, &d)) return;
  cpuid->leaf_1_ecx = c;
  if (c & CPUID_OSXSAVE) cpuid->xcr0 = extended_control_register();
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) cpuid->leaf_7_ebx = b;
  if ((cpuid->leaf_1_ecx & CPUID_HYPERVISOR) == 0) return;
  __cpuid(0x40000000, a, name[0], name[1], name[2]);
  memcpy(cpuid->hypervisor, name, sizeof name);
}

/* A feature counts when the processor has it and the system saves the
 * registers that it needs (Intel SDM volume 1, sections 14.3 and 15.2). */
static bool has(const struct cpuid *cpuid, int feature) {
  enum { FMA = 1 << 12, AVX = 1 << 28 };
  enum { YMM_STATE = 0x06, ZMM_STATE = 0xe6 };
  const uint64_t state = cpuid->xcr0;
  if (!(cpuid->leaf_1_ecx & CPUID_OSXSAVE) || !(cpuid->leaf_1_ecx & AVX)) return false;
  if ((state & YMM_STATE) != YMM_STATE) return false;
  if (feature == CPU_FMA) return (cpuid->leaf_1_ecx & FMA) != 0;
  static const unsigned bit[CPU_FEATURES] = {0, 5, 16, 17, 30, 31};
  if (feature != CPU_AVX2 && (state & ZMM_STATE) != ZMM_STATE) return false;
  return (cpuid->leaf_7_ebx >> bit[feature] & 1u) != 0;
}

bool cpuid_has_fma(const struct cpuid *cpuid) {
  return has(cpuid, CPU_FMA);
}

bool cpuid_runs(const struct cpuid *cpuid, enum isa isa) {
  switch (isa) {
    case ISA_SCALAR:
      return true;
    case ISA_AVX2:
      return has(cpuid, CPU_AVX2) && has(cpuid, CPU_FMA);
    case ISA_AVX512:
      return cpuid_runs(cpuid, ISA_AVX2) && has(cpuid, CPU_AVX512F) && has(cpuid, CPU_AVX512DQ) &&
             has(cpuid, CPU_AVX512BW) && has(cpuid, CPU_AVX512VL);
    default:
      return false;
  }
}

/* QEMU's translator names itself, in user mode too. */
bool cpuid_emulated(const struct cpuid *cpuid) {
  return memcmp(cpuid->hypervisor, "TCGTCGTCGTCG", sizeof cpuid->hypervisor) == 0;
}

void isa_features(struct text *text) {
  struct cpuid here;
  cpuid_read(&here);
  for (int feature = 0; feature < CPU_FEATURES; feature++) {
    if (!has(&here, feature)) continue;
    text_add(text, "%s%s", text->length > 0 ? " " : "", feature_names[feature]);
  }
}

#elif defined(__aarch64__)

void cpuid_read(struct cpuid *cpuid) {
  *cpuid = (struct cpuid){0};
}

bool cpuid_has_fma(const struct cpuid *cpuid) {
  (void)cpuid;
  return true;
}

bool cpuid_runs(const struct cpuid *cpuid, enum isa isa) {
  (void)cpuid;
  return isa == ISA_SCALAR || isa == ISA_NEON;
}

void isa_features(struct text *text) {
  text_add(text, "asimd");
}

#else
#error "Crosslane knows x86-64 and AArch64"
#endif

enum isa cpuid_best(const struct cpuid *cpuid) {
  enum isa best = ISA_SCALAR;
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    if (cpuid_runs(cpuid, isa)) best = isa;
  }
  return best;
}

bool isa_runs_here(enum isa isa) {
  struct cpuid here;
  cpuid_read(&here);
  return cpuid_runs(&here, isa);
}

bool isa_has_fma(void) {
  struct cpuid here;
  cpuid_read(&here);
  return cpuid_has_fma(&here);
}

enum isa isa_best(void) {
  struct cpuid here;
  cpuid_read(&here);
  return cpuid_best(&here);
}

static bool refuse(const char *name, const char *origin, bool known, struct error *error) {
  error_set(error, ERROR_USAGE, "%s: %s '%s'", origin,
            known ? "this machine does not run" : "unknown instruction set", name);
  struct text list = {0};
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    if (isa_runs_here(isa)) text_add(&list, " %s", isa_names[isa]);
  }
  error_help(error, "what runs here:%s", list.text != NULL ? list.text : "");
  text_clear(&list);
  return false;
}

bool isa_choose(const char *name, const char *origin, enum isa *isa, struct error *error) {
  if (name == NULL || strcmp(name, "auto") == 0) {
    *isa = isa_best();
    return true;
  }
  for (enum isa known = ISA_SCALAR; known < ISA_COUNT; known++) {
    if (strcmp(name, isa_names[known]) != 0) continue;
    *isa = known;
    return isa_runs_here(known) || refuse(name, origin, true, error);
  }
  return refuse(name, origin, false, error);
}
