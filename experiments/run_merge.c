#include "experiments/run_merge.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "config/config.h"
#include "experiments/run_data.h"
#include "experiments/run_folder.h"
#include "experiments/run_merge_folder.h"
#include "experiments/run_merge_models.h"
#include "experiments/run_merge_records.h"
#include "records/index.h"

/* The folders that are put together; `out` is the first where it is added to. */
struct merging {
  const char **run; /* [runs] */
  size_t runs;
  bool add;
};

/* --- before anything is written --- */

static bool check_run(const char *run, struct error *error) {
  char *trials = file_join(run, "trials", error);
  if (trials == NULL) return false;
  const bool good = file_is_folder(trials);
  if (!good) {
    error_set(error, ERROR_USAGE, "'%s' is no folder of a run: it has no trials/ folder", run);
    error_help(error, "a run folder is what 'crosslane sweep' makes, runs/NAME by default");
  }
  free(trials);
  return good;
}

static bool is_empty(const char *path) {
  DIR *entries = opendir(path);
  bool empty = entries != NULL;
  for (struct dirent *entry; empty && (entry = readdir(entries)) != NULL;) {
    empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
  }
  if (entries != NULL) (void)closedir(entries);
  return empty;
}

static bool has(const char *folder, const char *name, bool *there, struct error *error) {
  char *path = file_join(folder, name, error);
  *there = path != NULL && file_exists(path);
  free(path);
  return path != NULL;
}

static bool check_out(const struct merge_options *options, struct error *error) {
  const char *out = options->out;
  bool trials = false, launch = false;
  if (!file_exists(out) || is_empty(out)) return true;
  if (!has(out, "trials", &trials, error) || !has(out, "launch", &launch, error)) return false;
  if (options->add && (trials || launch)) return true;
  error_set(error, ERROR_USAGE, "--out %s: there is something already%s", out,
            options->add ? ", and it is no folder of a run" : "");
  return options->add ? false
                      : error_help(error,
                                   "a merge makes a new folder, or adds to one with --add; what is "
                                   "there may be one of the RUNs");
}

static bool check_folders(const struct merge_options *options, struct error *error) {
  for (size_t i = 0; i < options->runs; i++) {
    if (!check_run(options->run[i], error)) return false;
  }
  return check_out(options, error);
}

/* What all folders ask for; one that was made by hand asks for nothing. */
static bool read_architectures(const struct merging *merging, struct architecture_list *list,
                               struct error *error) {
  for (size_t i = 0; i < merging->runs; i++) {
    struct architecture_list other;
    bool found;
    if (!architectures_read(merging->run[i], &other, &found, error)) return false;
    if (found && list->name == NULL) {
      *list = other;
      continue;
    }
    const bool added = !found || architectures_add(list, &other, error);
    architectures_clear(&other);
    if (!added) return false;
  }
  return true;
}

/* --- the new folder --- */

static bool copy_file(const char *from_folder, const char *name, const char *to_folder,
                      struct error *error) {
  char *from = file_join(from_folder, name, error);
  char *to = from != NULL ? file_join(to_folder, name, error) : NULL;
  const bool done = to != NULL && file_copy_atomic(from, to, FILE_MOST_JSON, error);
  free(from);
  free(to);
  return done;
}

static bool make_folder(const char *to, const char *name, struct error *error) {
  char *path = file_join(to, name, error);
  const bool made = path != NULL && file_make_folders(path, error);
  free(path);
  return made;
}

/* Their names are their digests. */
static bool copy_configs_of(const char *run, const char *to, struct error *error) {
  char *from = file_join(run, "configs", error), *into = file_join(to, "configs", error);
  bool done = from != NULL && into != NULL;
  DIR *entries = done ? opendir(from) : NULL;
  for (struct dirent *entry; done && entries != NULL && (entry = readdir(entries)) != NULL;) {
    const char *dot = strrchr(entry->d_name, '.');
    if (entry->d_name[0] == '.' || dot == NULL || strcmp(dot, ".yaml") != 0) continue;
    done = copy_file(from, entry->d_name, into, error);
  }
  if (entries != NULL) (void)closedir(entries);
  free(from);
  free(into);
  return done;
}

static bool has_config(const char *run) {
  struct error ignored;
  char *path = file_join(run, "config.yaml", &ignored);
  const bool has = path != NULL && file_exists(path);
  free(path);
  return has;
}

/* The data lie elsewhere, as seen from the new folder. */
static bool move_config(const char *run, const char *to, struct error *error) {
  struct text moved = {0};
  char *from = file_join(run, "config.yaml", error);
  char *into = from != NULL ? file_join(to, "config.yaml", error) : NULL;
  const bool done = into != NULL && config_move(from, to, &moved, error) &&
                    file_write_atomic(into, moved.text, moved.length, error);
  text_clear(&moved);
  free(from);
  free(into);
  return done;
}

static bool copy_configs(const struct merging *merging, const char *to, struct error *error) {
  bool newest = merging->add && has_config(to);
  if (!make_folder(to, "configs", error)) return false;
  for (size_t i = merging->add ? 1 : 0; i < merging->runs; i++) {
    const char *run = merging->run[i];
    if (!copy_configs_of(run, to, error)) return false;
    if (newest || !has_config(run)) continue;
    newest = true;
    if (!move_config(run, to, error)) return false;
  }
  return true;
}

static bool fill(const struct merging *merging, const struct record_union *all,
                 const struct architecture_list *list, const char *to,
                 const volatile sig_atomic_t *interrupted, struct merge_summary *summary,
                 struct error *error) {
  return file_make_folders(to, error) && copy_configs(merging, to, error) &&
         (list->name == NULL || architectures_write(to, list, error)) &&
         run_merge_models(all, list, to, &summary->models, error) &&
         run_merge_records(all, to, merging->add, interrupted, error) && index_build(to, error);
}

static bool make(const struct merge_options *options, const struct merging *merging,
                 const struct record_union *all, const struct architecture_list *list,
                 struct merge_summary *summary, struct error *error) {
  struct merge_folder folder;
  const bool done =
      merge_folder_make(&folder, options->out, error) &&
      fill(merging, all, list, folder.path, options->verify.interrupted, summary, error) &&
      merge_folder_place(&folder, error);
  merge_folder_drop(&folder);
  return done;
}

static void count(const struct record_union *all, const struct architecture_list *list,
                  struct merge_summary *summary) {
  *summary = (struct merge_summary){.records = all->count};
  for (size_t i = 0; i < all->count; i++) {
    if (!all->fact[i].chosen) continue;
    summary->done += all->fact[i].status == TRIAL_DONE;
    summary->stopped += all->fact[i].status == TRIAL_STOPPED;
    summary->failed += all->fact[i].status == TRIAL_FAILED;
  }
  for (size_t a = 0; a < list->count; a++) {
    for (size_t k = 0; k < list->architecture[a].keys; k++) {
      summary->missing += record_union_find(all, list->architecture[a].key[k]) == NULL;
    }
  }
}

static bool merge(const struct merge_options *options, const struct merging *merging,
                  struct merge_summary *summary, struct error *error) {
  struct record_union all = {0};
  struct architecture_list list = {0};
  struct text left_out = {0};
  const volatile sig_atomic_t *interrupted = options->verify.interrupted;
  bool done = read_architectures(merging, &list, error) &&
              record_union_read(&all, merging->run, merging->runs, &left_out, error);
  options->warn(&left_out);
  if (done) count(&all, &list, summary);
  summary->added = merging->add;
  done = done && run_verify(&all, &options->verify, error);
  if (done && merging->add) {
    done = fill(merging, &all, &list, options->out, interrupted, summary, error);
  } else {
    done = done && make(options, merging, &all, &list, summary, error);
  }
  architectures_clear(&list);
  record_union_clear(&all);
  return done;
}

/* The folder is locked before its records are read. */
static bool merge_into(const struct merge_options *options, const struct merging *merging,
                       struct merge_summary *summary, struct error *error) {
  struct run_folder folder;
  struct text warning = {0};
  const bool open = run_folder_open(&folder, options->out, &warning, error);
  options->warn(&warning);
  const bool done = open && merge(options, merging, summary, error);
  if (open) run_folder_close(&folder);
  return done;
}

bool run_merge(const struct merge_options *options, struct merge_summary *summary,
               struct error *error) {
  struct merging merging = {.add = options->add && file_exists(options->out)};
  if (!check_folders(options, error)) return false;
  merging.run = memory_array(options->runs + 1, sizeof *merging.run, error);
  if (merging.run == NULL) return false;
  if (merging.add) merging.run[merging.runs++] = options->out;
  for (size_t i = 0; i < options->runs; i++) merging.run[merging.runs++] = options->run[i];
  const bool done = merging.add ? merge_into(options, &merging, summary, error)
                                : merge(options, &merging, summary, error);
  free(merging.run);
  return done;
}
