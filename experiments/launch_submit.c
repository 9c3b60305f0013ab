#include "experiments/launch_submit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/installed.h"
#include "base/memory.h"
#include "experiments/launch_check.h"
#include "experiments/launch_parts.h"
#include "experiments/plan.h"
#include "experiments/run_folder.h"
#include "experiments/rung_list.h"

/* --- what is to be trained --- */

/* The first stage that merged records leave something of. Those of shards do not count: all that
 * launch next must see the same survivors. */
static bool find_rung(struct launch *launch, struct error *error) {
  struct plan *trials = &launch->trials;
  struct record_list records = {0};
  struct text text = {0};
  if (trials->halving.rungs == 0) return plan_begin(trials, error);
  const bool read = run_folder_read_records(launch->options->run, &records, &text, error);
  launch->options->warn(&text);
  if (read) plan_add_records(trials, &records);
  record_list_clear(&records);
  if (!read || !plan_find_stage(trials, error)) return false;
  if (trials->pending_count == 0) plan_check_rungs(trials, &text);
  launch->options->warn(&text);
  return true;
}

static bool plan_trials(struct launch *launch, struct error *error) {
  const struct launch_options *options = launch->options;
  if (!run_data_load(&launch->data, options->config, options->dataset, options->data,
                     options->interrupted, error) ||
      !plan_init(&launch->trials, &launch->data, options->config, options->kernels, false,
                 ESTIMATE_DENSE, options->retry_failed, options->interrupted, error)) {
    return false;
  }
  return find_rung(launch, error) &&
         launch_plan_make(&launch->plan, &launch->trials, &options->config->launcher, error);
}

/* --- the script --- */

/* As seen from any folder. A line of a script cannot have a newline in it. */
static char *absolute(const char *path, struct error *error) {
  char here[4096];
  if (path[strcspn(path, "\n")] != '\0') {
    error_set(error, ERROR_USAGE, "'%s': a path of a cluster's script is one line", path);
    return NULL;
  }
  if (path[0] == '/') return memory_text(path, error);
  if (getcwd(here, sizeof here) == NULL) {
    error_set(error, ERROR_SYSTEM, "the current folder has no path");
    return NULL;
  }
  return file_join(here, path, error);
}

static char *own_program(struct error *error) {
  char path[INSTALLED_PATH];
  if (installed_find("crosslane", path)) return absolute(path, error);
  error_set(error, ERROR_SYSTEM, "it is not known where the program 'crosslane' lies");
  return NULL;
}

static bool prepare_script(struct launch *launch, const struct slurm_limits *limits,
                           struct error *error) {
  const struct launch_options *options = launch->options;
  const bool data = options->data != NULL && options->config->base.data.source != SOURCE_SYNTHETIC;
  launch->run = absolute(options->run, error);
  launch->folder = launch->run != NULL ? file_join(launch->run, "launch", error) : NULL;
  launch->program = launch->folder != NULL ? own_program(error) : NULL;
  if (launch->program == NULL) return false;
  launch->data_path = data ? absolute(options->data, error) : NULL;
  if (data && launch->data_path == NULL) return false;
  (void)config_folder(options->config->name, launch->name); /* it was read, so it has one */
  launch->script = (struct launch_script){.name = launch->name,
                                          .run = launch->run,
                                          .folder = launch->folder,
                                          .program = launch->program,
                                          .data = launch->data_path,
                                          .retry_failed = options->retry_failed,
                                          .spec = &options->config->launcher,
                                          .rung = launch->plan.rung,
                                          .rungs = launch->plan.rungs,
                                          .tasks = launch->plan.tasks,
                                          .per_array = (size_t)limits->array_size - 1};
  return true;
}

/* --- a dry run --- */

static void preview(const struct launch *launch, struct text *report) {
  const struct launch_script *script = &launch->script;
  for (size_t array = 1; array <= launch_script_arrays(script); array++) {
    text_add(report, "%s/array-%zu.sbatch:\n", launch->folder, array);
    launch_script_array(script, array, report);
    text_add(report, "\n");
  }
  text_add(report, "%s/merge.sbatch, after them (--dependency=afterany):\n", launch->folder);
  launch_script_merge(script, report);
}

/* --- files --- */

static bool write_file(const struct launch *launch, const char *name, struct text *text,
                       struct error *error) {
  char *path = file_join(launch->folder, name, error);
  bool done = path != NULL;
  if (done && text->failed) done = error_set(error, ERROR_SYSTEM, "out of memory");
  done = done && file_write_atomic(path, text->text, text->length, error);
  free(path);
  text_clear(text);
  return done;
}

static bool write_scripts(const struct launch *launch, struct error *error) {
  struct text text = {0};
  for (size_t array = 1; array <= launch_script_arrays(&launch->script); array++) {
    char name[64];
    (void)snprintf(name, sizeof name, "array-%zu.sbatch", array);
    launch_script_array(&launch->script, array, &text);
    if (!write_file(launch, name, &text, error)) return false;
  }
  launch_script_merge(&launch->script, &text);
  return write_file(launch, "merge.sbatch", &text, error);
}

/* Who is in. */
static bool write_rung(const struct launch *launch, struct error *error) {
  char name[LAUNCH_RUNG_NAME];
  struct text text = {0};
  if (launch->plan.rungs == 0) return true;
  launch_script_rung(&launch->script, name);
  rung_list_text(&launch->trials, &text);
  return write_file(launch, name, &text, error);
}

static bool make_folder(const struct launch *launch, const char *name, struct error *error) {
  char *path = file_join(launch->folder, name, error);
  const bool made = path != NULL && file_make_folders(path, error);
  free(path);
  return made;
}

/* As a sweep begins with it: tables know what is missing. Its lock is held for a moment only,
 * as a merge may begin meanwhile. */
static bool begin_run(const struct launch *launch, struct error *error) {
  const struct launch_options *options = launch->options;
  struct run_folder folder;
  struct text warning = {0};
  const bool open = run_folder_open(&folder, launch->run, &warning, error);
  options->warn(&warning);
  if (!open) return false;
  const bool done =
      run_folder_keep_config(&folder, options->config, error) &&
      run_folder_keep_architectures(&folder, options->config, &launch->data.list,
                                    launch->trials.left_out, launch->data_path != NULL, error);
  run_folder_close(&folder);
  return done;
}

static bool write_files(const struct launch *launch, struct error *error) {
  struct text text = {0};
  if (!make_folder(launch, "logs", error) || !make_folder(launch, "shards", error) ||
      !config_resolve(launch->options->config, launch->folder, &text, error) ||
      !write_file(launch, "config.yaml", &text, error)) {
    text_clear(&text);
    return false;
  }
  launch_plan_text(&launch->plan, &text);
  return write_file(launch, "plan.tsv", &text, error) && write_rung(launch, error) &&
         write_scripts(launch, error);
}

/* Jobs that wait would train shards of the earlier plan with the files of the new one. */
static bool check_plan(const struct launch *launch, struct error *error) {
  struct text text = {0};
  size_t size = 0;
  char *path = file_join(launch->folder, "plan.tsv", error);
  if (path == NULL) return false;
  launch_plan_text(&launch->plan, &text);
  const bool there = file_exists(path);
  char *earlier = there ? file_read(path, FILE_MOST_JSON, &size, ERROR_DATA, error) : NULL;
  bool good = (!there || earlier != NULL) && !text.failed;
  const bool other =
      good && there && (size != text.length || memcmp(earlier, text.text, size) != 0);
  if (text.failed) error_set(error, ERROR_SYSTEM, "out of memory");
  if (other && launch_jobs_active(&launch->jobs, &launch->queue, false) > 0) {
    error_set(error, ERROR_USAGE,
              "%s: jobs of an earlier launch with other trials or tasks are "
              "still in the queue",
              launch->run);
    good = error_help(error, "wait for them, or end them with 'crosslane launch cancel %s'",
                      launch->options->run);
  }
  free(earlier);
  free(path);
  text_clear(&text);
  return good;
}

/* --- all of it --- */

static bool read_state(struct launch *launch, struct error *error) {
  struct text left_out = {0};
  bool found;
  if (!launch_jobs_read(launch->folder, &launch->jobs, error) ||
      !slurm_queue_ask(&launch->queue, &found, error)) {
    return false;
  }
  if (!found) {
    error_set(error, ERROR_SYSTEM, "cannot run squeue: there is no such program");
    return error_help(error, "run it on a machine of the cluster that can submit jobs");
  }
  const bool read = launch_tally_read(&launch->tally, &launch->plan, launch->run, &left_out, error);
  launch->options->warn(&left_out);
  return read;
}

/* One launch at a time. */
static bool launch_in(struct launch *launch, struct text *report, struct launch_summary *summary,
                      struct error *error) {
  struct run_lock lock = RUN_LOCK_NONE;
  struct text warning = {0};
  const bool locked = file_make_folders(launch->folder, error) &&
                      run_lock_take(&lock, launch->folder, &warning, error);
  launch->options->warn(&warning);
  const bool done =
      locked && read_state(launch, error) && check_plan(launch, error) &&
      launch_check_records(&launch->tally, launch->run, launch->data.dataset.digest, error) &&
      begin_run(launch, error) && write_files(launch, error) &&
      launch_send(launch, report, summary, error);
  run_lock_release(&lock);
  return done;
}

static void summarise(const struct launch *launch, struct launch_summary *summary) {
  const struct launcher_spec *spec = launch->script.spec;
  summary->trials = launch->plan.wanted;
  summary->rung = launch->plan.rung;
  summary->rungs = launch->plan.rungs;
  summary->epochs = plan_epochs(&launch->trials);
  summary->tasks = launch->plan.tasks;
  summary->recorded = launch->tally.recorded;
  summary->failed = launch->tally.failed;
  if (spec == NULL) return;
  summary->seconds = launch->plan.due / (double)launch->plan.tasks /
                     ((double)spec->gflops * 1e9 * (double)spec->cpus_per_task);
}

static void clear(struct launch *launch) {
  launch_tally_clear(&launch->tally);
  slurm_queue_clear(&launch->queue);
  launch_jobs_clear(&launch->jobs);
  launch_plan_clear(&launch->plan);
  plan_clear(&launch->trials);
  run_data_clear(&launch->data);
  free(launch->run);
  free(launch->folder);
  free(launch->program);
  free(launch->data_path);
}

static bool ask_limits(struct launch *launch, struct error *error) {
  bool found;
  const char *account = launch->options->config->launcher.account;
  const bool asked = slurm_limits_ask(account, &launch->limits, &found, error);
  if (asked && found) return true;
  if (launch->options->dry_run) {
    struct text text = {0};
    text_add(&text, "%s: MaxArraySize is taken to be %d, Slurm's default",
             asked ? "there is no scontrol here" : error->message, SLURM_ARRAY_SIZE);
    launch->options->warn(&text);
    *error = (struct error){0};
    return true;
  }
  if (!asked) return false;
  error_set(error, ERROR_SYSTEM, "cannot run scontrol: there is no such program");
  return error_help(error,
                    "run it on a machine of the cluster that can submit jobs; --dry-run prints "
                    "the scripts anywhere");
}

bool launch_submit(const struct launch_options *options, struct text *report,
                   struct launch_summary *summary, struct error *error) {
  struct launch launch = {.options = options};
  *summary = (struct launch_summary){0};
  bool done = plan_trials(&launch, error) && ask_limits(&launch, error) &&
              prepare_script(&launch, &launch.limits, error);
  if (done && options->dry_run) {
    preview(&launch, report);
  } else if (done) {
    done = launch_in(&launch, report, summary, error);
  }
  if (launch.plan.trial != NULL) summarise(&launch, summary);
  clear(&launch);
  return done;
}
