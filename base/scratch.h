/* A folder for files that are not kept. One that a killed process left is
 * removed by the next that makes one. */
#ifndef CROSSLANE_BASE_SCRATCH_H
#define CROSSLANE_BASE_SCRATCH_H

#include <stdbool.h>

#include "base/error.h"

/* `lock` is the folder, open and locked for as long as it is in use: the system
 * opens the lock of a process that ends, however it does. */
struct scratch {
  char *folder; /* its path; NULL: none */
  int lock;
};

/* A new empty folder in TMPDIR, or in /tmp. False: ERROR_SYSTEM, and nothing to
 * remove. */
bool scratch_make(struct scratch *scratch, struct error *error);

/* Removes the folder with the files in it; none is fine. */
void scratch_remove(struct scratch *scratch);

#endif
