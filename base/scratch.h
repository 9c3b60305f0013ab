/* A folder for files that are not kept. */
#ifndef CROSSLANE_BASE_SCRATCH_H
#define CROSSLANE_BASE_SCRATCH_H

#include "base/error.h"

/* A new empty folder in TMPDIR, or in /tmp: its path, for scratch_remove. NULL:
 * ERROR_SYSTEM. */
char *scratch_make(struct error *error);

/* Removes the folder with the files in it, and frees the path; NULL is fine. */
void scratch_remove(char *folder);

#endif
