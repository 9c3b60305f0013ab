/* The child processes of a bench, and their results in one file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/philox.h"
#include "base/scratch.h"
#include "bench/merge.h"
#include "bench/suite.h"
#include "kernels/machine.h"

/* The libraries read these at start. Inherited ones must not reach them: a
 * core type or cache size set by hand would be measured instead. */
static bool set_environment(enum isa isa) {
  static const char *const inherited[] = {
      "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OPENBLAS_VERBOSE", "ONEDNN_MAX_CPU_ISA",
      "DNNL_MAX_CPU_ISA",  "LIBXSMM_TARGET",   "LIBXSMM_VERBOSE",  "ONEDNN_VERBOSE"};
  static const char *const one[] = {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"};
  /* glibc is to keep what is freed: to get new pages for the operands of each
   * repetition takes longer than to time it. */
  (void)setenv("MALLOC_MMAP_MAX_", "0", 1);
  (void)setenv("MALLOC_TRIM_THRESHOLD_", "68719476736", 1);
  for (size_t i = 0; i < sizeof inherited / sizeof *inherited; i++) (void)unsetenv(inherited[i]);
  bool ok = true;
  for (size_t i = 0; i < sizeof one / sizeof *one; i++) ok = ok && setenv(one[i], "1", 1) == 0;
  if (isa != ISA_AVX2 && isa != ISA_AVX512) return ok;
  const bool wide = isa == ISA_AVX512;
  return ok && setenv("OPENBLAS_CORETYPE", wide ? "SkylakeX" : "Haswell", 1) == 0 &&
         setenv("ONEDNN_MAX_CPU_ISA", wide ? "AVX512_CORE" : "AVX2", 1) == 0 &&
         setenv("LIBXSMM_TARGET", wide ? "skx" : "hsw", 1) == 0;
}

enum { ARGUMENTS = 64 };

/* Seconds to measure, and how often: short, since there are some thousand
 * measurements, and several, since launches and repetitions differ. */
static int arguments_of(const struct suite_options *options, enum isa isa, const char *out,
                        const char *program, const char *arguments[ARGUMENTS]) {
  static const char *const timing[2][3] = {
      {"--benchmark_min_time=0.003", "--benchmark_repetitions=3",
       "--benchmark_min_warmup_time=0.001"},
      {"--benchmark_min_time=0.001", "--benchmark_repetitions=2",
       "--benchmark_min_warmup_time=0.0005"}};
  int count = 0;
  arguments[count++] = program;
  arguments[count++] = "--child";
  arguments[count++] = isa_name(isa);
  arguments[count++] = out;
  arguments[count++] = "--benchmark_out_format=json";
  if (options->cold) arguments[count++] = "--cold";
  if (options->quick) arguments[count++] = "--quick";
  if (options->peers) arguments[count++] = "--peers";
  if (options->filter != NULL) {
    arguments[count++] = "--filter";
    arguments[count++] = options->filter;
  }
  if (options->with != NULL) {
    arguments[count++] = "--with";
    arguments[count++] = options->with;
  }
  if (!options->cold) arguments[count++] = "--benchmark_enable_random_interleaving=true";
  for (int i = 0; i < 3; i++) arguments[count++] = timing[options->quick][i];
  for (char **more = options->passed_on; more != NULL && *more != NULL; more++) {
    if (count < ARGUMENTS - 1) arguments[count++] = *more;
  }
  arguments[count] = NULL;
  return count;
}

/* An emulator of programs cannot start another one, unless the kernel knows it
 * as their loader: there the libraries keep what they chose at start. */
static void become_child(const char *program, const struct suite_options *options, enum isa isa,
                         int count, const char *const *arguments) {
  struct machine machine;
  machine_identify(&machine);
  char **argv = (char **)(uintptr_t)arguments;
  if (!set_environment(isa)) _exit(127);
  if (machine.emulated) {
    struct error error;
    _exit(suite_child(count, argv, isa, options, NULL, &error) ? 0 : 1);
  }
  (void)execvp(program, argv);
  _exit(127);
}

static bool run_child(const char *program, const struct suite_options *options, enum isa isa,
                      const char *folder, char **json, size_t *size, struct error *error) {
  char out[512], path[480];
  (void)snprintf(path, sizeof path, "%s/child.json", folder);
  (void)snprintf(out, sizeof out, "--benchmark_out=%s", path);
  const char *arguments[ARGUMENTS];
  const int count = arguments_of(options, isa, out, program, arguments);
  pid_t child = fork();
  if (child < 0) return error_system(error, errno, "cannot start a process");
  if (child == 0) become_child(program, options, isa, count, arguments);
  int status;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return error_system(error, errno, "cannot wait for the bench");
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    const bool signalled = WIFSIGNALED(status);
    return error_set(error, ERROR_SYSTEM, "the bench of %s ended with %s %d", isa_name(isa),
                     signalled ? "signal" : "status",
                     signalled ? WTERMSIG(status) : WEXITSTATUS(status));
  }
  if (options->cold && access(path, F_OK) != 0) return true;
  *json = file_read(path, FILE_MOST_JSON, size, ERROR_SYSTEM, error);
  (void)unlink(path);
  return *json != NULL;
}

static uint32_t shuffled(const struct suite_options *options, unsigned launch,
                         uint32_t order[ISA_COUNT]) {
  uint32_t count = 0;
  for (uint32_t isa = 0; isa < ISA_COUNT; isa++) {
    if (options->isa[isa]) order[count++] = isa;
  }
  struct random random;
  random_init(&random, (uint64_t)time(NULL), STREAM_SHUFFLE, launch, 0);
  random_shuffle(&random, order, count);
  return count;
}

/* A child of which a filter leaves nothing writes nothing. */
static bool run_one(const char *program, const struct suite_options *options, enum isa isa,
                    unsigned launch, const char *folder, struct merge *merge, struct error *error) {
  char *text = NULL;
  size_t size = 0;
  const bool ok = run_child(program, options, isa, folder, &text, &size, error) &&
                  (size == 0 || merge_child(merge, isa, launch, text, size, error));
  free(text);
  return ok;
}

static bool run_all(const char *program, const struct suite_options *options,
                    suite_progress *progress, const char *folder, struct merge *merge,
                    struct error *error) {
  struct suite_options cold = *options;
  cold.cold = true;
  for (unsigned launch = 0; launch < options->launches; launch++) {
    uint32_t order[ISA_COUNT];
    const uint32_t count = shuffled(options, launch, order);
    for (uint32_t i = 0; i < count; i++) {
      const enum isa isa = (enum isa)order[i];
      if (progress != NULL) progress(launch * count + i, options->launches * count, isa_name(isa));
      if (!run_one(program, options, isa, launch, folder, merge, error)) return false;
      if (options->quick) continue; /* it has no cold rows */
      if (!run_one(program, &cold, isa, launch, folder, merge, error)) return false;
    }
  }
  return true;
}

bool suite_run(const char *program, const struct suite_options *options, suite_progress *progress,
               struct text *json, struct error *error) {
  struct scratch scratch;
  if (!scratch_make(&scratch, error)) return false;
  struct merge merge = {0};
  struct noise_clock start;
  noise_start(&start);
  bool done = run_all(program, options, progress, scratch.folder, &merge, error);
  scratch_remove(&scratch);
  const struct noise noise = noise_since(&start);
  done = done && merge_write(&merge, &noise, json, error);
  merge_clear(&merge);
  return done;
}
