#include "experiments/run_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

/* "process 123 on host since 2026-01-31T12:00:00Z" */
enum { HOLDER_BYTES = 400, HOST_BYTES = 256 };

static void host_name(char host[HOST_BYTES]) {
  if (gethostname(host, HOST_BYTES - 1) != 0) (void)snprintf(host, HOST_BYTES, "unknown-host");
  host[HOST_BYTES - 1] = '\0';
}

static void describe_self(char holder[HOLDER_BYTES]) {
  char host[HOST_BYTES], date[32] = "";
  const time_t now = time(NULL);
  struct tm utc;
  host_name(host);
  if (gmtime_r(&now, &utc) != NULL) (void)strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &utc);
  (void)snprintf(holder, HOLDER_BYTES, "process %ld on %s since %s\n", (long)getpid(), host, date);
}

/* The first line of a lock file; "" when there is none. */
static void read_holder(int descriptor, char holder[HOLDER_BYTES]) {
  const ssize_t got = pread(descriptor, holder, HOLDER_BYTES - 1, 0);
  holder[got > 0 ? got : 0] = '\0';
  holder[strcspn(holder, "\n")] = '\0';
}

/* Whether that process was one of this host, and is gone. */
static bool is_stale(const char *holder) {
  char host[HOST_BYTES], own[HOST_BYTES];
  long process;
  host_name(own);
  return sscanf(holder, "process %ld on %255s since", &process, host) == 2 &&
         strcmp(host, own) == 0 && process > 0 && kill((pid_t)process, 0) != 0 && errno == ESRCH;
}

static bool refuse(const char *folder, const char *holder, struct error *error) {
  error_set(error, ERROR_USAGE, "%s: another sweep is at work here%s%s%s", folder,
            holder[0] != '\0' ? " (" : "", holder, holder[0] != '\0' ? ")" : "");
  return error_help(error, "wait for it, or give this one another folder with --out");
}

static bool has_no_locks(int fault) {
  return fault == ENOSYS || fault == ENOLCK || fault == EOPNOTSUPP || fault == ENOTSUP ||
         fault == EINVAL;
}

/* --- a file that only one can make --- */

static bool make_owned(const char *path, bool *made, struct error *error) {
  char holder[HOLDER_BYTES];
  *made = false;
  const int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) return errno == EEXIST || error_system(error, errno, "%s: cannot make", path);
  describe_self(holder);
  const bool written = file_write_all(descriptor, holder, strlen(holder));
  const int fault = errno;
  (void)close(descriptor);
  *made = written;
  if (written) return true;
  (void)unlink(path);
  return error_system(error, fault, "%s: cannot write", path);
}

/* Moves a stale one out of the way. Another sweep may do the same at this moment,
 * and have made its own already: what was moved must be what was read. */
static void remove_stale(const char *path, const char *holder) {
  struct text aside = {0};
  text_add(&aside, "%s.%ld%s", path, (long)getpid(), FILE_TEMPORARY_SUFFIX);
  if (!aside.failed && rename(path, aside.text) == 0) {
    char moved[HOLDER_BYTES] = "";
    const int descriptor = open(aside.text, O_RDONLY | O_CLOEXEC);
    if (descriptor >= 0) {
      read_holder(descriptor, moved);
      (void)close(descriptor);
    }
    /* Should it fail: another has made its own in the meantime. */
    const bool back = strcmp(moved, holder) != 0 && link(aside.text, path) == 0;
    (void)back;
    (void)unlink(aside.text);
  }
  text_clear(&aside);
}

static bool take_owned(struct run_lock *lock, const char *folder, struct error *error) {
  char *path = file_join(folder, "lock.owner", error);
  char holder[HOLDER_BYTES] = "";
  bool made = false, good = path != NULL;
  for (int attempt = 0; good && !made && attempt < 2; attempt++) {
    good = make_owned(path, &made, error);
    const int descriptor = good && !made ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (descriptor < 0) continue;
    read_holder(descriptor, holder);
    (void)close(descriptor);
    if (attempt == 0 && is_stale(holder)) {
      remove_stale(path, holder);
    } else {
      good = refuse(folder, holder, error);
      error_help(error, "remove %s if you are sure that this sweep has ended", path);
    }
  }
  if (good && !made) good = refuse(folder, holder, error);
  if (good) {
    lock->owned = path;
  } else {
    free(path);
  }
  return good;
}

/* --- locks of the file system --- */

/* On the folder itself, where that is possible: NFS has no flock on what is not
 * open for writing. */
static bool lock_folder(struct run_lock *lock, const char *folder, bool *busy,
                        struct error *error) {
  lock->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock->folder < 0) return error_system(error, errno, "%s: cannot open", folder);
  *busy = flock(lock->folder, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  return true;
}

/* fcntl's locks are the process's: workers do not inherit them. Where the folder's lock is
 * another's, this one is left to it: else each of two could have one and refuse the other. */
static bool lock_file(struct run_lock *lock, const char *path, bool *busy, bool *locks,
                      struct error *error) {
  lock->file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (lock->file < 0) return error_system(error, errno, "%s: cannot open", path);
  if (*busy) return true;
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  *locks = true;
  if (fcntl(lock->file, F_SETLK, &whole) == 0) return true;
  if (errno == EACCES || errno == EAGAIN) {
    *busy = true;
  } else if (has_no_locks(errno)) {
    *locks = false;
  } else {
    return error_system(error, errno, "%s: cannot lock", path);
  }
  return true;
}

static bool write_holder(int descriptor, const char *path, struct error *error) {
  char holder[HOLDER_BYTES];
  describe_self(holder);
  if (ftruncate(descriptor, 0) == 0 && file_write_all(descriptor, holder, strlen(holder))) {
    return true;
  }
  return error_system(error, errno, "%s: cannot write", path);
}

static bool take(struct run_lock *lock, const char *folder, const char *path, struct text *warning,
                 struct error *error) {
  bool busy = false, locks = false;
  if (!lock_folder(lock, folder, &busy, error)) return false;
  if (!lock_file(lock, path, &busy, &locks, error)) return false;
  if (busy) {
    char holder[HOLDER_BYTES];
    read_holder(lock->file, holder);
    return refuse(folder, holder, error);
  }
  if (!locks) {
    text_add(warning,
             "%s: this file system has no locks; the file lock.owner keeps other sweeps out",
             folder);
    if (!take_owned(lock, folder, error)) return false;
  }
  return write_holder(lock->file, path, error);
}

bool run_lock_take(struct run_lock *lock, const char *folder, struct text *warning,
                   struct error *error) {
  *lock = RUN_LOCK_NONE;
  char *path = file_join(folder, "lock", error);
  const bool taken = path != NULL && take(lock, folder, path, warning, error);
  free(path);
  if (!taken) {
    run_lock_close(lock);
    *lock = RUN_LOCK_NONE;
  }
  return taken;
}

void run_lock_close(const struct run_lock *lock) {
  if (lock->file >= 0) (void)close(lock->file);
  if (lock->folder >= 0) (void)close(lock->folder);
}

void run_lock_release(struct run_lock *lock) {
  /* Should it stay: it names a process that is gone, and the next sweep writes its own. */
  const bool emptied = lock->file >= 0 && ftruncate(lock->file, 0) == 0;
  (void)emptied;
  if (lock->owned != NULL) (void)unlink(lock->owned);
  free(lock->owned);
  run_lock_close(lock);
  *lock = RUN_LOCK_NONE;
}
