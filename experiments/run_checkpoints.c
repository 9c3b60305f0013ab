#include "experiments/run_checkpoints.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"

enum { NAME = DIGEST_TEXT + 32, ROOM = 256 };

static const char folder_name[] = "checkpoints", suffix[] = ".safetensors";

bool run_checkpoints_open(const char *run, struct error *error) {
  char *folder = file_join(run, folder_name, error);
  const bool open =
      folder != NULL && file_make_folders(folder, error) && file_remove_temporaries(folder, error);
  free(folder);
  return open;
}

char *run_checkpoints_file(const char *run, const char *key, struct error *error) {
  char name[NAME];
  (void)snprintf(name, sizeof name, "%s/%s%s", folder_name, key, suffix);
  return file_join(run, name, error);
}

bool run_checkpoints_remove(const char *run, const char *key, struct error *error) {
  char *path = run_checkpoints_file(run, key, error);
  if (path != NULL) (void)unlink(path);
  free(path);
  return path != NULL;
}

/* --- those that are there: one look at the folder, not one for each trial --- */

struct keys {
  size_t count, room;
  char (*key)[DIGEST_TEXT]; /* ascending */
};

static int by_text(const void *one, const void *other) {
  return strcmp(one, other);
}

static bool add_key(struct keys *keys, const char *name, struct error *error) {
  if (strlen(name) != DIGEST_TEXT - 1 + strlen(suffix) ||
      strcmp(name + DIGEST_TEXT - 1, suffix) != 0) {
    return true;
  }
  if (keys->count == keys->room) {
    void *grown = memory_grow(keys->key, keys->room + ROOM, sizeof *keys->key, error);
    if (grown == NULL) return false;
    keys->key = grown;
    keys->room += ROOM;
  }
  memcpy(keys->key[keys->count], name, DIGEST_TEXT - 1);
  keys->key[keys->count++][DIGEST_TEXT - 1] = '\0';
  return true;
}

/* None where there is no folder. */
static bool keys_read(struct keys *keys, const char *run, struct error *error) {
  *keys = (struct keys){0};
  char *folder = file_join(run, folder_name, error);
  if (folder == NULL) return false;
  DIR *entries = opendir(folder);
  bool done = entries != NULL || errno == ENOENT || errno == ENOTDIR ||
              error_system(error, errno, "%s: cannot list", folder);
  for (const struct dirent *entry; done && entries != NULL && (entry = readdir(entries)) != NULL;) {
    done = add_key(keys, entry->d_name, error);
  }
  if (entries != NULL) (void)closedir(entries);
  free(folder);
  if (keys->count > 0) qsort(keys->key, keys->count, sizeof *keys->key, by_text);
  return done;
}

static bool keys_have(const struct keys *keys, const char *key) {
  return keys->count > 0 &&
         bsearch(key, keys->key, keys->count, sizeof *keys->key, by_text) != NULL;
}

bool run_checkpoints_count(const struct plan *plan, const char *run, size_t *count,
                           struct error *error) {
  struct keys keys = {0};
  *count = 0;
  const bool done = !plan->goes_on || keys_read(&keys, run, error);
  for (size_t i = 0; done && i < plan->pending_count; i++) {
    *count += keys_have(&keys, plan->data->list.trial[plan->pending[i]].key);
  }
  free(keys.key);
  return done;
}

/* A worker that was killed has said nothing against its trial: --retry-failed goes on. */
static bool can_go_on(const struct plan *plan, size_t trial) {
  return plan->in[plan->data->list.trial[trial].architecture] &&
         plan->trial[trial].state != PLANNED_DONE;
}

bool run_checkpoints_prune(const struct plan *plan, const char *run, bool all,
                           struct error *error) {
  struct keys keys;
  bool done = keys_read(&keys, run, error);
  for (size_t i = 0; done && keys.count > 0 && i < plan->trials; i++) {
    const char *key = plan->data->list.trial[i].key;
    if ((!all && can_go_on(plan, i)) || !keys_have(&keys, key)) continue;
    done = run_checkpoints_remove(run, key, error);
  }
  free(keys.key);
  return done;
}
