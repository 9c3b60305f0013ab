/* One model, trained on rows that are given. Private to model/. */
#ifndef CROSSLANE_MODEL_TRAIN_MEMBER_H
#define CROSSLANE_MODEL_TRAIN_MEMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/thread_pool.h"
#include "model/train.h"
#include "model/train_rows.h"
#include "model/train_saver.h"
#include "model/wide_deep.h"

struct member {
  /* What is asked for. */
  const struct train_request *request; /* its kernels, model, train and stop */
  const struct train_rows *rows;
  struct thread_pool *pool;  /* NULL: one thread */
  struct train_saver *saver; /* and its state, which the training leaves without a member */
  uint64_t seed;             /* of its start, its order and its dropout */
  uint32_t asked;            /* epochs, at most */
  const char *name;          /* "", " of the refit", ...: in messages */
  bool judged; /* after each epoch, by its validation and test rows; else `asked` is the end */
  bool cut;    /* `asked` is not the end of it: a later training goes on from there */

  /* What came of it; `curve` and `epochs` also of a training that failed. */
  struct wide_deep *model;    /* the caller's: empty, then for prediction: it has no gradients */
  struct epoch_result *curve; /* [asked]; without `judged` of the loss alone */
  uint32_t epochs;            /* that were run */
  uint32_t best_epoch;        /* from 1; lowest validation MSE, the last without one */
  double seconds, cpu_seconds;
};

/* Errors as train_run. To be cleared after a failure too. */
bool train_member(struct member *member, struct error *error);
void member_clear(struct member *member);

#endif
