/* The child processes of a bench, and their results in one file. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/build.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/philox.h"
#include "bench/suite.h"
#include "kernels/machine.h"

/* The libraries read these at start. Inherited ones must not reach them: a
 * core type or cache size set by hand would be measured instead. */
static bool set_environment(enum isa isa) {
  static const char *const inherited[] = {
      "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OPENBLAS_VERBOSE", "ONEDNN_MAX_CPU_ISA",
      "DNNL_MAX_CPU_ISA",  "LIBXSMM_TARGET",   "LIBXSMM_VERBOSE",  "ONEDNN_VERBOSE"};
  static const char *const one[] = {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"};
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
  static const char *const timing[2][4] = {
      {"--benchmark_min_time=0.005", "--benchmark_repetitions=3",
       "--benchmark_enable_random_interleaving=true", "--benchmark_min_warmup_time=0.001"},
      {"--benchmark_min_time=0.001", "--benchmark_repetitions=2",
       "--benchmark_enable_random_interleaving=true", "--benchmark_min_warmup_time=0.0005"}};
  int count = 0;
  arguments[count++] = program;
  arguments[count++] = "--child";
  arguments[count++] = isa_name(isa);
  arguments[count++] = out;
  arguments[count++] = "--benchmark_out_format=json";
  if (options->quick) arguments[count++] = "--quick";
  if (options->peers) arguments[count++] = "--peers";
  if (options->filter != NULL) {
    arguments[count++] = "--filter";
    arguments[count++] = options->filter;
  }
  for (int i = 0; i < 4; i++) arguments[count++] = timing[options->quick][i];
  for (char **more = options->passed_on; more != NULL && *more != NULL; more++) {
    if (count < ARGUMENTS - 1) arguments[count++] = *more;
  }
  arguments[count] = NULL;
  return count;
}

static bool run_child(const char *program, const struct suite_options *options, enum isa isa,
                      const char *folder, char **json, size_t *size, struct error *error) {
  char out[512], path[480];
  (void)snprintf(path, sizeof path, "%s/child.json", folder);
  (void)snprintf(out, sizeof out, "--benchmark_out=%s", path);
  const char *arguments[ARGUMENTS];
  (void)arguments_of(options, isa, out, program, arguments);
  pid_t child = fork();
  if (child < 0) return error_system(error, errno, "cannot start a process");
  if (child == 0) {
    if (set_environment(isa)) (void)execvp(program, (char **)(uintptr_t)arguments);
    _exit(127);
  }
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
  *json = file_read(path, size, ERROR_SYSTEM, error);
  (void)unlink(path);
  return *json != NULL;
}

/* --- merging --- */

static bool put(json_t *context, const char *key, const char *value) {
  return json_object_set_new(context, key, json_string(value)) == 0;
}

/* Who was measured, and by what. No clock frequency: it says nothing of a
 * machine that changes it. */
static bool put_identity(json_t *context) {
  struct machine machine;
  machine_identify(&machine);
  char commit[64];
  (void)snprintf(commit, sizeof commit, "%s", build_commit());
  static const char *const dropped[] = {"executable", "host_name", "mhz_per_cpu"};
  for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++) {
    (void)json_object_del(context, dropped[i]);
  }
  return put(context, "crosslane_cpu", machine.cpu) &&
         put(context, "crosslane_architecture", machine.architecture) &&
         put(context, "crosslane_features", machine.features) &&
         put(context, "crosslane_caches", machine.caches) &&
         put(context, "crosslane_emulated", machine.emulated ? "true" : "false") &&
         put(context, "crosslane_version", build_version()) &&
         put(context, "crosslane_commit", commit) &&
         put(context, "crosslane_dirty", build_dirty() ? "true" : "false") &&
         put(context, "crosslane_compiler", build_compiler()) &&
         put(context, "crosslane_flags", build_flags());
}

/* Aggregates of one child would mislead in a file of several: left out. */
static bool merge(json_t *all, const char *text, size_t size, unsigned launch,
                  struct error *error) {
  json_error_t fault;
  json_t *child = json_loadb(text, size, 0, &fault), *benchmark;
  if (child == NULL) {
    return error_set(error, ERROR_SYSTEM, "the bench wrote damaged JSON: %s", fault.text);
  }
  bool ok = true;
  json_t *context = json_object_get(child, "context");
  if (json_object_get(all, "context") == NULL && context != NULL) {
    ok = put_identity(context) && json_object_set(all, "context", context) == 0;
  }
  json_t *benchmarks = json_object_get(all, "benchmarks");
  size_t index;
  json_array_foreach(json_object_get(child, "benchmarks"), index, benchmark) {
    const char *type = json_string_value(json_object_get(benchmark, "run_type"));
    if (type != NULL && strcmp(type, "aggregate") == 0) continue;
    ok = ok && json_object_set_new(benchmark, "launch", json_integer(launch)) == 0 &&
         json_array_append(benchmarks, benchmark) == 0;
  }
  json_decref(child);
  return ok || error_set(error, ERROR_SYSTEM, "out of memory");
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

static bool run_all(const char *program, const struct suite_options *options,
                    suite_progress *progress, const char *folder, json_t *all,
                    struct error *error) {
  for (unsigned launch = 0; launch < options->launches; launch++) {
    uint32_t order[ISA_COUNT];
    const uint32_t count = shuffled(options, launch, order);
    for (uint32_t i = 0; i < count; i++) {
      const enum isa isa = (enum isa)order[i];
      if (progress != NULL) progress(launch * count + i, options->launches * count, isa_name(isa));
      char *text = NULL;
      size_t size = 0;
      bool ok = run_child(program, options, isa, folder, &text, &size, error) &&
                merge(all, text, size, launch, error);
      free(text);
      if (!ok) return false;
    }
  }
  return true;
}

bool suite_run(const char *program, const struct suite_options *options, suite_progress *progress,
               struct text *json, struct error *error) {
  const char *temporary = getenv("TMPDIR");
  char folder[400];
  (void)snprintf(folder, sizeof folder, "%s/crosslane-bench-XXXXXX",
                 temporary != NULL ? temporary : "/tmp");
  if (mkdtemp(folder) == NULL) return error_system(error, errno, "cannot make '%s'", folder);
  json_t *all = json_pack("{s:[]}", "benchmarks");
  bool done = all != NULL && run_all(program, options, progress, folder, all, error);
  (void)rmdir(folder);
  char *dump = done ? json_dumps(all, JSON_INDENT(1) | JSON_REAL_PRECISION(10)) : NULL;
  if (done && dump == NULL) done = error_set(error, ERROR_SYSTEM, "out of memory");
  if (dump != NULL) text_add(json, "%s\n", dump);
  free(dump);
  json_decref(all);
  return done;
}
