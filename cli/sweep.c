#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/cli.h"
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
  const char *config, *data, *out, *jobs, *isa;
  bool retry_failed;
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
      {.name = "--retry-failed", .flag = true, .set = &a->retry_failed},
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
  return true;
}

/* --- progress --- */

struct progress_style {
  bool terminal;
};

static void print_duration(double seconds) {
  if (seconds < 120) {
    (void)fprintf(stderr, "%.0f s", ceil(seconds));
  } else {
    (void)fprintf(stderr, "%.0f min", ceil(seconds / 60));
  }
}

static void print_trial(const struct record *record) {
  (void)fprintf(stderr, "%s, seed %llu%s%s: ", record->label, (unsigned long long)record->seed,
                record->fold[0] != '\0' ? ", fold " : "", record->fold);
  if (record->status == TRIAL_FAILED) {
    (void)fprintf(stderr, "FAILED: %s\n", record->error);
    return;
  }
  (void)fprintf(stderr, "test MSE %.4f", record->mse);
  if (!isnan(record->validation_mse)) {
    (void)fprintf(stderr, ", validation %.4f", record->validation_mse);
  }
  (void)fprintf(stderr, " (%.2f s)\n", record->train_seconds);
}

/* The line of a terminal that each trial rewrites. */
static void print_status(const struct run_progress *p) {
  (void)fprintf(stderr, "%zu of %zu done", p->skipped + p->ended, p->total);
  if (p->failed > 0) (void)fprintf(stderr, ", %zu failed", p->failed);
  if (p->best_label != NULL) {
    (void)fprintf(stderr, ", best validation MSE %.4f (%s)", p->best_validation, p->best_label);
  }
  if (!isnan(p->left_seconds)) {
    (void)fputs(", ", stderr);
    print_duration(p->left_seconds);
    (void)fputs(" left", stderr);
  }
}

static void print_progress(void *context, const struct run_progress *p,
                           const struct record *record) {
  const struct progress_style *style = context;
  if (style->terminal) (void)fputs("\r\033[K", stderr);
  if (record == NULL) {
    (void)fprintf(stderr, "%zu trials: %zu recorded before, %zu to train\n", p->total, p->skipped,
                  p->total - p->skipped);
  } else {
    (void)fprintf(stderr, "[%zu/%zu] ", p->skipped + p->ended, p->total);
    print_trial(record);
  }
  if (style->terminal && p->skipped + p->ended < p->total) print_status(p);
  (void)fflush(stderr);
}

/* --- the command --- */

static char *run_path(const struct sweep_arguments *a, const struct config *config,
                      struct error *error) {
  return a->out != NULL ? memory_text(a->out, error) : file_join("runs", config->name, error);
}

static int finish(const struct run_summary *summary, const char *folder, bool done,
                  const struct error *error) {
  if (!done && error->kind != ERROR_INTERRUPTED) return fail(error);
  (void)fprintf(stderr, "%zu trained, %zu recorded before, %zu failed; results in %s\n",
                summary->trained, summary->skipped, summary->failed, folder);
  if (done && summary->failed > 0) {
    (void)fprintf(stderr, "--retry-failed trains the failed ones again\n");
  }
  if (!done) {
    (void)fail(error);
    return interrupted == SIGTERM ? EXIT_TERMINATED : EXIT_INTERRUPTED;
  }
  return summary->failed > 0 ? EXIT_TRIAL_FAILED : EXIT_DONE;
}

static int run(const struct sweep_arguments *a, const struct config *config) {
  struct error error = {0};
  struct run_options options = {.config = config,
                                .data = a->data != NULL ? a->data : environment("CROSSLANE_DATA"),
                                .retry_failed = a->retry_failed,
                                .interrupted = &interrupted,
                                .progress = print_progress};
  struct progress_style style = {.terminal = isatty(STDERR_FILENO) == 1};
  options.progress_context = &style;
  enum isa isa;
  const char *asked = a->isa != NULL ? a->isa : environment("CROSSLANE_ISA");
  if (!isa_choose(asked, a->isa != NULL ? "--isa" : "CROSSLANE_ISA", &isa, &error) ||
      (a->jobs != NULL && !parse_count("--jobs", a->jobs, JOBS_MAX, &options.jobs, &error))) {
    return fail(&error);
  }
  options.kernels = kernels_of(isa);
  char *folder = run_path(a, config, &error);
  if (folder == NULL) return fail(&error);
  options.folder = folder;
  catch_signals();
  struct run_summary summary;
  bool done = run_sweep(&options, &summary, &error);
  int status = finish(&summary, folder, done, &error);
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
