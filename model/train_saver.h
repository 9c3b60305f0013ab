/* When a training writes down where it stands (model/train_state.h), and whether it goes on
 * from what an earlier one wrote. Private to model/. */
#ifndef CROSSLANE_MODEL_TRAIN_SAVER_H
#define CROSSLANE_MODEL_TRAIN_SAVER_H

#include <stdbool.h>

#include "base/error.h"
#include "model/train_state.h"

/* Without a checkpoint in the request nothing is read or written. */
struct train_saver {
  const struct train_request *request;
  struct train_state *state;
  bool goes_on; /* from `file`, which is open until its member is read */
  struct checkpoint_file file;
  bool refused;   /* what was open did not fit: the training has to start anew */
  double written; /* when, by clock_wall; at first when the training began */
  bool told;      /* that it cannot be written */
};

/* Goes on where there is a file that fits the request; one that is damaged or foreign is told
 * to the checkpoint's `warn`. `anew`: without a look. */
void train_saver_open(struct train_saver *saver, const struct train_request *request,
                      struct train_state *state, bool anew);
void train_saver_close(struct train_saver *saver);

/* Where it goes on: models that are finished, then the member in training, of the phase whose
 * rows are ready. Else they do nothing. */
bool train_saver_models(struct train_saver *saver, const struct encoding *encoding,
                        struct error *error);
bool train_saver_member(struct train_saver *saver, struct error *error);

/* Whether the checkpoint's time has passed since the last one. */
bool train_saver_is_due(const struct train_saver *saver);
/* A failure is told, once, and the training goes on without. */
void train_saver_write(struct train_saver *saver);

/* Tells that the file is not used, and why. */
void train_saver_tell(const struct train_saver *saver, const struct error *fault);

#endif
