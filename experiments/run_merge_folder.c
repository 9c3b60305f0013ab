#define _DEFAULT_SOURCE /* flock */
#include "experiments/run_merge_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

static void remove_folder(const char *path);

static void remove_entry(const char *folder, const char *name) {
  struct error ignored;
  if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return;
  char *path = file_join(folder, name, &ignored);
  if (path != NULL && unlink(path) != 0) remove_folder(path);
  free(path);
}

/* Folders of a run have no folders in theirs. */
static void remove_folder(const char *path) {
  DIR *entries = opendir(path);
  if (entries == NULL) return;
  for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
    remove_entry(path, entry->d_name);
  }
  (void)closedir(entries);
  (void)rmdir(path);
}

static int open_folder(const char *path) {
  return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* "NAME.123.crosslane-tmp" of NAME. */
static bool is_temporary_of(const char *entry, const char *name) {
  const size_t length = strlen(name);
  if (strncmp(entry, name, length) != 0 || entry[length] != '.') return false;
  const char *at = entry + length + 1;
  const size_t digits = strspn(at, "0123456789");
  return digits > 0 && strcmp(at + digits, FILE_TEMPORARY_SUFFIX) == 0;
}

static void remove_unlocked(const char *path) {
  const int folder = open_folder(path);
  if (folder < 0) return;
  if (flock(folder, LOCK_EX | LOCK_NB) == 0) remove_folder(path);
  (void)close(folder);
}

static bool remove_leftovers(const char *out, struct error *error) {
  const char *slash = strrchr(out, '/');
  const char *name = slash != NULL ? slash + 1 : out;
  char *parent = file_folder(out, error);
  if (parent == NULL) return false;
  DIR *entries = opendir(parent);
  bool good = true;
  for (struct dirent *entry; good && entries != NULL && (entry = readdir(entries)) != NULL;) {
    if (!is_temporary_of(entry->d_name, name)) continue;
    char *path = file_join(parent, entry->d_name, error);
    good = path != NULL;
    if (good) remove_unlocked(path);
    free(path);
  }
  if (entries != NULL) (void)closedir(entries);
  free(parent);
  return good;
}

/* Without the slashes at its end, so that a name beside it can be made. */
static char *plain_path(const char *path, struct error *error) {
  char *plain = memory_text(path, error);
  if (plain == NULL) return NULL;
  for (size_t end = strlen(plain); end > 1 && plain[end - 1] == '/'; end--) plain[end - 1] = '\0';
  return plain;
}

bool merge_folder_make(struct merge_folder *folder, const char *out, struct error *error) {
  *folder = (struct merge_folder){.lock = -1};
  folder->out = plain_path(out, error);
  if (folder->out == NULL || !remove_leftovers(folder->out, error)) return false;
  folder->path = file_temporary(folder->out, error);
  if (folder->path == NULL || !file_make_folders(folder->path, error)) return false;
  folder->lock = open_folder(folder->path);
  if (folder->lock < 0) return error_system(error, errno, "%s", folder->path);
  /* Of a file system without locks nothing is removed either. */
  if (flock(folder->lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return true;
  error_set(error, ERROR_SYSTEM, "%s: another merge is at work there", folder->path);
  free(folder->path); /* it is not ours to remove */
  folder->path = NULL;
  return false;
}

bool merge_folder_place(struct merge_folder *folder, struct error *error) {
  if (!file_replace(folder->path, folder->out, error)) return false;
  free(folder->path);
  folder->path = NULL;
  return true;
}

void merge_folder_drop(struct merge_folder *folder) {
  if (folder->path != NULL) remove_folder(folder->path);
  if (folder->lock >= 0) (void)close(folder->lock);
  free(folder->path);
  free(folder->out);
  *folder = (struct merge_folder){.lock = -1};
}
