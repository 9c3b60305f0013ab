#include "experiments/run_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"
#include "records/architectures.h"
#include "records/record_list.h"

static bool make_folder(const char *run, const char *name, struct error *error) {
  char *path = file_join(run, name, error);
  bool made =
      path != NULL && file_make_folders(path, error) && file_remove_temporaries(path, error);
  free(path);
  return made;
}

/* With the folder itself. */
static bool make_trials(const char *run, struct error *error) {
  char *path = file_join(run, "trials", error);
  const bool made = path != NULL && file_make_folders(path, error);
  free(path);
  return made;
}

/* Models are there only when they were asked for. */
static bool clean_models(const char *run, struct error *error) {
  char *path = file_join(run, "models", error);
  bool clean = path != NULL && (!file_is_folder(path) || file_remove_temporaries(path, error));
  free(path);
  return clean;
}

bool run_folder_open(struct run_folder *folder, const char *path, struct text *warning,
                     struct error *error) {
  *folder = (struct run_folder){.lock = RUN_LOCK_NONE};
  folder->path = memory_text(path, error);
  /* One that is killed from here on leaves a folder that a merge takes. */
  bool open = folder->path != NULL && make_trials(path, error) &&
              run_lock_take(&folder->lock, path, warning, error) &&
              file_remove_temporaries(path, error) && make_folder(path, "trials", error) &&
              make_folder(path, "configs", error) && clean_models(path, error);
  if (!open) run_folder_close(folder);
  return open;
}

void run_folder_close(struct run_folder *folder) {
  run_lock_release(&folder->lock);
  free(folder->path);
  *folder = (struct run_folder){.lock = RUN_LOCK_NONE};
}

static bool write_as(const struct run_folder *folder, const char *name, const char *text,
                     size_t size, struct error *error) {
  char *path = file_join(folder->path, name, error);
  const bool written = path != NULL && file_write_atomic(path, text, size, error);
  free(path);
  return written;
}

/* A folder's own config, run again: what was given before that stays beside it. */
static bool is_own_config(const struct run_folder *folder, const struct config *config) {
  struct error unused = {0};
  size_t size = 0;
  char *path = file_join(folder->path, "config.yaml", &unused);
  const bool there = path != NULL && file_exists(path);
  char *own = there ? file_read(path, FILE_MOST_TEXT, &size, ERROR_DATA, &unused) : NULL;
  const bool same =
      own != NULL && size == config->text_size && memcmp(own, config->text, size) == 0;
  free(own);
  free(path);
  return same;
}

bool run_folder_keep_config(const struct run_folder *folder, const struct config *config,
                            struct error *error) {
  char digest[DIGEST_TEXT], name[DIGEST_TEXT + 16];
  struct text resolved = {0};
  bool done = config_resolve(config, folder->path, &resolved, error);
  if (done) {
    digest_text(digest_bytes(resolved.text, resolved.length), digest);
    (void)snprintf(name, sizeof name, "configs/%s.yaml", digest);
    done = write_as(folder, name, resolved.text, resolved.length, error) &&
           (is_own_config(folder, config) ||
            write_as(folder, "config.given.yaml", config->text, config->text_size, error)) &&
           write_as(folder, "config.yaml", resolved.text, resolved.length, error);
  }
  text_clear(&resolved);
  return done;
}

/* --- the run folder --- */

static bool add_architecture(const struct trial_list *trials, size_t index,
                             struct architecture_list *list, struct error *error) {
  struct architecture_entry *entry = &list->architecture[list->count++];
  entry->label = trials->architecture[index].label;
  entry->swept = trials->architecture[index].swept;
  entry->key = memory_array(trials->trials / trials->architectures, sizeof *entry->key, error);
  if (entry->key == NULL) return false;
  for (size_t i = 0; i < trials->trials; i++) {
    if (trials->trial[i].architecture != index) continue;
    memcpy(entry->key[entry->keys++], trials->trial[i].key, DIGEST_TEXT);
  }
  return true;
}

static const char *save_name(enum model_saving saving) {
  return saving == SAVE_NONE ? NULL : saving == SAVE_BEST ? "best" : "all";
}

bool run_folder_keep_architectures(const struct run_folder *folder, const struct config *config,
                                   const struct trial_list *trials, const bool *left_out,
                                   bool data_given, struct error *error) {
  struct architecture_list list = {.name = (char *)config->name,
                                   .data_given = data_given,
                                   .description = config->description,
                                   .baseline = config->baseline,
                                   .save = (char *)save_name(config->base.train.save)};
  list.architecture = memory_array(trials->architectures, sizeof *list.architecture, error);
  bool done = list.architecture != NULL;
  for (size_t a = 0; done && a < trials->architectures; a++) {
    if (!left_out[a]) done = add_architecture(trials, a, &list, error);
  }
  done = done && architectures_write(folder->path, &list, error);
  for (size_t a = 0; a < list.count; a++) free(list.architecture[a].key);
  free(list.architecture);
  return done;
}

bool run_folder_read_records(const char *path, struct record_list *records, struct text *left_out,
                             struct error *error) {
  *records = (struct record_list){0};
  char *trials = file_join(path, "trials", error);
  if (trials == NULL) return false;
  const bool there = file_is_folder(trials);
  free(trials);
  return !there || record_list_read(path, records, left_out, error);
}

bool run_folder_check_schema(const char *path, const struct record_list *records,
                             struct error *error) {
  for (size_t i = 0; i < records->count; i++) {
    if (records->record[i].schema != RECORD_SCHEMA_FIRST) continue;
    error_set(error, ERROR_USAGE,
              "%s: has records of Crosslane 0.1 (schema %d), which do not compare by key with new "
              "ones",
              path, RECORD_SCHEMA_FIRST);
    return error_help(error, "'crosslane show' still reads them; give another folder with --out");
  }
  return true;
}
