/* `crosslane launch status` and `cancel`: how far a launch is, by Slurm's queue where there is
 * one and by the records always; and its end. */
#ifndef CROSSLANE_EXPERIMENTS_LAUNCH_STATUS_H
#define CROSSLANE_EXPERIMENTS_LAUNCH_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/* `run` is a run folder with a launch/, else ERROR_USAGE. `text`: a few lines, with a line for
 * each of the first tasks that failed; or JSON (`json`), one object, with all tasks:
 *   done           each of its trials is recorded, and none has failed
 *   failed         a trial has failed, or the task has left the queue before its end
 *   waiting, running  in the queue
 *   not submitted  no job was to train it
 *   unknown        submitted and not done, where there is no squeue */
bool launch_status(const char *run, bool json, struct text *text,
                   void (*warn)(struct text *message), struct error *error);

/* Ends the jobs of the launch that wait or run. `text`: a line for each. */
bool launch_cancel(const char *run, struct text *text, struct error *error);

#endif
