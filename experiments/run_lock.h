/* The lock of a run folder: one sweep at a time. */
#ifndef CROSSLANE_EXPERIMENTS_RUN_LOCK_H
#define CROSSLANE_EXPERIMENTS_RUN_LOCK_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

struct run_lock {
  int folder;  /* descriptor of the run folder, with flock: holds when `lock` is removed */
  int file;    /* of `lock`, with fcntl's lock; it says host, process and time of the holder */
  char *owned; /* where neither can be had: a file that only one can make; else NULL */
};

/* Not locked. */
#define RUN_LOCK_NONE ((struct run_lock){.folder = -1, .file = -1})

/* Takes the lock. Another sweep at work there is ERROR_USAGE with its host,
 * process and time. On a file system without locks (some of NFS, Lustre), a
 * file `lock.owner` is made instead, `warning` says so, and one that a dead
 * process of this host left is taken over. */
bool run_lock_take(struct run_lock *lock, const char *folder, struct text *warning,
                   struct error *error);

/* Leaves `lock` behind, empty. */
void run_lock_release(struct run_lock *lock);

/* In a worker, first: flock belongs to an open file, which fork shares, and
 * would outlive the parent. */
void run_lock_close(const struct run_lock *lock);

#endif
