/* Within results/: a summary from what a run folder holds. */
#ifndef CROSSLANE_RESULTS_SUMMARY_PARTS_H
#define CROSSLANE_RESULTS_SUMMARY_PARTS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "records/architectures.h"
#include "records/record_list.h"
#include "results/summary.h"

struct summary_folder {
  const char *run;
  bool planned; /* it has an architectures.json: `list` */
  struct architecture_list list;
  struct record_list records; /* by key */
};

bool summary_folder_read(struct summary_folder *folder, const char *run, struct text *left_out,
                         struct error *error);
void summary_folder_clear(struct summary_folder *folder);

/* Takes the folder's records. On failure `summary` is empty. */
bool summary_make(struct summary_folder *folder, struct summary *summary, struct error *error);

#endif
