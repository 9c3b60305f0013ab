/* speeds/speed_summary.h and speeds/speed_details.h: an x86 file against an ARM
 * one, with means computed by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "speeds/speed_compare.h"
#include "speeds/speed_families.h"

/* --- made files --- */

struct bench {
  struct text text;
};

static void begin(struct bench *bench, const char *cpu, bool emulated) {
  *bench = (struct bench){0};
  text_add(&bench->text,
           "{\"context\":{\"crosslane_cpu\":\"%s\",\"crosslane_emulated\":\"%s\"},"
           "\"benchmarks\":[{\"name\":\"mean\",\"run_type\":\"aggregate\"}",
           cpu, emulated ? "true" : "false");
}

/* 10000 FLOP and 1 byte a call, in three launches. */
static void add(struct bench *bench, const char *name, double ns) {
  for (int launch = 0; launch < 3; launch++) {
    text_add(&bench->text,
             ",{\"name\":\"%s\",\"cpu_time\":%g,\"real_time\":%g,\"time_unit\":\"ns\","
             "\"launch\":%d,\"flop\":10000,\"bytes\":1,\"level\":1}",
             name, ns, ns, launch);
  }
}

static void add_failed(struct bench *bench, const char *name) {
  text_add(&bench->text,
           ",{\"name\":\"%s\",\"error_occurred\":true,\"error_message\":\"other bits\"}", name);
}

static void end(struct bench *bench, const char *name, struct speed_comparison *c) {
  struct error error = {0};
  text_add(&bench->text, "]}");
  if (!speeds_parse(name, bench->text.text, bench->text.length, &c->file[c->files++], &error)) {
    fail_msg("%s", error.message);
  }
  text_clear(&bench->text);
}

/* AVX-512 is the best at shape a, AVX2 at b. */
static void add_x86(struct speed_comparison *c, bool cold) {
  struct bench bench;
  begin(&bench, "x86 cpu", false);
  add(&bench, "peak/fma/hot/avx512/machine", 50);
  add(&bench, "peak/read-L1/hot/avx512/machine", 0.001);
  add(&bench, "peak/fma/hot/avx2/machine", 16);
  add(&bench, "peak/read-L1/hot/avx2/machine", 0.001);
  add(&bench, "dense_forward/a/hot/scalar/crosslane", 800);
  add(&bench, "dense_forward/a/hot/avx2/crosslane", 200);
  add(&bench, "dense_forward/a/hot/avx512/crosslane", 100);
  add(&bench, "dense_forward/b/hot/scalar/crosslane", 1600);
  add(&bench, "dense_forward/b/hot/avx2/crosslane", 50);
  add(&bench, "dense_forward/b/hot/avx512/crosslane", 100);
  if (cold) add(&bench, "dense_forward/a/cold/avx2/crosslane", 999);
  end(&bench, "x86.json", c);
}

/* Without peaks; `quick`: without shape b. */
static void add_arm(struct speed_comparison *c, bool quick, bool emulated) {
  struct bench bench;
  begin(&bench, "arm cpu", emulated);
  add(&bench, "dense_forward/a/hot/scalar/crosslane", 1600);
  add(&bench, "dense_forward/a/hot/neon/crosslane", 400);
  if (!quick) add(&bench, "dense_forward/b/hot/scalar/crosslane", 200);
  if (!quick) add(&bench, "dense_forward/b/hot/neon/crosslane", 50);
  end(&bench, "arm.json", c);
}

/* --- what is written of them --- */

static char *written(struct speed_comparison *c, enum text_table_format format, bool all) {
  struct text text = {0};
  compare_write(c, &(struct compare_form){.format = format, .all = all}, &text);
  assert_false(text.failed);
  return text.text;
}

static void has(char *text, const char *needle) {
  if (strstr(text, needle) == NULL) fail_msg("no '%s' in:\n%s", needle, text);
  free(text);
}

static void has_not(char *text, const char *needle) {
  if (strstr(text, needle) != NULL) fail_msg("'%s' in:\n%s", needle, text);
  free(text);
}

/* B x A: 100 / 400 and 50 / 50, so 0.5. Scalar: 800 / 1600 and 1600 / 200, so 2.
 * A's gains: 800 / 100 and 1600 / 50, so 16; of its peaks of 200 and 625 FLOP a
 * ns, 50 and 32 %, so 40. B's gains: 4 and 4. */
static void a_family_is_the_geometric_mean_of_its_shapes(void **state) {
  (void)state;
  struct speed_comparison c = {.fail_above = -1};
  add_x86(&c, false);
  add_arm(&c, false, false);
  has(written(&c, TEXT_TABLE_CSV, false),
      "family,n,left out,B x A,B scalar,A gain,A % peak,B gain,B % peak\n"
      "dense forward,2,0,0.5,2.0,16.0,40,4.0,\n");
  has(written(&c, TEXT_TABLE_JSON, false), "\"n\": 2, \"left out\": 0, \"B x A\": 0.5,");
  has(written(&c, TEXT_TABLE_MARKDOWN, false), "| 0.500 |");
  has(written(&c, TEXT_TABLE_TEXT, false),
      "B: geometric mean 0.500 times as fast as A over 2 kernels and shapes, best against best");
  compare_clear(&c);
}

static void the_fastest_instruction_sets_are_paired(void **state) {
  (void)state;
  struct speed_comparison c = {.fail_above = -1};
  add_x86(&c, false);
  add_arm(&c, false, false);
  has(written(&c, TEXT_TABLE_CSV, true),
      "dense forward,dense_forward,a,hot,best,crosslane,avx512,100.0,8.0,50,neon,400.0,4.0,,0.25,");
  has(written(&c, TEXT_TABLE_CSV, true),
      "dense forward,dense_forward,b,hot,best,crosslane,avx2,50.0,32.0,32,neon,50.0,4.0,,1.0,");
  has(written(&c, TEXT_TABLE_CSV, true),
      "dense "
      "forward,dense_forward,b,hot,scalar,crosslane,scalar,1600.0,1.0,,scalar,200.0,1.0,,8.0,");
  has_not(written(&c, TEXT_TABLE_CSV, true), ",hot,avx512,");
  has_not(written(&c, TEXT_TABLE_CSV, true), ",hot,neon,");
  has_not(written(&c, TEXT_TABLE_TEXT, false), "best    crosslane");
  compare_clear(&c);
}

/* The means are those of shape a alone. */
static void a_quick_file_is_compared_in_what_both_have(void **state) {
  (void)state;
  struct speed_comparison c = {.fail_above = -1};
  add_x86(&c, true);
  add_arm(&c, true, false);
  has(written(&c, TEXT_TABLE_CSV, false),
      "dense forward,1,1,0.25,0.5,8.0,50,4.0,\n\"all, cold operands\",0,1,,,,,,\n");
  has(written(&c, TEXT_TABLE_TEXT, false),
      "left out: 2 of 3 kernels and shapes, which B has no time of: dense_forward/b/hot, "
      "dense_forward/a/cold\n");
  has_not(written(&c, TEXT_TABLE_TEXT, false), "cold operands");
  compare_clear(&c);
}

static void of_many_that_are_left_out_the_first_are_named(void **state) {
  (void)state;
  struct speed_comparison c = {.fail_above = -1};
  struct bench bench;
  begin(&bench, "x86 cpu", false);
  for (int i = 0; i < 5; i++) {
    char name[64];
    (void)snprintf(name, sizeof name, "l2/%d/hot/avx2/crosslane", i);
    add(&bench, name, 10);
  }
  end(&bench, "full.json", &c);
  begin(&bench, "x86 cpu", false);
  add(&bench, "l2/4/hot/avx2/crosslane", 10);
  end(&bench, "quick.json", &c);
  has(written(&c, TEXT_TABLE_TEXT, false),
      "left out: 4 of 5 kernels and shapes, which B has no time of: l2/0/hot, l2/1/hot, l2/2/hot "
      "and 1 more\n");
  compare_clear(&c);
}

static void cold_operands_have_a_line_of_their_own(void **state) {
  (void)state;
  struct speed_comparison c = {.fail_above = -1};
  add_x86(&c, true);
  add_x86(&c, true);
  has(written(&c, TEXT_TABLE_CSV, false),
      "dense forward,2,0,1.0,1.0,16.0,40,16.0,40\n"
      "\"all, cold operands\",1,0,1.0,");
  compare_clear(&c);
}

/* Also where one of them gives other bits everywhere. */
static void equal_instruction_sets_are_compared_by_name(void **state) {
  (void)state;
  struct speed_comparison c = {.fail_above = -1};
  struct bench bench;
  add_x86(&c, false);
  begin(&bench, "x86 cpu", false);
  add(&bench, "dense_forward/a/hot/scalar/crosslane", 800);
  add(&bench, "dense_forward/a/hot/avx2/crosslane", 100);
  add_failed(&bench, "dense_forward/a/hot/avx512/crosslane");
  end(&bench, "other.json", &c);
  has(written(&c, TEXT_TABLE_CSV, true),
      "dense forward,dense_forward,a,hot,avx2,crosslane,200.0,4.0,8,100.0,8.0,,2.0,");
  has(written(&c, TEXT_TABLE_CSV, true),
      "dense forward,dense_forward,a,hot,avx512,crosslane,100.0,8.0,50,,,,,,\n");
  has_not(written(&c, TEXT_TABLE_CSV, true), ",best,");
  compare_clear(&c);
}

/* Shape a: 100 / 100 and 100 / 400. */
static void three_machines_stand_beside_each_other(void **state) {
  (void)state;
  struct speed_comparison c = {.fail_above = -1};
  add_x86(&c, false);
  add_x86(&c, false);
  add_arm(&c, true, false);
  has(written(&c, TEXT_TABLE_CSV, false),
      "family,n,left out,B x A,B scalar,C x A,C scalar,A gain,A % peak,B gain,B % peak,C gain,"
      "C % peak\n"
      "dense forward,1,1,1.0,1.0,0.25,0.5,8.0,50,8.0,50,4.0,\n");
  has(written(&c, TEXT_TABLE_CSV, true), ",a,hot,avx2,crosslane,avx2,200.0,");
  compare_clear(&c);
}

static void a_busy_machine_is_named_by_its_letter(void **state) {
  (void)state;
  struct speed_comparison c = {.fail_above = -1};
  add_arm(&c, false, false);
  add_x86(&c, false);
  c.file[1].load = 9; /* on one core */
  has(written(&c, TEXT_TABLE_TEXT, false),
      "B was measured on a busy machine:\nwarning: the load average was 9.0 on 1 cores");
  has_not(written(&c, TEXT_TABLE_TEXT, false), "A was measured");
  compare_clear(&c);
}

static void an_emulated_machine_has_no_speed_in_the_summary(void **state) {
  (void)state;
  struct speed_comparison c = {.fail_above = -1};
  add_arm(&c, false, true);
  add_x86(&c, false);
  has(written(&c, TEXT_TABLE_CSV, false),
      "family,n,left out,B gain,B % peak\ndense forward,2,0,16.0,40\n");
  has(written(&c, TEXT_TABLE_TEXT, false), "A: emulated; 4 results right, 0 wrong\n");
  has_not(written(&c, TEXT_TABLE_TEXT, false), "geometric mean");
  compare_clear(&c);
}

/* Best against best would have a partner for each kernel. */
static void the_gate_goes_by_names_whatever_is_paired(void **state) {
  (void)state;
  struct speed_comparison c = {.fail_above = -1};
  add_x86(&c, false);
  add_arm(&c, false, false);
  has_not(written(&c, TEXT_TABLE_TEXT, false), "regression");
  c.fail_above = 5;
  has(written(&c, TEXT_TABLE_TEXT, false),
      "not compared: B dense_forward/a/hot/avx512/crosslane: not in the file");
  assert_false(compare_passes(&c));
  assert_int_equal(c.regressions, 1); /* scalar at shape a */
  compare_clear(&c);
}

static void every_kernel_has_a_family(void **state) {
  (void)state;
  static const char *const kernels[] = {
#define KERNEL(name, flop, bytes) #name,
#include "kernels/kernels.inc"
#undef KERNEL
  };
  static const char *const others[] = {"dropout_keep"};
  for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
    bool other = false;
    for (size_t o = 0; o < sizeof others / sizeof *others; o++) {
      other |= strcmp(kernels[i], others[o]) == 0;
    }
    if ((speed_family_of(kernels[i]) == FAMILY_OTHERS) != other) fail_msg("%s", kernels[i]);
  }
  assert_int_equal(speed_family_of("dense_forward_v2"), FAMILY_OTHERS);
  assert_int_equal(speed_family_of("dense_backward_weights"), FAMILY_DENSE_BACKWARD_WEIGHTS);
}

/* The last of the lines that explain the table ends in "scalar kernels.". */
static void the_summary_has_at_most_20_lines(void **state) {
  (void)state;
  struct speed_comparison c = {.fail_above = -1};
  for (int file = 0; file < 2; file++) {
    struct bench bench;
    begin(&bench, file == 0 ? "x86 cpu" : "arm cpu", false);
#define KERNEL(name, flop, bytes)                                                             \
  add(&bench, #name "/s/hot/scalar/crosslane", 100);                                          \
  add(&bench, file == 0 ? #name "/s/hot/avx2/crosslane" : #name "/s/hot/neon/crosslane", 10); \
  add(&bench, #name "/s/cold/scalar/crosslane", 100);
#include "kernels/kernels.inc"
#undef KERNEL
    end(&bench, "file.json", &c);
  }
  char *text = written(&c, TEXT_TABLE_TEXT, false);
  const char *last = strstr(text, "are each one's own.\n");
  assert_non_null(last);
  size_t lines = 1, width = 0, families = 0;
  for (const char *at = text; at < last; at++) lines += *at == '\n';
  for (size_t f = 0; f < SPEED_FAMILIES; f++) {
    families += strstr(text, speed_family_names[f]) != NULL;
  }
  for (const char *at = strstr(text, "family"); *at != '\n'; at++) width++;
  if (lines > 20 || width > 80) fail_msg("%zu lines, %zu wide:\n%s", lines, width, text);
  assert_int_equal(families, SPEED_FAMILIES);
  free(text);
  compare_clear(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_family_is_the_geometric_mean_of_its_shapes),
      cmocka_unit_test(the_fastest_instruction_sets_are_paired),
      cmocka_unit_test(a_quick_file_is_compared_in_what_both_have),
      cmocka_unit_test(of_many_that_are_left_out_the_first_are_named),
      cmocka_unit_test(cold_operands_have_a_line_of_their_own),
      cmocka_unit_test(equal_instruction_sets_are_compared_by_name),
      cmocka_unit_test(three_machines_stand_beside_each_other),
      cmocka_unit_test(a_busy_machine_is_named_by_its_letter),
      cmocka_unit_test(an_emulated_machine_has_no_speed_in_the_summary),
      cmocka_unit_test(the_gate_goes_by_names_whatever_is_paired),
      cmocka_unit_test(every_kernel_has_a_family),
      cmocka_unit_test(the_summary_has_at_most_20_lines),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
