#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/progress.h"
#include "experiments/dry_run.h"
#include "experiments/run.h"

static volatile sig_atomic_t interrupted;

static void on_signal(int number) {
  interrupted = number;
}

static void catch_signals(void) {
  struct sigaction action = {.sa_handler = on_signal};
  (void)sigaction(SIGINT, &action, NULL);
  (void)sigaction(SIGTERM, &action, NULL);
}

static char *run_path(const struct sweep_command *asked, const struct config *config,
                      struct error *error) {
  return asked->out != NULL ? memory_text(asked->out, error)
                            : file_join("runs", config->name, error);
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
    int status = cli_fail(error);
    return status == EXIT_INTERRUPTED && interrupted == SIGTERM ? EXIT_TERMINATED : status;
  }
  if (summary->failed == 0) return EXIT_DONE;
  (void)fprintf(stderr, "--retry-failed trains failed trials again\n");
  return EXIT_TRIAL_FAILED;
}

static int preview(const struct run_options *options, enum text_table_format format) {
  struct error error = {0};
  struct text table = {0}, total = {0};
  int status;
  if (!dry_run(options, format, &table, &total, &error)) {
    status = cli_fail(&error);
    if (status == EXIT_INTERRUPTED && interrupted == SIGTERM) status = EXIT_TERMINATED;
  } else {
    if (format == TEXT_TABLE_TEXT) text_add_bytes(&table, total.text, total.length);
    if (format != TEXT_TABLE_TEXT && !total.failed) cli_tell(&total);
    status = cli_print(&table);
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

static int run(const struct sweep_command *asked, const struct config *config) {
  struct error error = {0};
  struct progress_style style = progress_style();
  struct run_options options = {
      .config = config,
      .data = asked->data != NULL ? asked->data : cli_environment("CROSSLANE_DATA"),
      .jobs = (size_t)asked->jobs,
      .threads = (size_t)asked->threads,
      .retry_failed = asked->retry_failed,
      .rerun = asked->rerun,
      .allow_swap = asked->allow_swap,
      .fail_fast = asked->fail_fast,
      .interrupted = &interrupted,
      .progress = progress_print,
      .progress_context = &style,
      .warn = cli_warn};
  enum isa isa;
  if (!cli_isa(asked->isa, &isa, &error)) return cli_fail(&error);
  if (asked->format.given && !asked->dry_run) {
    error_set(&error, ERROR_USAGE, "--format needs --dry-run");
    error_help(&error, "'crosslane show' prints results in several formats");
    return cli_fail(&error);
  }
  options.kernels = kernels_of(isa);
  char *folder = run_path(asked, config, &error);
  if (folder == NULL) return cli_fail(&error);
  options.folder = folder;
  catch_signals();
  int status = asked->dry_run ? preview(&options, (enum text_table_format)asked->format.place)
                              : sweep_in(&options);
  free(folder);
  return status;
}

/* With what --save-models stands for, as the last setting. */
static bool read_config(const struct sweep_command *asked, struct config *config,
                        struct error *error) {
  size_t count = asked->set.count;
  const char **settings = memory_array(count + 1, sizeof *settings, error);
  if (settings == NULL) return false;
  for (size_t i = 0; i < count; i++) settings[i] = asked->set.item[i];
  if (asked->save_models) settings[count++] = "train.save=all";
  const bool done = config_read(asked->operands.item[0], settings, count, NULL, config, error);
  free(settings);
  return done;
}

int command_sweep(const struct sweep_command *asked) {
  struct error error = {0};
  struct config config;
  if (!read_config(asked, &config, &error)) return cli_fail(&error);
  const int status = run(asked, &config);
  config_clear(&config);
  return status;
}
