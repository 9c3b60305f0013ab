/* Run folders of one experiment, put together: shards from several machines. */
#ifndef CROSSLANE_EXPERIMENTS_RUN_MERGE_H
#define CROSSLANE_EXPERIMENTS_RUN_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "experiments/run_verify.h"

struct merge_options {
  const char *const *run; /* [runs] folders, which are left as they are */
  size_t runs;
  const char *out; /* the new folder; one that is there must be empty, unless `add` */
  bool add;        /* to what is there: a run folder, or one of a launch */
  struct verify_options verify;
  void (*warn)(struct text *message); /* what does not stop the merge; clears it */
};

struct merge_summary {
  bool added;                   /* to a folder that was there */
  size_t records;               /* of all folders, with that one */
  size_t done, stopped, failed; /* trials of the new one */
  size_t missing;               /* trials that the configs ask for and that have no record */
  size_t models;
};

/* The union by key (records/record_union.h). The new folder has the chosen records,
 * byte for byte; the configs of all folders, of which config.yaml is the first's; an
 * architectures.json with what all of them ask for; the models of the records, with
 * `train.save: best` those of the best architecture of all (experiments/run_merge_models.h);
 * and results.db. It is made under a temporary name and renamed when all of it is
 * there, so that nothing is left of one that is refused or fails; what is left of one that
 * was killed is removed by the next merge to the same folder. Before that, trials
 * are verified (experiments/run_verify.h) where that is asked for.
 *
 * With `add` the folder that is there is one of those that are put together, and the first:
 * its config.yaml stays, and files are added to it one by one, each whole, under its lock. A
 * kill in between leaves a sound folder, to which the same can be added again. */
bool run_merge(const struct merge_options *options, struct merge_summary *summary,
               struct error *error);

#endif
