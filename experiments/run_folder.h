/* The folder of a run: runs/<name>/.
 *
 *   config.yaml            the newest config, as config_resolve writes it
 *   config.given.yaml      the same as it was given
 *   configs/<digest>.yaml  every config that was run here
 *   architectures.json     what the newest config asks for
 *   trials/<key>.json      one record a trial: the truth
 *   models/<key>.safetensors  trained models, when asked for; written before the
 *                          record, so that a record's model is always there
 *   checkpoints/<key>.safetensors  how far trials have come that are not done, when asked for
 *   results.db             an index of trials/, for queries
 *   plots/                 pictures
 *   lock                   held by the one sweep that is running here; names it
 *   lock.owner             the same, on file systems without locks */
#ifndef CROSSLANE_EXPERIMENTS_RUN_FOLDER_H
#define CROSSLANE_EXPERIMENTS_RUN_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/config.h"
#include "config/sweep.h"
#include "experiments/run_lock.h"
#include "records/record_list.h"

struct run_folder {
  char *path;
  struct run_lock lock;
};

/* Makes the folder, takes the lock and removes what a killed sweep left half
 * written. Another sweep at work there is an error that names its process.
 * `warning` is left empty, or says what the caller's user should know. */
bool run_folder_open(struct run_folder *folder, const char *path, struct text *warning,
                     struct error *error);
void run_folder_close(struct run_folder *folder);

bool run_folder_keep_config(const struct run_folder *folder, const struct config *config,
                            struct error *error);

/* architectures.json: those of `trials` that are not left out. `data_given`: the data are not
 * where the config says, but were named beside it. */
bool run_folder_keep_architectures(const struct run_folder *folder, const struct config *config,
                                   const struct trial_list *trials, const bool *left_out,
                                   bool data_given, struct error *error);

/* Its records, also while a sweep writes there; none without the folder. What is
 * left out, and why, goes to `left_out`. */
bool run_folder_read_records(const char *path, struct record_list *records, struct text *left_out,
                             struct error *error);

/* Records of the first schema have keys of another kind: a sweep would train all again beside
 * them. ERROR_USAGE. */
bool run_folder_check_schema(const char *path, const struct record_list *records,
                             struct error *error);

#endif
