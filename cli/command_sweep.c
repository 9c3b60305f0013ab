#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/experiment_file.h"
#include "cli/progress.h"
#include "experiments/dry_run.h"
#include "experiments/run.h"

/* Shards of a sweep that write to one disk have a folder each. */
static char *run_path(const struct sweep_command *asked, const struct config *config,
                      const struct shard *shard, struct error *error) {
  char folder[CONFIG_NAME], name[CONFIG_NAME + 64];
  if (asked->out != NULL) return memory_text(asked->out, error);
  (void)config_folder(config->name, folder); /* it was read, so it has one */
  if (shard->count == 0) return file_join("runs", folder, error);
  (void)snprintf(name, sizeof name, "%s.%zu-of-%zu", folder, shard->index, shard->count);
  return file_join("runs", name, error);
}

static bool read_shard(const struct sweep_command *asked, struct shard *shard,
                       struct error *error) {
  const struct slurm_array slurm = {.id = cli_environment("SLURM_ARRAY_TASK_ID"),
                                    .min = cli_environment("SLURM_ARRAY_TASK_MIN"),
                                    .max = cli_environment("SLURM_ARRAY_TASK_MAX"),
                                    .count = cli_environment("SLURM_ARRAY_TASK_COUNT")};
  return asked->shard == NULL || shard_read(asked->shard, &slurm, shard, error);
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
  if (!done) return experiment_fail(error);
  if (summary->failed == 0) return EXIT_DONE;
  (void)fprintf(stderr, "--retry-failed trains failed trials again\n");
  return EXIT_TRIAL_FAILED;
}

static int preview(const struct run_options *options, const struct sweep_command *asked) {
  const enum text_table_format format = (enum text_table_format)asked->format.place;
  const struct dry_run_form form = {
      .format = format, .each_trial = asked->trials, .width = cli_width(STDOUT_FILENO)};
  struct error error = {0};
  struct text table = {0}, total = {0};
  int status;
  if (!dry_run(options, &form, &table, &total, &error)) {
    status = experiment_fail(&error);
  } else {
    cli_fold(&total, form.width);
    if (format == TEXT_TABLE_TEXT) text_add_bytes(&table, total.text, total.length);
    if (format != TEXT_TABLE_TEXT && !total.failed) cli_tell(&total);
    status = cli_print(&table);
  }
  text_clear(&table);
  text_clear(&total);
  return status;
}

static int sweep_in(const struct run_options *options, const struct progress_style *style) {
  struct error error = {0};
  struct run_summary summary;
  bool done = run_sweep(options, &summary, &error);
  progress_end(style);
  return finish(&summary, options->folder, done, &error);
}

static int run(const struct sweep_command *asked, const struct config *config,
               const struct shard *shard, struct dataset *dataset) {
  struct error error = {0};
  struct progress_style style = progress_style(asked->quiet);
  struct run_options options = {.config = config,
                                .dataset = dataset,
                                .data = cli_data_path(asked->data, config->base.data.source),
                                .shard = *shard,
                                .rung = asked->rung,
                                .jobs = (size_t)asked->jobs,
                                .threads = (size_t)asked->threads,
                                .retry_failed = asked->retry_failed,
                                .rerun = asked->rerun,
                                .allow_swap = asked->allow_swap,
                                .fail_fast = asked->fail_fast,
                                .interrupted = &experiment_interrupted,
                                .progress = progress_print,
                                .waiting = style.terminal ? progress_wait : NULL,
                                .progress_context = &style,
                                .warn = progress_warn};
  enum isa isa;
  if (!cli_isa(asked->isa, &isa, &error)) return cli_fail(&error);
  options.kernels = kernels_of(isa);
  char *folder = run_path(asked, config, shard, &error);
  if (folder == NULL) return cli_fail(&error);
  options.folder = folder;
  int status = asked->dry_run ? preview(&options, asked) : sweep_in(&options, &style);
  free(folder);
  return status;
}

int command_sweep(const struct sweep_command *asked) {
  struct error error = {0};
  struct shard shard = {0};
  if ((asked->format.given || asked->trials) && !asked->dry_run) {
    error_set(&error, ERROR_USAGE, "%s needs --dry-run", asked->trials ? "--trials" : "--format");
    error_help(&error, "'crosslane show' prints results in several formats");
    return cli_fail(&error);
  }
  if (asked->rung != NULL && asked->shard == NULL) {
    error_set(&error, ERROR_USAGE, "--rung needs --shard");
    error_help(&error, "a sweep that is whole finds its rungs by itself");
    return cli_fail(&error);
  }
  struct experiment_file *file = memory_array(1, sizeof *file, &error);
  if (file == NULL) return cli_fail(&error);
  experiment_catch_signals();
  static const char *const save_models = "train.save=all";
  const struct progress_style style = progress_style(asked->quiet || asked->dry_run);
  progress_reading(&style);
  const bool good = read_shard(asked, &shard, &error) &&
                    experiment_file_read(file, asked->operands.item[0], &asked->set, &save_models,
                                         asked->save_models ? 1 : 0, asked->data, &error);
  progress_end(&style);
  const int status = good ? run(asked, &file->config, &shard, &file->dataset) : cli_fail(&error);
  experiment_file_clear(file);
  free(file);
  return status;
}
