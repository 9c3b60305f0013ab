#define _DEFAULT_SOURCE /* flock */
#include "base/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

/* It is made and locked under the first name, and then takes the second: one
 * with that name that is not locked is nobody's. */
#define MAKING "crosslane-making-"
#define MADE "crosslane-scratch-"
enum { MAKING_SECONDS = 60 };

static const char *base_folder(void) {
  const char *base = getenv("TMPDIR");
  return base != NULL && base[0] != '\0' ? base : "/tmp";
}

static int open_folder(int at, const char *name) {
  return openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The files in it; folders, of which it has none, stay. */
static void empty(int folder) {
  const int copy = dup(folder);
  DIR *entries = copy >= 0 ? fdopendir(copy) : NULL;
  for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
    (void)unlinkat(folder, entry->d_name, 0);
  }
  if (entries != NULL) {
    (void)closedir(entries);
  } else if (copy >= 0) {
    (void)close(copy);
  }
}

static bool begins(const char *name, const char *with) {
  return strncmp(name, with, strlen(with)) == 0;
}

/* Of this user, and locked by no process; one in the making: for a while now. */
static bool is_stale(int folder, const char *name) {
  struct stat status;
  if (fstat(folder, &status) != 0 || status.st_uid != geteuid()) return false;
  const bool old = status.st_mtime + MAKING_SECONDS < time(NULL);
  return (begins(name, MADE) || old) && flock(folder, LOCK_EX | LOCK_NB) == 0;
}

static void remove_stale(const char *base) {
  DIR *entries = opendir(base);
  for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
    if (!begins(entry->d_name, MADE) && !begins(entry->d_name, MAKING)) continue;
    const int folder = open_folder(dirfd(entries), entry->d_name);
    if (folder < 0) continue;
    if (is_stale(folder, entry->d_name)) {
      empty(folder);
      (void)unlinkat(dirfd(entries), entry->d_name, AT_REMOVEDIR);
    }
    (void)close(folder);
  }
  if (entries != NULL) (void)closedir(entries);
}

/* From the first name to the second. */
static bool make_locked(char *making, struct scratch *scratch) {
  if (mkdtemp(making) == NULL) return false;
  const size_t end = strlen(making) - strlen("XXXXXX");
  strcpy(scratch->folder + strlen(scratch->folder) - strlen("XXXXXX"), making + end);
  scratch->lock = open_folder(AT_FDCWD, making);
  if (scratch->lock >= 0) (void)flock(scratch->lock, LOCK_EX | LOCK_NB); /* else without */
  if (rename(making, scratch->folder) == 0) return true;
  const int fault = errno;
  (void)rmdir(making);
  errno = fault;
  return false;
}

bool scratch_make(struct scratch *scratch, struct error *error) {
  const char *base = base_folder();
  remove_stale(base);
  *scratch = (struct scratch){.folder = file_join(base, MADE "XXXXXX", error), .lock = -1};
  char *making = scratch->folder != NULL ? file_join(base, MAKING "XXXXXX", error) : NULL;
  bool made = making != NULL;
  if (made && !make_locked(making, scratch)) {
    made = error_system(error, errno, "cannot make a temporary folder in %s", base);
    error_help(error, "the variable TMPDIR names another place");
  }
  free(making);
  if (made) return true;
  if (scratch->lock >= 0) (void)close(scratch->lock);
  free(scratch->folder);
  *scratch = (struct scratch){.lock = -1};
  return false;
}

void scratch_remove(struct scratch *scratch) {
  if (scratch->folder == NULL) return;
  const int folder = open_folder(AT_FDCWD, scratch->folder);
  if (folder >= 0) {
    empty(folder);
    (void)close(folder);
  }
  (void)rmdir(scratch->folder);
  if (scratch->lock >= 0) (void)close(scratch->lock);
  free(scratch->folder);
  *scratch = (struct scratch){.lock = -1};
}
