/* crosslane-bench: what `crosslane bench` becomes. Called with --child it is
 * one of its own child processes (bench/suite.h). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/installed.h"
#include "base/memory.h"
#include "base/process.h"
#include "bench/suite.h"
#include "cli/arguments.h"
#include "cli/cli.h"
#include "cli/json_memory.h"
#include "speeds/speed_order.h"
#include "speeds/speed_report.h"

/* With one instruction set comes scalar, which the ratios are to. */
static bool choose_isas(const char *name, struct suite_options *options, struct error *error) {
  if (name == NULL || strcmp(name, "all") == 0) {
    for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) options->isa[isa] = isa_runs_here(isa);
    return true;
  }
  enum isa isa;
  if (!isa_choose(name, "--isa", &isa, error)) return false;
  options->isa[isa] = options->isa[ISA_SCALAR] = true;
  return true;
}

static void show_progress(unsigned done, unsigned all, const char *isa) {
  (void)fprintf(stderr, "bench: process %u of %u: %s\n", done + 1, all, isa);
}

static bool report(const struct text *json, const char *out, struct speeds *speeds,
                   struct text *table, size_t *faults, struct error *error) {
  struct text unused = {0};
  bool done = out == NULL || file_write_atomic(out, json->text, json->length, error);
  done = done && speeds_parse(out != NULL ? out : "bench", json->text, json->length, speeds, error);
  if (done) {
    *faults = speed_report_faults(speeds, &unused);
    speed_report_write(speeds, cli_width(STDOUT_FILENO), table);
  }
  text_clear(&unused);
  return done;
}

static bool measure(const char *program, const struct suite_options *options, struct text *json,
                    struct error *error) {
  const bool done = suite_run(program, options, show_progress, json, error);
  return done && (!json->failed || error_set(error, ERROR_SYSTEM, "out of memory"));
}

/* What seems slower on a wider instruction set is measured again, alone, and only
 * what seems so each time is said: on a busy machine few rows are. */
static bool confirm_order(const char *program, const struct suite_options *options,
                          struct speeds *speeds, size_t *wrong, struct text *table,
                          struct error *error) {
  enum { AGAIN = 4, LAUNCHES = 5 }; /* a process may have its memory at an unlucky place */
  struct suite_options again = *options;
  again.peers = false;
  again.quick = false;
  if (again.launches < LAUNCHES) again.launches = LAUNCHES;
  struct text filter = {0};
  bool done = true;
  speed_order_filter(speeds, &filter);
  for (int i = 0; done && i < AGAIN && filter.length > 0; i++) {
    (void)fprintf(stderr, "bench: again, as a wider instruction set seemed slower\n");
    struct text json = {0};
    again.filter = filter.text;
    speeds_clear(speeds);
    done = measure(program, &again, &json, error) &&
           speeds_parse("bench", json.text, json.length, speeds, error);
    text_clear(&json);
    text_clear(&filter);
    if (done) speed_order_filter(speeds, &filter);
  }
  text_clear(&filter);
  if (done) *wrong = speed_order_write(speeds, table);
  return done;
}

static int run(const char *program, const struct suite_options *options, const char *out) {
  struct error error = {0};
  struct text json = {0}, table = {0};
  struct speeds speeds = {0};
  size_t faults = 0, wrong = 0;
  bool done = measure(program, options, &json, &error) &&
              report(&json, out, &speeds, &table, &faults, &error);
  text_clear(&json);
  done = done && confirm_order(program, options, &speeds, &wrong, &table, &error);
  speeds_clear(&speeds);
  if (!done) {
    text_clear(&table);
    return cli_fail(&error);
  }
  cli_fold(&table, cli_width(STDOUT_FILENO));
  const int printed = cli_print(&table);
  return faults + wrong == 0 ? printed : EXIT_TRIAL_FAILED;
}

/* Google Benchmark takes its flags from an argv of its own: `flags` without the
 * program's name, and ended by NULL. */
static int run_child(char *program, const struct bench_command *asked,
                     const struct suite_options *options, struct error *error) {
  const size_t count = asked->benchmark.count;
  char **argv = memory_array(count + 2, sizeof *argv, error);
  if (argv == NULL) return cli_fail(error);
  argv[0] = program;
  for (size_t i = 0; i < count; i++) argv[1 + i] = options->passed_on[i];
  enum isa isa;
  const bool done = isa_choose(asked->child, "--child", &isa, error) &&
                    suite_child((int)count + 1, argv, isa, options, NULL, error);
  free(argv);
  return done ? EXIT_DONE : cli_fail(error);
}

/* The tests of the kernels are a program of their own: beside this one, or in a build. */
static bool test_own(const char *with, bool *passed, struct error *error) {
  char path[INSTALLED_PATH];
  if (!installed_find("kernels_test", path) &&
      !installed_find("../tests/kernels/kernels_test", path)) {
    error_set(error, ERROR_SYSTEM, "this build has no tests of the kernels");
    return error_help(error, "build it with -Dtests=true");
  }
  const pid_t child = fork();
  if (child < 0) return error_system(error, errno, "cannot start a process");
  if (child == 0) {
    (void)execl(path, path, "--isa", "scalar", "--with", with, (char *)NULL);
    _exit(127);
  }
  int status;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return error_system(error, errno, "cannot wait for the tests");
  }
  *passed = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return true;
}

static int run_with(const char *program, const struct suite_options *options, const char *out) {
  struct error error = {0};
  bool passed = true;
  if (options->with != NULL && !test_own(options->with, &passed, &error)) return cli_fail(&error);
  if (passed) return run(program, options, out);
  (void)fprintf(stderr, "bench: %s is not timed: its results are wrong\n", options->own->name);
  return EXIT_TRIAL_FAILED;
}

/* For the child of an instruction set, or for the names of all. */
static bool open_own(const struct bench_command *asked, struct own_kernels *own,
                     struct error *error) {
  enum isa isa;
  return isa_choose(asked->child, "--child", &isa, error) &&
         own_kernels_open(asked->with, kernels_of(isa), own, error);
}

static int start(char *program, const struct bench_command *asked) {
  struct error error = {0};
  const size_t count = asked->benchmark.count;
  char **flags = memory_array(count + 1, sizeof *flags, &error);
  if (flags == NULL) return cli_fail(&error);
  for (size_t i = 0; i < count; i++) flags[i] = (char *)asked->benchmark.item[i];
  struct suite_options options = {.quick = asked->quick,
                                  .peers = asked->peers,
                                  .cold = asked->cold,
                                  .filter = asked->filter,
                                  .with = asked->with,
                                  .launches = (unsigned)asked->launches,
                                  .passed_on = flags};
  struct own_kernels own;
  if (asked->with != NULL) options.own = &own;
  int status;
  if (asked->with != NULL && !open_own(asked, &own, &error)) {
    status = cli_fail(&error);
  } else if (asked->child != NULL) {
    status = run_child(program, asked, &options, &error);
  } else if (!choose_isas(asked->isa, &options, &error) || !suite_filter_check(&options, &error)) {
    status = cli_fail(&error);
  } else {
    status = run_with(program, &options, asked->out);
  }
  free(flags);
  return status;
}

int main(int argc, char **argv) {
  if (!process_start()) return EXIT_TRIAL_FAILED;
  json_memory_start();
  struct error error = {0};
  union command_asked asked;
  const bool parsed = arguments_parse(COMMAND_bench, argc, argv, &asked, &error);
  const int status = parsed ? start(argv[0], &asked.bench) : cli_fail(&error);
  arguments_clear(COMMAND_bench, &asked);
  return status;
}
