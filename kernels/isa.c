#include "kernels/isa.h"

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

static const char *const isa_names[ISA_COUNT] = {"scalar", "avx2", "avx512", "neon"};

const char *isa_name(enum isa isa) {
  return isa_names[isa];
}

#if defined(__x86_64__)

enum { CPU_FMA, CPU_AVX2, CPU_AVX512F, CPU_AVX512DQ, CPU_AVX512BW, CPU_AVX512VL, CPU_FEATURES };
static const char *const feature_names[CPU_FEATURES] = {"fma",      "avx2",     "avx512f",
                                                        "avx512dq", "avx512bw", "avx512vl"};

/* Extended control register 0: which register state the system saves. */
static uint64_t extended_control_register(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
}

/* A feature counts when the processor has it and the system saves the
 * registers that it needs (Intel SDM volume 1, sections 14.3 and 15.2). */
static bool has(int feature) {
  enum { OSXSAVE = 1 << 27, FMA = 1 << 12, AVX = 1 << 28 };
  enum { YMM_STATE = 0x06, ZMM_STATE = 0xe6 };
  uint32_t a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & OSXSAVE) || !(c & AVX)) return false;
  uint64_t state = extended_control_register();
  if ((state & YMM_STATE) != YMM_STATE) return false;
  if (feature == CPU_FMA) return (c & FMA) != 0;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
  static const unsigned bit[CPU_FEATURES] = {0, 5, 16, 17, 30, 31};
  if (feature != CPU_AVX2 && (state & ZMM_STATE) != ZMM_STATE) return false;
  return (b >> bit[feature] & 1u) != 0;
}

bool isa_has_fma(void) {
  return has(CPU_FMA);
}

bool isa_runs_here(enum isa isa) {
  switch (isa) {
    case ISA_SCALAR:
      return true;
    case ISA_AVX2:
      return has(CPU_AVX2) && has(CPU_FMA);
    case ISA_AVX512:
      return isa_runs_here(ISA_AVX2) && has(CPU_AVX512F) && has(CPU_AVX512DQ) &&
             has(CPU_AVX512BW) && has(CPU_AVX512VL);
    default:
      return false;
  }
}

void isa_features(struct text *text) {
  for (int feature = 0; feature < CPU_FEATURES; feature++) {
    if (!has(feature)) continue;
    text_add(text, "%s%s", text->length > 0 ? " " : "", feature_names[feature]);
  }
}

#elif defined(__aarch64__)

bool isa_has_fma(void) {
  return true;
}

bool isa_runs_here(enum isa isa) {
  return isa == ISA_SCALAR || isa == ISA_NEON;
}

void isa_features(struct text *text) {
  text_add(text, "asimd");
}

#else
#error "Crosslane knows x86-64 and AArch64"
#endif

enum isa isa_best(void) {
  enum isa best = ISA_SCALAR;
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    if (isa_runs_here(isa)) best = isa;
  }
  return best;
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
