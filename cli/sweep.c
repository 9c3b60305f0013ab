#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "experiments/dry_run.h"
#include "experiments/run.h"

enum { JOBS_MAX = 1024 };

static volatile sig_atomic_t interrupted;

static void on_signal(int number) {
  interrupted = number;
}

static void catch_signals(void) {
  struct sigaction action = {.sa_handler = on_signal};
  (void)sigaction(SIGINT, &action, NULL);
  (void)sigaction(SIGTERM, &action, NULL);
}

struct sweep_arguments {
  const char *config, *data, *out, *jobs, *isa, *format;
  bool dry_run, fail_fast, retry_failed, rerun, save_models;
  const char **settings;
  size_t setting_count;
};

static bool parse(int argc, char **argv, struct sweep_arguments *a, struct error *error) {
  const struct option options[] = {
      {.name = "--set", .values = a->settings, .count = &a->setting_count},
      {.name = "--data", .value = &a->data},
      {.name = "--out", .value = &a->out},
      {.name = "--jobs", .value = &a->jobs},
      {.name = "--isa", .value = &a->isa},
      {.name = "--dry-run", .flag = true, .set = &a->dry_run},
      {.name = "--format", .value = &a->format},
      {.name = "--fail-fast", .flag = true, .set = &a->fail_fast},
      {.name = "--rerun", .flag = true, .set = &a->rerun},
      {.name = "--retry-failed", .flag = true, .set = &a->retry_failed},
      {.name = "--save-models", .flag = true, .set = &a->save_models},
  };
  size_t operands;
  if (!parse_arguments(argc, argv, options, sizeof options / sizeof *options, &operands, error)) {
    return false;
  }
  if (operands != 1) {
    error_set(error, ERROR_USAGE, "sweep needs one experiment file, found %zu", operands);
    return error_help(error, "for example: crosslane sweep experiments/quickstart.yaml");
  }
  a->config = argv[1];
  if (a->save_models) a->settings[a->setting_count++] = "train.save=all";
  return true;
}

/* --- the command --- */

static char *run_path(const struct sweep_arguments *a, const struct config *config,
                      struct error *error) {
  return a->out != NULL ? memory_text(a->out, error) : file_join("runs", config->name, error);
}

static bool dry_run_format(const struct sweep_arguments *a, enum text_table_format *format,
                           struct error *error) {
  static const char *const names[] = {"text", "csv", "json"};
  enum { FORMATS = sizeof names / sizeof *names };
  *format = TEXT_TABLE_TEXT;
  if (a->format == NULL) return true;
  if (!a->dry_run) {
    error_set(error, ERROR_USAGE, "sweep has --format only with --dry-run");
    return error_help(error, "'crosslane show' prints the results in several formats");
  }
  for (size_t i = 0; i < FORMATS; i++) {
    if (strcmp(a->format, names[i]) != 0) continue;
    *format = (enum text_table_format)i;
    return true;
  }
  const char *nearest = text_nearest(a->format, names, FORMATS);
  error_set(error, ERROR_USAGE, "--format: expected text, csv or json, found '%s'", a->format);
  return nearest != NULL ? error_help(error, "did you mean '%s'?", nearest) : false;
}

static void print_summary(const struct run_summary *summary, const char *folder) {
  (void)fprintf(stderr, "%zu trained, %zu recorded before, %zu failed", summary->trained,
                summary->skipped, summary->failed);
  if (summary->stopped > 0) (void)fprintf(stderr, ", %zu stopped early", summary->stopped);
  if (summary->left_out > 0) {
    (void)fprintf(stderr, ", %zu architecture%s left out", summary->left_out,
                  summary->left_out == 1 ? "" : "s");
  }
  (void)fprintf(stderr, "; results in %s\n", folder);
}

static int finish(const struct run_summary *summary, const char *folder, bool done,
                  const struct error *error) {
  bool ended_early = error->kind == ERROR_INTERRUPTED || error->kind == ERROR_TRIAL;
  if (done || ended_early) print_summary(summary, folder);
  if (!done) {
    int status = fail(error);
    return status == EXIT_INTERRUPTED && interrupted == SIGTERM ? EXIT_TERMINATED : status;
  }
  if (summary->failed == 0) return EXIT_DONE;
  (void)fprintf(stderr, "--retry-failed trains the failed ones again\n");
  return EXIT_TRIAL_FAILED;
}

static int preview(const struct run_options *options, enum text_table_format format) {
  struct error error = {0};
  struct text table = {0}, total = {0};
  int status;
  if (!dry_run(options, format, &table, &total, &error)) {
    status = fail(&error);
    if (status == EXIT_INTERRUPTED && interrupted == SIGTERM) status = EXIT_TERMINATED;
  } else {
    if (format == TEXT_TABLE_TEXT) text_add_bytes(&table, total.text, total.length);
    if (format != TEXT_TABLE_TEXT && !total.failed) (void)fputs(total.text, stderr);
    status = print_text(&table) ? EXIT_DONE : EXIT_TRIAL_FAILED;
  }
  text_clear(&table);
  text_clear(&total);
  return status;
}

static int sweep_in(const struct run_options *options) {
  struct error error = {0};
  struct run_summary summary;
  bool done = run_sweep(options, &summary, &error);
  return finish(&summary, options->folder, done, &error);
}

static int run(const struct sweep_arguments *a, const struct config *config) {
  struct error error = {0};
  struct progress_style style = progress_style();
  struct run_options options = {.config = config,
                                .data = a->data != NULL ? a->data : environment("CROSSLANE_DATA"),
                                .retry_failed = a->retry_failed,
                                .rerun = a->rerun,
                                .fail_fast = a->fail_fast,
                                .interrupted = &interrupted,
                                .progress = print_progress,
                                .progress_context = &style};
  enum isa isa;
  enum text_table_format format;
  const char *asked = a->isa != NULL ? a->isa : environment("CROSSLANE_ISA");
  if (!isa_choose(asked, a->isa != NULL ? "--isa" : "CROSSLANE_ISA", &isa, &error) ||
      (a->jobs != NULL && !parse_count("--jobs", a->jobs, JOBS_MAX, &options.jobs, &error)) ||
      !dry_run_format(a, &format, &error)) {
    return fail(&error);
  }
  options.kernels = kernels_of(isa);
  char *folder = run_path(a, config, &error);
  if (folder == NULL) return fail(&error);
  options.folder = folder;
  catch_signals();
  int status = a->dry_run ? preview(&options, format) : sweep_in(&options);
  free(folder);
  return status;
}

static int read_and_run(const struct sweep_arguments *a) {
  struct error error = {0};
  struct config config;
  if (!config_read(a->config, a->settings, a->setting_count, &config, &error)) {
    return fail(&error);
  }
  int status = run(a, &config);
  config_clear(&config);
  return status;
}

int command_sweep(int argc, char **argv) {
  struct error error = {0};
  struct sweep_arguments arguments = {0};
  arguments.settings = memory_array((size_t)argc, sizeof *arguments.settings, &error);
  bool parsed = arguments.settings != NULL && parse(argc, argv, &arguments, &error);
  int status = parsed ? read_and_run(&arguments) : fail(&error);
  free(arguments.settings);
  return status;
}
