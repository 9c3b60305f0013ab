/* What of a launch is recorded: in the run folder, and in the folders of its shards. */
#ifndef CROSSLANE_EXPERIMENTS_LAUNCH_TALLY_H
#define CROSSLANE_EXPERIMENTS_LAUNCH_TALLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "experiments/launch_plan.h"
#include "records/record.h"

/* Of a trial of the plan: to the epoch that this asks for. One that is not in at the rung is not
 * looked for. */
struct launch_mark {
  bool recorded, failed; /* failed: and nowhere done */
  bool merged;           /* its record is in the run folder, at least as good */
  size_t folder;         /* which has the record: 0 the run folder, i the shard folder i - 1 */
  size_t stopped;        /* the most epochs after which it was stopped, as far as was read */
};

struct launch_tally {
  size_t folders;
  char **folder;            /* [folders], of shards; paths */
  struct launch_mark *mark; /* [trials of the plan] */
  size_t recorded, failed, unmerged;
  double cost;    /* of the recorded ones that have not failed */
  double seconds; /* that these took, each on its core */
};

/* `run`: the run folder, its launch/ is in it. Damaged records count as not there, and are named
 * in `left_out`. Clear it after a failure too. */
bool launch_tally_read(struct launch_tally *tally, const struct launch_plan *plan, const char *run,
                       struct text *left_out, struct error *error);
void launch_tally_clear(struct launch_tally *tally);

/* The path of a shard's folder, to be freed. */
char *launch_shard_folder(const char *run, size_t shard, size_t tasks, struct error *error);

/* Whether it has trials/. */
bool launch_tally_has_trials(const char *folder, bool *has, struct error *error);

/* Copies records of the shard's trials that other folders have into its own, so that they are
 * not trained again there. */
bool launch_tally_share(const struct launch_tally *tally, const struct launch_plan *plan,
                        const char *run, size_t shard, struct error *error);

#endif
