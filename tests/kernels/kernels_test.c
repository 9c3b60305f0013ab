/* The driver of the kernel tests: every kernel of one instruction set.
 *
 *   kernels_test --isa ISA [--digests FILE] [--kernel NAME [--case N]] [--every N] [--cases]
 *   kernels_test --isa ISA --write-digests FILE
 *   kernels_test --isa ISA --with FILE.so [--kernel NAME [--case N]]
 *
 * --with: the kernels of a shared object (bench/own_kernels.h) in place of the instruction set's.
 * Where it states a tolerance, numbers need not be the reference's but for small integers, whose
 * sums are exact; NaN, infinities and denormals are left out then.
 * --every N, an odd number: each Nth case of a kernel, where all take too long.
 *
 * Exit status: 0 all passed, 1 not, 2 usage, 77 the machine has no such ISA. */
#include <signal.h>
#include <sleef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/exact.h"
#include "base/file.h"
#include "base/text.h"
#include "bench/own_kernels.h"
#include "tests/kernels/digests.h"
#include "tests/kernels/harness.h"

enum { EXIT_USAGE = 2, EXIT_SKIPPED = 77, SHOWN_A_KERNEL = 5 };

/* --- the list of kernels; one without a descriptor does not link --- */

#define KERNEL(name, flop, bytes)                                                 \
  extern const struct kernel_test test_##name;                                    \
  static void call_##name(const struct kernels *kernels, const void *arguments) { \
    kernels->name(arguments);                                                     \
  }
#include "kernels/kernels.inc"
#undef KERNEL

struct tested {
  const char *name;
  const struct kernel_test *test;
  void (*call)(const struct kernels *kernels, const void *arguments);
};
static const struct tested list[] = {
#define KERNEL(name, flop, bytes) {#name, &test_##name, call_##name},
#include "kernels/kernels.inc"
#undef KERNEL
};
enum { KERNELS = sizeof list / sizeof *list };

union arguments {
#define KERNEL(name, flop, bytes) struct name name;
#include "kernels/kernels.inc"
#undef KERNEL
};

/* --- options --- */

struct options {
  const char *program, *isa, *kernel, *digests, *write, *with;
  struct own_kernels own;
  const struct kernels *kernels;
  uint64_t only, every;
  bool one, print;
};

#if defined(__x86_64__)
extern const struct kernels kernels_scalar_soft_fma;
static bool lacks_fma(const struct kernels *kernels) {
  return kernels == &kernels_scalar_soft_fma;
}
#else
static bool lacks_fma(const struct kernels *kernels) {
  (void)kernels;
  return false;
}
#endif

/* The machine's own table, or the one without FMA, whichever has the name. */
static bool find_isa(const char *name, const struct kernels **kernels) {
#if defined(__x86_64__)
  if (strcmp(name, "scalar_soft_fma") == 0) {
    *kernels = &kernels_scalar_soft_fma;
    return true;
  }
#endif
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    if (strcmp(name, isa_name(isa)) != 0) continue;
    *kernels = kernels_of(isa);
    return true;
  }
  return false;
}

static bool parse(struct options *o, int count, char **words) {
  o->program = words[0];
  for (int i = 1; i < count; i++) {
    if (strcmp(words[i], "--cases") == 0) {
      o->print = true;
      continue;
    }
    const char *value = i + 1 < count ? words[i + 1] : NULL;
    if (value == NULL) return false;
    if (strcmp(words[i], "--isa") == 0) {
      o->isa = value;
    } else if (strcmp(words[i], "--kernel") == 0) {
      o->kernel = value;
    } else if (strcmp(words[i], "--digests") == 0) {
      o->digests = value;
    } else if (strcmp(words[i], "--write-digests") == 0) {
      o->write = value;
    } else if (strcmp(words[i], "--with") == 0) {
      o->with = value;
    } else if (strcmp(words[i], "--case") == 0) {
      o->one = true;
      if (!text_u64(value, value + strlen(value), &o->only)) return false;
    } else if (strcmp(words[i], "--every") == 0) {
      if (!text_u64(value, value + strlen(value), &o->every)) return false;
      if (o->every % FILLS % 2 == 0) return false; /* would leave out fills */
    } else {
      return false;
    }
    i++;
  }
  bool whole = o->kernel == NULL && !o->one && o->every == 1;
  bool partial = o->one || o->every > 1;
  if (o->digests != NULL && partial) return false;
  if (o->with != NULL && (o->digests != NULL || o->write != NULL)) return false;
  return o->isa != NULL && (!o->one || o->kernel != NULL) && (o->write == NULL || whole);
}

/* --- what is running, for the handler of faults --- */

static struct {
  const struct test_case *c;
  char replay[512];
} running;

static void say(const char *text) {
  if (write(STDOUT_FILENO, text, strlen(text)) < 0) _exit(EXIT_FAILURE);
}

static void on_fault(int signal, siginfo_t *info, void *context) {
  (void)context;
  bool behind = false;
  int owner = operands_guard(info->si_addr, &behind);
  say(signal == SIGILL ? "FAILED: an instruction that this machine lacks"
                       : "FAILED: an access to memory that is no operand's");
  if (signal != SIGILL && owner >= 0 && running.c != NULL) {
    say(behind ? ", behind " : ", before ");
    say(running.c->operand[owner].name);
  }
  say("\n  replay: ");
  say(running.replay);
  say("\n");
  _exit(EXIT_FAILURE);
}

static bool catch_faults(void) {
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
  return sigemptyset(&action.sa_mask) == 0 && sigaction(SIGSEGV, &action, NULL) == 0 &&
         sigaction(SIGBUS, &action, NULL) == 0 && sigaction(SIGILL, &action, NULL) == 0;
}

/* --- one case --- */

struct counts {
  size_t cases, failed;
};

static bool run_case(const struct options *o, const struct tested *k, struct test_case *c) {
  union arguments arguments;
  memset(&arguments, 0, sizeof arguments);
  k->test->set_up(c, &arguments);
  operands_fill(c);
  if (c->fault[0] != '\0') return false;
  const struct kernels *scalar = kernels_of(ISA_SCALAR);

  operands_place(c, AGAINST_BEFORE);
  expected_clear(c);
  k->test->reference(c, &arguments);
  k->call(o->kernels, &arguments);
  const double tolerance = o->own.tolerance;
  const bool by_reference = tolerance == 0 || c->fill == FILL_INTEGERS;
  if (!operands_collect(c, RESULT_TESTED) || (by_reference && !expected_met(c))) return false;
  for (enum placement p = AGAINST_BEFORE + 1; p < PLACEMENTS; p++) {
    operands_place(c, p);
    k->call(o->kernels, &arguments);
    if (!operands_collect(c, RESULT_OTHER)) return false;
    if (!operands_near(c, tolerance, "depends on where its operands lie")) return false;
  }
  bool same_bits = !c->transcendental || lacks_fma(o->kernels) == lacks_fma(scalar);
  if (o->kernels != scalar && same_bits) {
    operands_place(c, AGAINST_BEFORE);
    k->call(scalar, &arguments);
    if (!operands_collect(c, RESULT_OTHER)) return false;
    if (!operands_near(c, tolerance, "differs from scalar")) return false;
  }
  if (by_reference) expected_try_wrong(c);
  return true;
}

static void print_shape(const struct test_case *c, const char *kernel) {
  printf("%s %zu:", kernel, c->number);
  for (size_t i = 0; i < AXES_MAX && c->shapes->axis[i] != NULL; i++) {
    printf(" %s=%zu", c->shapes->axis[i], c->size[i]);
  }
  printf(" %s", fill_name(c->fill));
}

/* --- one kernel --- */

static uint64_t run_kernel(const struct options *o, const struct tested *k, struct counts *counts) {
  struct strength strength = {0};
  struct test_case c;
  uint64_t digest = 0;
  size_t failed = 0, count = shapes_count(&k->test->shapes) * FILLS;
  for (size_t number = 0; number < count; number++) {
    if (o->one ? number != o->only : number % o->every != 0) continue;
    case_init(&c, &k->test->shapes, number, &strength);
    if (o->own.tolerance > 0 && c.fill > FILL_NORMALS) continue;
    running.c = &c;
    (void)snprintf(running.replay, sizeof running.replay, "%s --isa %s%s%s --kernel %s --case %zu",
                   o->program, o->isa, o->with != NULL ? " --with " : "",
                   o->with != NULL ? o->with : "", k->name, number);
    bool passed = run_case(o, k, &c);
    digest = operands_digest(&c, digest);
    if (o->print) {
      print_shape(&c, k->name);
      printf(" %016llx\n", (unsigned long long)operands_digest(&c, 0));
    }
    counts->cases++;
    if (passed) continue;
    if (++failed > SHOWN_A_KERNEL) continue;
    printf("FAILED ");
    print_shape(&c, k->name);
    printf(": %s\n  replay: %s\n", c.fault, running.replay);
  }
  if (failed > SHOWN_A_KERNEL) printf("... and %zu more of %s\n", failed - SHOWN_A_KERNEL, k->name);
  char why[128];
  if (failed == 0 && !o->one && o->own.tolerance == 0 &&
      !strength_enough(&strength, why, sizeof why)) {
    printf("FAILED %s: its checks are too weak: %s\n", k->name, why);
    failed++;
  }
  counts->failed += failed;
  return digest;
}

#define VERSION_TEXT_(a, b, c) #a "." #b "." #c
#define VERSION_TEXT(a, b, c) VERSION_TEXT_(a, b, c)
static const char sleef_version[] =
    VERSION_TEXT(SLEEF_VERSION_MAJOR, SLEEF_VERSION_MINOR, SLEEF_VERSION_PATCHLEVEL);

/* Another SLEEF may have other bits, so its version is part of the name. */
static void digest_name(const struct tested *k, char *name, size_t size) {
  (void)snprintf(name, size, "%s%s%s", k->name, k->test->sleef ? " sleef-" : "",
                 k->test->sleef ? sleef_version : "");
}

static bool same_digest(const struct options *o, const char *recorded, const struct tested *k,
                        uint64_t digest) {
  char name[DIGEST_NAME], now[DIGEST_TEXT], before[64];
  digest_name(k, name, sizeof name);
  digest_text(digest, now);
  if (k->test->sleef && lacks_fma(o->kernels)) {
    printf("digest not checked: %s: this machine has no FMA\n", k->name);
    return true;
  }
  if (!digests_find(recorded, name, before, sizeof before)) {
    if (k->test->sleef && digests_name(recorded, k->name)) {
      printf("digest not checked: %s: SLEEF %s\n", k->name, sleef_version);
      return true;
    }
    printf("FAILED %s: no digest recorded (--write-digests)\n", k->name);
    return false;
  }
  if (strcmp(now, before) == 0) return true;
  printf("FAILED %s: digest %s, recorded %s (compare the output of --cases with another machine)\n",
         name, now, before);
  return false;
}

/* A sweep that stops short of the second tile would leave tails untested. */
static bool sweeps_are_wide_enough(const struct kernels *kernels) {
  size_t rows = 0;
  for (size_t t = 0; t < kernels->forward_tiles; t++) {
    rows = kernels->rows[t] > rows ? kernels->rows[t] : rows;
  }
  if (kernels->forward_tiles * kernels->vector <= WIDEST_TILE_COLUMNS && rows <= WIDEST_TILE_ROWS) {
    return true;
  }
  printf("FAILED: the register tile is wider than the sweeps of tests/kernels/harness.h\n");
  return false;
}

static int run_all(const struct options *o, const char *recorded) {
  struct counts counts = {0};
  static char names[KERNELS][DIGEST_NAME];
  uint64_t digests[KERNELS];
  size_t kernels = 0;
  if (!sweeps_are_wide_enough(o->kernels)) return EXIT_FAILURE;
  for (size_t i = 0; i < KERNELS; i++) {
    if (o->kernel != NULL && strcmp(o->kernel, list[i].name) != 0) continue;
    if (o->with != NULL && !own_kernels_have(list[i].name)) continue;
    digest_name(&list[i], names[kernels], sizeof names[kernels]);
    digests[kernels] = run_kernel(o, &list[i], &counts);
    if (recorded != NULL) {
      counts.failed += !same_digest(o, recorded, &list[i], digests[kernels]);
    }
    kernels++;
  }
  if (counts.cases == 0) {
    fprintf(stderr, "%s: no such kernel or case\n", o->program);
    return EXIT_USAGE;
  }
  struct error error = {0};
  if (o->write != NULL && counts.failed == 0 &&
      !digests_write(o->write, names, digests, kernels, &error)) {
    printf("FAILED: %s\n", error.message);
    counts.failed++;
  }
  printf("%s: %zu kernel%s, %zu cases, %zu failed; ", o->with != NULL ? o->own.name : o->isa,
         kernels, kernels == 1 ? "" : "s", counts.cases, counts.failed);
  if (o->with == NULL) {
    printf("digests %s\n", recorded != NULL ? "checked" : "not checked");
  } else if (o->own.tolerance > 0) {
    printf("within %g of scalar\n", o->own.tolerance);
  } else {
    printf("the same bytes as scalar\n");
  }
  return counts.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int count, char **words) {
  struct exact exact;
  exact_begin(&exact); /* should the tests be linked with -Ofast */
  struct options options = {.every = 1};
  if (!parse(&options, count, words) || !find_isa(options.isa, &options.kernels)) {
    fprintf(stderr,
            "usage: %s --isa ISA [--digests FILE] [--kernel NAME [--case N]] [--every N] "
            "[--cases]\n"
            "       %s --isa ISA --write-digests FILE\n"
            "       %s --isa ISA --with FILE.so [--kernel NAME [--case N]]\n",
            words[0], words[0], words[0]);
    return EXIT_USAGE;
  }
  if (options.write != NULL && options.kernels != NULL && lacks_fma(options.kernels)) {
    fprintf(stderr, "%s: digests are those of a machine with FMA\n", words[0]);
    return EXIT_USAGE;
  }
  if (options.kernels == NULL) {
    printf("skipped: %s is not on this machine\n", options.isa);
    return EXIT_SKIPPED;
  }
  struct error error = {0};
  if (options.with != NULL) {
    if (!own_kernels_open(options.with, options.kernels, &options.own, &error)) {
      fprintf(stderr, "%s\n", error.message);
      return EXIT_USAGE;
    }
    options.kernels = &options.own.kernels;
  }
  char *recorded = NULL;
  size_t size;
  if (options.digests != NULL) {
    recorded = file_read(options.digests, FILE_MOST_JSON, &size, ERROR_SYSTEM, &error);
    if (recorded == NULL) {
      fprintf(stderr, "%s\n", error.message);
      return EXIT_FAILURE;
    }
  }
  if (!operands_open() || !catch_faults()) {
    perror("guarded memory");
    free(recorded);
    return EXIT_FAILURE;
  }
  (void)setvbuf(stdout, NULL, _IOLBF, 0); /* before a fault ends the process */
  int status = run_all(&options, recorded);
  operands_close();
  free(recorded);
  return status;
}
