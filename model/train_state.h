/* All that a training changes as it goes on, and the file that it is kept in: a training that
 * goes on from the file comes to the same bits as one that was never interrupted.
 *
 * What is not here follows from the request: rows and their encoding from the split, random
 * numbers from (seed, what for, epoch, step), gradients and workspaces from the next batch,
 * weights for the way back from the weights. Threads and instruction sets change no bit.
 *
 * What a step, an epoch or a member changes belongs into this struct, and into the list at the
 * head of train_state.c. The test `model going_on` interrupts trainings of every kind, at every
 * place where they may be, and fails when a number that matters is not in it. Private to
 * model/. */
#ifndef CROSSLANE_MODEL_TRAIN_STATE_H
#define CROSSLANE_MODEL_TRAIN_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/checkpoint_file.h"
#include "model/early_stopping.h"
#include "model/ensemble.h"
#include "model/optimizer.h"
#include "model/train.h"
#include "model/wide_deep.h"

/* Between two steps, or between two epochs. */
struct train_place {
  uint32_t refit;              /* 0: the phase that finds the number of epochs, 1: the second one */
  uint32_t member;             /* that is in training; those before it are finished */
  double trained_rows;         /* rows * epochs of members that are finished, in both phases */
  uint32_t epoch;              /* of the member, from 0: the one that is next, or under way */
  uint32_t rows;               /* that this epoch has trained; 0: it has not begun */
  uint32_t step;               /* batches of the member so far */
  double loss;                 /* sum over those rows */
  double epoch_seconds;        /* wall, of this epoch so far */
  double seconds, cpu_seconds; /* of the member so far, in all parts */
};

struct train_state {
  struct train_place place;
  struct train_result *result; /* the caller's: of members that are finished, and their times */
  struct ensemble models;      /* that the present phase has finished */

  /* Of the member that is in training; else empty. */
  uint32_t asked;             /* epochs, at most */
  struct epoch_result *curve; /* [asked], of which place.epoch are trained */
  uint32_t *order;            /* [rows] of the training rows in this epoch */
  size_t rows;
  struct wide_deep model; /* between epochs with the weights that are judged */
  struct optimizer optimizer;
  struct early_stopping early_stopping;
};

void train_state_clear(struct train_state *state);
/* What it has of the member in training. */
void train_state_clear_member(struct train_state *state);

/* The file, atomically. `key`: of what it is a training. */
bool train_state_write(struct train_state *state, const char *path, const char *key,
                       struct error *error);

/* ERROR_DATA: it is damaged, of another key or of other numerics. */
bool train_state_open(struct checkpoint_file *file, const char *path, const char *key,
                      struct error *error);

/* From the file, in this order: the place and what is known of finished members; the weights of
 * these; the member in training, which is prepared as for its start. */
bool train_state_read_place(struct train_state *state, const struct checkpoint_file *file,
                            struct error *error);
bool train_state_read_models(struct train_state *state, const struct checkpoint_file *file,
                             const struct model_spec *spec, const struct encoding *encoding,
                             struct error *error);
bool train_state_read_member(struct train_state *state, const struct checkpoint_file *file,
                             struct error *error);

#endif
