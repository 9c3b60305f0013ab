/* The choice of the instruction set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_a_name_the_best_of_this_machine_is_chosen),
      cmocka_unit_test(every_instruction_set_that_runs_is_chosen_by_its_name),
      cmocka_unit_test(an_unknown_name_is_refused_with_its_origin_and_the_list),
      cmocka_unit_test(a_known_name_that_this_machine_lacks_is_refused_with_the_list),
      cmocka_unit_test(a_table_exists_exactly_for_what_runs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
