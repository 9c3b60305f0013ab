/* The folder that a merge makes, until it has its name. */
#ifndef CROSSLANE_EXPERIMENTS_RUN_MERGE_FOLDER_H
#define CROSSLANE_EXPERIMENTS_RUN_MERGE_FOLDER_H

#include <stdbool.h>

#include "base/error.h"

struct merge_folder {
  char *out;  /* its name, in the end */
  char *path; /* beside it, until then; base/file.h */
  int lock;   /* the folder, open and locked while its process lives */
};

/* Made and locked; and what killed merges to the same `out` left is removed: folders of such
 * a name that nobody has locked. Drop it in any case. */
bool merge_folder_make(struct merge_folder *folder, const char *out, struct error *error);

/* It takes its name, in the place of nothing or of an empty folder. */
bool merge_folder_place(struct merge_folder *folder, struct error *error);

/* Removes it, unless it was placed. */
void merge_folder_drop(struct merge_folder *folder);

#endif
