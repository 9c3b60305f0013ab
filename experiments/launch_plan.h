/* Which task of a cluster trains which trials: RUN/launch/plan.tsv. */
#ifndef CROSSLANE_EXPERIMENTS_LAUNCH_PLAN_H
#define CROSSLANE_EXPERIMENTS_LAUNCH_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"
#include "config/launcher_spec.h"
#include "experiments/plan.h"

struct launch_trial {
  char key[DIGEST_TEXT];
  size_t task;     /* from 1 */
  uint64_t cost;   /* experiments/plan.h */
  uint32_t epochs; /* to which it is trained now; 0: not at all at this rung */
};

struct launch_plan {
  size_t tasks, trials;
  uint64_t cost;              /* of all */
  double due;                 /* of all, to the epoch that is asked for now; not in plan.tsv */
  size_t wanted;              /* trials that are trained now */
  size_t rung, rungs;         /* of early_terminate, from 1; 0: it has none */
  struct launch_trial *trial; /* [trials], by key */
};

/* How many tasks: so that one has trials_per_task trials, or lasts task_minutes at the speed
 * that the spec states; at least 1, and so that each has as many trials as it
 * trains at a time. */
size_t launch_plan_tasks(const struct launcher_spec *spec, uint64_t cost, size_t trials);

/* At the stage that `plan` is in. */
bool launch_plan_make(struct launch_plan *launch, const struct plan *plan,
                      const struct launcher_spec *spec, struct error *error);
void launch_plan_clear(struct launch_plan *launch);

/* The trial of a key, or NULL. */
const struct launch_trial *launch_plan_find(const struct launch_plan *launch, const char *key);

/* plan.tsv in the folder `launch`: a line for each trial, with its task, key, cost and
 * epochs; before them which rung it is. */
void launch_plan_text(const struct launch_plan *launch, struct text *text);
bool launch_plan_read(const char *folder, struct launch_plan *launch, struct error *error);

#endif
