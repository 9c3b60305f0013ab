/* crosslane-bench: what `crosslane bench` becomes. Called with --child it is
 * one of its own child processes (bench/suite.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "bench/suite.h"
#include "cli/cli.h"
#include "speeds/speed_report.h"

enum { LAUNCHES = 3, LAUNCHES_MOST = 1000 };

static int usage_failed(struct error *error) {
  (void)fprintf(stderr, "crosslane: %s\n", error->message);
  return error->kind == ERROR_USAGE ? EXIT_USAGE : EXIT_TRIAL_FAILED;
}

/* Moves Google Benchmark's own flags out of argv; they go to the children. */
static int take_flags(int argc, char **argv, char **flags) {
  int kept = 0, taken = 0;
  for (int i = 0; i < argc; i++) {
    if (strncmp(argv[i], "--benchmark_", strlen("--benchmark_")) == 0) {
      flags[taken++] = argv[i];
    } else {
      argv[kept++] = argv[i];
    }
  }
  flags[taken] = NULL;
  argv[kept] = NULL;
  return kept;
}

/* One instruction set brings scalar with it, which the ratios are to. */
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

static int run(const char *program, const struct suite_options *options, const char *out) {
  struct error error = {0};
  struct text json = {0}, table = {0};
  struct speeds speeds = {0};
  bool done = suite_run(program, options, show_progress, &json, &error);
  if (done && json.failed) done = error_set(&error, ERROR_SYSTEM, "out of memory");
  if (done && out != NULL) done = file_write_atomic(out, json.text, json.length, &error);
  done = done && speeds_parse(out != NULL ? out : "bench", json.text, json.length, &speeds, &error);
  size_t faults = 0;
  if (done) {
    struct text unused = {0};
    faults = speed_report_faults(&speeds, &unused);
    text_clear(&unused);
    speed_report_write(&speeds, &table);
    done = fwrite(table.text, 1, table.length, stdout) == table.length && fflush(stdout) == 0;
    if (!done) error_set(&error, ERROR_SYSTEM, "cannot write the output");
  }
  text_clear(&json);
  text_clear(&table);
  speeds_clear(&speeds);
  if (!done) return usage_failed(&error);
  return faults == 0 ? EXIT_DONE : EXIT_TRIAL_FAILED;
}

int main(int argc, char **argv) {
  struct error error = {0};
  struct suite_options options = {.launches = LAUNCHES};
  char **flags = memory_array((size_t)argc + 1, sizeof *flags, &error);
  if (flags == NULL) return usage_failed(&error);
  argc = take_flags(argc, argv, flags);
  const char *isa = NULL, *out = NULL, *child = NULL, *launches = NULL;
  const struct option known[] = {{.name = "--quick", .flag = true, .set = &options.quick},
                                 {.name = "--peers", .flag = true, .set = &options.peers},
                                 {.name = "--filter", .value = &options.filter},
                                 {.name = "--isa", .value = &isa},
                                 {.name = "--out", .value = &out},
                                 {.name = "--launches", .value = &launches},
                                 {.name = "--child", .value = &child}};
  size_t operands, count = LAUNCHES;
  bool done = parse_arguments(argc, argv, known, sizeof known / sizeof *known, &operands, &error);
  if (done && operands > 0) {
    done = error_set(&error, ERROR_USAGE, "bench takes no operand, found '%s'", argv[1]);
  }
  done = done &&
         (launches == NULL || parse_count("--launches", launches, LAUNCHES_MOST, &count, &error));
  options.launches = (unsigned)count;
  done = done && suite_filter_valid(options.filter, &error);
  int status = EXIT_USAGE;
  if (done && child != NULL) {
    enum isa one;
    int flag_count = 0;
    while (flags[flag_count] != NULL) flag_count++;
    memmove(flags + 1, flags, (size_t)flag_count * sizeof *flags);
    flags[0] = argv[0];
    done = isa_choose(child, "--child", &one, &error) &&
           suite_child(flag_count + 1, flags, one, &options, NULL, &error);
    status = EXIT_DONE;
  } else if (done && (done = choose_isas(isa, &options, &error))) {
    options.passed_on = flags;
    status = run(argv[0], &options, out);
  }
  free(flags);
  return done ? status : usage_failed(&error);
}
