/* The choice of the instruction set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/isa_parts.h"
#include "kernels/kernels.h"

static void without_a_name_the_best_of_this_machine_is_chosen(void **state) {
  (void)state;
  struct error error = {0};
  enum isa none, automatic;
  assert_true(isa_choose(NULL, "--isa", &none, &error));
  assert_true(isa_choose("auto", "--isa", &automatic, &error));
  assert_int_equal(none, isa_best());
  assert_int_equal(automatic, isa_best());
  assert_int_equal(error.kind, ERROR_NONE);
}

static void every_instruction_set_that_runs_is_chosen_by_its_name(void **state) {
  (void)state;
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    struct error error = {0};
    enum isa chosen = ISA_COUNT;
    assert_int_equal(isa_choose(isa_name(isa), "--isa", &chosen, &error), isa_runs_here(isa));
    if (isa_runs_here(isa)) {
      assert_int_equal(chosen, isa);
    } else {
      assert_int_equal(error.kind, ERROR_USAGE);
    }
  }
}

static void assert_lists_what_runs_here(const char *message) {
  const char *help = strstr(message, "\nwhat runs here:");
  assert_non_null(help);
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    bool listed = false;
    size_t length = strlen(isa_name(isa));
    for (const char *at = help; (at = strstr(at, isa_name(isa))) != NULL; at += length) {
      listed |= at[-1] == ' ' && (at[length] == ' ' || at[length] == '\0');
    }
    assert_int_equal(listed, isa_runs_here(isa));
  }
}

static void an_unknown_name_is_refused_with_its_origin_and_the_list(void **state) {
  (void)state;
  static const char *const names[] = {"sse2", "AVX2", "", "avx", "avx2 "};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    struct error error = {0};
    enum isa isa;
    assert_false(isa_choose(names[i], "CROSSLANE_ISA", &isa, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    char start[64] = "CROSSLANE_ISA: unknown instruction set '";
    strcat(strcat(start, names[i]), "'");
    assert_memory_equal(error.message, start, strlen(start));
    assert_lists_what_runs_here(error.message);
  }
}

static void a_known_name_that_this_machine_lacks_is_refused_with_the_list(void **state) {
  (void)state;
#if defined(__aarch64__)
  const enum isa foreign = ISA_AVX2;
  const char *start = "--isa: this machine does not run 'avx2'";
#else
  const enum isa foreign = ISA_NEON;
  const char *start = "--isa: this machine does not run 'neon'";
#endif
  struct error error = {0};
  enum isa isa;
  assert_false(isa_choose(isa_name(foreign), "--isa", &isa, &error));
  assert_int_equal(error.kind, ERROR_USAGE);
  assert_memory_equal(error.message, start, strlen(start));
  assert_lists_what_runs_here(error.message);
}

static void a_table_exists_exactly_for_what_runs(void **state) {
  (void)state;
  assert_true(isa_runs_here(ISA_SCALAR));
  assert_true(isa_runs_here(isa_best()));
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    const struct kernels *kernels = kernels_of(isa);
    assert_int_equal(kernels != NULL, isa_runs_here(isa));
    if (kernels != NULL) assert_int_equal(kernels->isa, isa);
  }
}

/* --- made-up processors; bits as in the Intel SDM, volume 2A, CPUID --- */

#if defined(__x86_64__)

enum { OSXSAVE_AVX_FMA = 0x18001000, AVX2 = 0x20, F_DQ = 0x30000, BW = 0x40000000 };
#define VL 0x80000000u
enum { X87_SSE = 0x03, YMM = 0x07, ZMM = 0xe7 };

/* The best choice for such a processor; scalar and what is narrower run too. */
static void assert_best(uint32_t leaf_1, uint32_t leaf_7, uint64_t xcr0, enum isa best) {
  const struct cpuid cpuid = {.leaf_1_ecx = leaf_1, .leaf_7_ebx = leaf_7, .xcr0 = xcr0};
  assert_int_equal(cpuid_best(&cpuid), best);
  assert_true(cpuid_runs(&cpuid, ISA_SCALAR));
  assert_int_equal(cpuid_runs(&cpuid, ISA_AVX2), best >= ISA_AVX2);
  assert_int_equal(cpuid_runs(&cpuid, ISA_AVX512), best == ISA_AVX512);
  assert_false(cpuid_runs(&cpuid, ISA_NEON));
}

static void a_processor_gets_the_widest_set_that_it_and_its_system_bear(void **state) {
  (void)state;
  const uint32_t all = AVX2 | F_DQ | BW | VL;
  assert_best(OSXSAVE_AVX_FMA, all, ZMM, ISA_AVX512);
  assert_best(OSXSAVE_AVX_FMA, AVX2, ZMM, ISA_AVX2);
  assert_best(0, 0, 0, ISA_SCALAR);
  /* without one of its parts: VL, BW, DQ, F, AVX2 */
  assert_best(OSXSAVE_AVX_FMA, AVX2 | F_DQ | BW, ZMM, ISA_AVX2);
  assert_best(OSXSAVE_AVX_FMA, AVX2 | F_DQ | VL, ZMM, ISA_AVX2);
  assert_best(OSXSAVE_AVX_FMA, AVX2 | 0x10000 | BW | VL, ZMM, ISA_AVX2);
  assert_best(OSXSAVE_AVX_FMA, AVX2 | 0x20000 | BW | VL, ZMM, ISA_AVX2);
  assert_best(OSXSAVE_AVX_FMA, F_DQ | BW | VL, ZMM, ISA_SCALAR);
  /* without FMA, AVX, OSXSAVE */
  assert_best(0x18000000, all, ZMM, ISA_SCALAR);
  assert_best(0x08001000, all, ZMM, ISA_SCALAR);
  assert_best(0x10001000, all, ZMM, ISA_SCALAR);
  /* a system that does not save masks, upper halves, registers 16 to 31, YMM, XMM */
  assert_best(OSXSAVE_AVX_FMA, all, 0xc7, ISA_AVX2);
  assert_best(OSXSAVE_AVX_FMA, all, 0xa7, ISA_AVX2);
  assert_best(OSXSAVE_AVX_FMA, all, 0x67, ISA_AVX2);
  assert_best(OSXSAVE_AVX_FMA, all, YMM, ISA_AVX2);
  assert_best(OSXSAVE_AVX_FMA, all, X87_SSE, ISA_SCALAR);
  assert_best(OSXSAVE_AVX_FMA, all, 0xe5, ISA_SCALAR);
}

static void fma_needs_registers_that_the_system_saves(void **state) {
  (void)state;
  struct cpuid cpuid = {.leaf_1_ecx = OSXSAVE_AVX_FMA, .xcr0 = YMM};
  assert_true(cpuid_has_fma(&cpuid));
  cpuid.xcr0 = X87_SSE;
  assert_false(cpuid_has_fma(&cpuid));
  cpuid = (struct cpuid){.leaf_1_ecx = 0x18000000, .xcr0 = YMM};
  assert_false(cpuid_has_fma(&cpuid));
}

static void a_translator_of_instructions_is_seen_by_its_name(void **state) {
  (void)state;
  static const char names[][13] = {"KVMKVMKVM\0\0", "Microsoft Hv", "VMwareVMware", "XenVMMXenVMM"};
  struct cpuid cpuid = {0};
  assert_false(cpuid_emulated(&cpuid));
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    memcpy(cpuid.hypervisor, names[i], sizeof cpuid.hypervisor);
    assert_false(cpuid_emulated(&cpuid));
  }
  memcpy(cpuid.hypervisor, "TCGTCGTCGTCG", sizeof cpuid.hypervisor);
  assert_true(cpuid_emulated(&cpuid));
}

#define PROCESSOR_TESTS                                                          \
  cmocka_unit_test(a_processor_gets_the_widest_set_that_it_and_its_system_bear), \
      cmocka_unit_test(fma_needs_registers_that_the_system_saves),               \
      cmocka_unit_test(a_translator_of_instructions_is_seen_by_its_name),
#else
#define PROCESSOR_TESTS
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
      PROCESSOR_TESTS cmocka_unit_test(without_a_name_the_best_of_this_machine_is_chosen),
      cmocka_unit_test(every_instruction_set_that_runs_is_chosen_by_its_name),
      cmocka_unit_test(an_unknown_name_is_refused_with_its_origin_and_the_list),
      cmocka_unit_test(a_known_name_that_this_machine_lacks_is_refused_with_the_list),
      cmocka_unit_test(a_table_exists_exactly_for_what_runs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
