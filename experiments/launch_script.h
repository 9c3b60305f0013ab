/* The scripts of a launch: a job array, or some, and the merge after them. */
#ifndef CROSSLANE_EXPERIMENTS_LAUNCH_SCRIPT_H
#define CROSSLANE_EXPERIMENTS_LAUNCH_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "config/launcher_spec.h"

/* Absolute paths, each of one line. */
struct launch_script {
  const char *name;    /* of the experiment, as a folder (config_folder) */
  const char *run;     /* the run folder */
  const char *folder;  /* its launch/ */
  const char *program; /* crosslane */
  const char *data;    /* --data; NULL: as the config says */
  bool retry_failed;
  const struct launcher_spec *spec;
  size_t rung, rungs; /* as of the plan (experiments/launch_plan.h) */
  size_t tasks;       /* of all arrays */
  size_t per_array;   /* at most */
};

/* How many arrays; the shard before the first of `array`, from 1; and its last one. */
size_t launch_script_arrays(const struct launch_script *script);
size_t launch_script_offset(const struct launch_script *script, size_t array);
size_t launch_script_last(const struct launch_script *script, size_t array);

/* array-1.sbatch and so on: --shard I/N has I and N written out, so that any index may be
 * submitted again by itself. */
void launch_script_array(const struct launch_script *script, size_t array, struct text *text);
/* merge.sbatch; below the last rung it launches again after the merge */
void launch_script_merge(const struct launch_script *script, struct text *text);

/* rung-1.json and so on, in launch/ (experiments/rung_list.h) */
enum { LAUNCH_RUNG_NAME = 64 };
void launch_script_rung(const struct launch_script *script, char name[LAUNCH_RUNG_NAME]);

/* A word as a shell reads it, and Slurm in its lines. */
void launch_script_quote(const char *word, struct text *text);

#endif
