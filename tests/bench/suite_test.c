/* The wrapper of Google Benchmark, and the check before the timing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bench/gbench.h"
#include "bench/timed.h"

struct seen {
  unsigned runs, aggregates, errors;
  char error[256];
  double ns;
  uint64_t iterations;
};

static void note(const struct gbench_run *run, void *argument) {
  struct seen *seen = argument;
  if (run->aggregate) {
    seen->aggregates++;
    return;
  }
  seen->runs++;
  seen->ns = run->cpu_ns;
  seen->iterations = run->iterations;
  if (run->error == NULL) return;
  seen->errors++;
  (void)snprintf(seen->error, sizeof seen->error, "%s", run->error);
}

static unsigned calls;

static void count_calls(struct gbench *g, void *argument) {
  (void)argument;
  calls = 0;
  while (gbench_keep_running(g, 4)) calls += 4;
  gbench_counter(g, "flop", 1);
}

static void give_up(struct gbench *g, void *argument) {
  gbench_fail(g, argument);
}

static void every_iteration_is_counted(void **state) {
  (void)state;
  struct seen seen = {0};
  assert_true(gbench_register("count", count_calls, NULL, false));
  assert_int_equal(gbench_run_all(note, &seen), 1);
  gbench_clear();
  assert_int_equal(seen.runs, 2);
  assert_true(seen.aggregates > 0);
  assert_int_equal(seen.errors, 0);
  assert_int_equal(seen.iterations, calls);
  assert_true(seen.ns > 0);
}

static void a_failure_travels_with_its_reason(void **state) {
  (void)state;
  static char reason[] = "no such operand";
  struct seen seen = {0};
  assert_true(gbench_register("fails", give_up, reason, false));
  assert_int_equal(gbench_run_all(note, &seen), 1);
  gbench_clear();
  assert_true(seen.errors > 0);
  assert_string_equal(seen.error, reason);
}

static const struct bench_kernel *kernel(const char *name) {
  for (size_t i = 0; i < bench_kernel_count; i++) {
    if (strcmp(bench_kernels[i].name, name) == 0) return &bench_kernels[i];
  }
  fail_msg("no kernel %s", name);
  return NULL;
}

/* One bit of one output too much. */
static void wrong_forward(const struct dense_forward *a) {
  kernels_of(ISA_SCALAR)->dense_forward(a);
  uint32_t bits;
  memcpy(&bits, a->y, sizeof bits);
  bits ^= 1;
  memcpy(a->y, &bits, sizeof bits);
}

/* Right, but for a byte behind the row's end. */
static void spilling_forward(const struct dense_forward *a) {
  kernels_of(ISA_SCALAR)->dense_forward(a);
  a->y[a->n] = 1.0f;
}

static struct timed forward(const struct kernels *kernels) {
  struct timed timed = {.kernel = kernel("dense_forward"),
                        .variant = {ISA_SCALAR, "crosslane", kernels},
                        .loops = loops_of(ISA_SCALAR),
                        .caches = caches_of_this_machine()};
  timed.shape = timed.kernel->shapes->shape;
  return timed;
}

static void a_wrong_kernel_is_reported_and_not_timed(void **state) {
  (void)state;
  struct kernels wrong = *kernels_of(ISA_SCALAR);
  wrong.dense_forward = wrong_forward;
  struct timed timed = forward(&wrong);
  struct seen seen = {0};
  assert_true(gbench_register("wrong", timed_run, &timed, false));
  assert_int_equal(gbench_run_all(note, &seen), 1);
  gbench_clear();
  assert_true(seen.errors > 0);
  assert_int_equal(seen.errors, seen.runs);
  assert_non_null(strstr(seen.error, "wrong result"));
}

static void a_kernel_that_writes_beyond_its_rows_is_wrong(void **state) {
  (void)state;
  struct kernels wrong = *kernels_of(ISA_SCALAR);
  wrong.dense_forward = spilling_forward;
  struct timed timed = forward(&wrong);
  timed.shape = &(const struct bench_shape){"37x31x29", {37, 31, 29}, false}; /* rows have a gap */
  assert_false(timed_check(&timed, kernels_of(ISA_SCALAR)));
}

/* Beyond this the tests of the kernels' own room have to do. */
#define CHECKED_FLOP 5e7

static bool is_checked(const struct timed *timed) {
  if (timed->kernel->shapes->advance != NULL) return true; /* its sizes are in its operands */
  struct block block = {.table_most = SIZE_MAX};
  unsigned char arguments[ARGUMENTS_MAX] __attribute__((aligned(16)));
  timed->kernel->shapes->set_up(timed->shape->size, &block, arguments);
  return timed->kernel->flop(arguments) < CHECKED_FLOP;
}

static void every_kernel_on_every_instruction_set_is_right(void **state) {
  (void)state;
  for (size_t k = 0; k < bench_kernel_count; k++) {
    for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
      struct variant variants[VARIANTS_MAX];
      const size_t count = variants_of(isa, variants);
      for (size_t v = 0; v < count; v++) {
        struct timed timed = {.kernel = &bench_kernels[k], .variant = variants[v]};
        timed.shape = timed.kernel->shapes->shape;
        for (; timed.shape->name != NULL; timed.shape++) {
          if (!is_checked(&timed) || timed_check(&timed, kernels_of(ISA_SCALAR))) continue;
          fail_msg("%s %s %s %s: %s", timed.kernel->name, timed.shape->name, isa_name(isa),
                   variants[v].by, timed.fault);
        }
      }
    }
  }
}

static void every_peer_of_the_benchs_own_is_right(void **state) {
  (void)state;
  size_t checked = 0;
  for (size_t k = 0; k < bench_kernel_count; k++) {
    for (size_t i = 0; i < peer_count; i++) {
      if (peers[i]->external) continue;
      struct timed timed = {.kernel = &bench_kernels[k],
                            .variant = {isa_best(), "", kernels_of(isa_best())},
                            .peer = peers[i],
                            .loops = loops_of(isa_best())};
      timed.shape = timed.kernel->shapes->shape;
      for (; timed.shape->name != NULL; timed.shape++) {
        if (!is_checked(&timed) || !timed_exists(&timed)) continue;
        checked++;
        if (timed_check(&timed, kernels_of(ISA_SCALAR))) continue;
        fail_msg("%s %s: %s", timed.kernel->name, peers[i]->by, timed.fault);
      }
    }
  }
  assert_true(checked > 50);
}

int main(void) {
  char program[] = "suite_test", time[] = "--benchmark_min_time=0.001",
       again[] = "--benchmark_repetitions=2";
  char *argv[] = {program, time, again, NULL};
  int argc = 3;
  gbench_initialize(&argc, argv);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_iteration_is_counted),
      cmocka_unit_test(a_failure_travels_with_its_reason),
      cmocka_unit_test(a_wrong_kernel_is_reported_and_not_timed),
      cmocka_unit_test(a_kernel_that_writes_beyond_its_rows_is_wrong),
      cmocka_unit_test(every_kernel_on_every_instruction_set_is_right),
      cmocka_unit_test(every_peer_of_the_benchs_own_is_right),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
