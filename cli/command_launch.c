#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json_text.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/experiment_file.h"
#include "experiments/launch_status.h"
#include "experiments/launch_submit.h"

/* --- options of the launcher, as settings --- */

enum { LAUNCHER_OPTIONS = 13 };

/* Texts are owned; those of --set come first. */
struct settings {
  struct text own[LAUNCHER_OPTIONS];
  size_t count;
};

static void add_quoted(struct text *text, const char *value) {
  json_t *json = json_text_string(value); /* YAML reads JSON's texts */
  json_text_add_line(text, json);
  json_decref(json);
}

static void add_text(struct settings *s, const char *key, const char *value) {
  if (value == NULL) return;
  struct text *text = &s->own[s->count++];
  text_add(text, "launcher.%s=", key);
  add_quoted(text, value);
}

static void add_number(struct settings *s, const char *key, uint64_t value) {
  if (value == 0) return;
  text_add(&s->own[s->count++], "launcher.%s=%llu", key, (unsigned long long)value);
}

static void add_lines(struct settings *s, const char *key, const struct option_list *lines) {
  if (lines->count == 0) return;
  struct text *text = &s->own[s->count++];
  text_add(text, "launcher.%s=[", key);
  for (size_t i = 0; i < lines->count; i++) {
    text_add(text, "%s", i > 0 ? ", " : "");
    add_quoted(text, lines->item[i]);
  }
  text_add(text, "]");
}

static void take_options(const struct launch_slurm_command *asked, struct settings *s) {
  add_text(s, "partition", asked->partition);
  add_text(s, "account", asked->account);
  add_text(s, "qos", asked->qos);
  add_text(s, "time", asked->time);
  add_text(s, "mem", asked->mem);
  add_number(s, "cpus_per_task", asked->cpus_per_task);
  add_number(s, "threads", asked->threads);
  add_number(s, "array_parallelism", asked->array_parallelism);
  add_number(s, "trials_per_task", asked->trials_per_task);
  add_number(s, "task_minutes", asked->task_minutes);
  add_number(s, "gflops", asked->gflops);
  add_lines(s, "setup", &asked->setup);
  add_lines(s, "sbatch", &asked->sbatch);
}

static bool read_file(const struct launch_slurm_command *asked, struct settings *s,
                      struct experiment_file *file, struct error *error) {
  const char *more[LAUNCHER_OPTIONS];
  take_options(asked, s);
  for (size_t i = 0; i < s->count; i++) {
    if (s->own[i].failed) return error_set(error, ERROR_SYSTEM, "out of memory");
    more[i] = s->own[i].text;
  }
  return experiment_file_read(file, asked->operands.item[0], &asked->set, more, s->count,
                              asked->data, error);
}

/* --- launch slurm --- */

static const char *plural(size_t count) {
  return count == 1 ? "" : "s";
}

static void print_length(double seconds) {
  if (seconds < 1) {
    (void)fprintf(stderr, " of less than a second");
  } else if (seconds < 120) {
    (void)fprintf(stderr, " of about %.0f s", seconds);
  } else {
    (void)fprintf(stderr, " of about %.0f min", seconds / 60);
  }
}

static void print_summary(const struct launch_summary *s, bool dry_run, const char *run) {
  if (s->rungs > 0) (void)fprintf(stderr, "rung %zu of %zu, ", s->rung, s->rungs);
  if (s->epochs > 0) (void)fprintf(stderr, "to epoch %u: ", (unsigned)s->epochs);
  if (s->rungs > 0 && s->epochs == 0) (void)fprintf(stderr, "to the end: ");
  (void)fprintf(stderr, "%zu trial%s in %zu task%s", s->trials, plural(s->trials), s->tasks,
                plural(s->tasks));
  print_length(s->seconds);
  if (dry_run) {
    (void)fprintf(stderr, "; nothing is written or submitted\n");
    return;
  }
  (void)fprintf(stderr, ": %zu recorded", s->recorded);
  if (s->failed > 0) (void)fprintf(stderr, " (%zu failed)", s->failed);
  (void)fprintf(stderr, ", %zu task%s submitted, %zu in the queue before\n", s->submitted,
                plural(s->submitted), s->queued);
  if (s->left > 0) {
    (void)fprintf(stderr,
                  "%zu task%s left: the cluster lets you have %llu jobs at a time; the same "
                  "command submits more when some have ended\n",
                  s->left, s->left == 1 ? " is" : "s are", (unsigned long long)s->most_jobs);
  }
  (void)fprintf(stderr, "'crosslane launch status %s' says how far it is\n", run);
}

static char *run_path(const struct launch_slurm_command *asked, const struct config *config,
                      struct error *error) {
  char folder[CONFIG_NAME];
  if (asked->out != NULL) return memory_text(asked->out, error);
  (void)config_folder(config->name, folder); /* it was read, so it has one */
  return file_join("runs", folder, error);
}

static int launch(const struct launch_slurm_command *asked, struct experiment_file *file) {
  struct error error = {0};
  struct text report = {0};
  struct launch_summary summary;
  enum isa isa;
  char *run = run_path(asked, &file->config, &error);
  if (run == NULL || !cli_isa(NULL, &isa, &error)) {
    free(run);
    return cli_fail(&error);
  }
  const struct launch_options options = {
      .config = &file->config,
      .dataset = &file->dataset,
      .data = cli_data_path(asked->data, file->config.base.data.source),
      .run = run,
      .kernels = kernels_of(isa),
      .retry_failed = asked->retry_failed,
      .dry_run = asked->dry_run,
      .interrupted = &experiment_interrupted,
      .warn = cli_warn};
  const bool done = launch_submit(&options, &report, &summary, &error);
  int status = cli_print(&report);
  if (done) {
    print_summary(&summary, asked->dry_run, run);
  } else {
    status = experiment_fail(&error);
  }
  free(run);
  return status;
}

int command_launch_slurm(const struct launch_slurm_command *asked) {
  struct error error = {0};
  struct settings settings = {0};
  struct experiment_file *file = memory_array(1, sizeof *file, &error);
  if (file == NULL) return cli_fail(&error);
  experiment_catch_signals();
  const bool good = read_file(asked, &settings, file, &error);
  const int status = good ? launch(asked, file) : cli_fail(&error);
  experiment_file_clear(file);
  free(file);
  for (size_t i = 0; i < settings.count; i++) text_clear(&settings.own[i]);
  return status;
}

/* --- launch status, launch cancel --- */

int command_launch_status(const struct launch_status_command *asked) {
  struct error error = {0};
  struct text text = {0};
  const bool json = asked->format.place == 1;
  if (launch_status(asked->operands.item[0], json, &text, cli_warn, &error)) {
    return cli_print(&text);
  }
  text_clear(&text);
  return cli_fail(&error);
}

int command_launch_cancel(const struct launch_cancel_command *asked) {
  struct error error = {0};
  struct text text = {0};
  const bool done = launch_cancel(asked->operands.item[0], &text, &error);
  const int status = cli_print(&text);
  return done ? status : cli_fail(&error);
}
