/* Trainings of every kind, in parts: each goes on from the checkpoint of the one before. */
#ifndef CROSSLANE_TESTS_MODEL_PARTS_H
#define CROSSLANE_TESTS_MODEL_PARTS_H

#include "tests/model/scene.h"

/* Small batches, of which 64 lie between two questions whether to stop: the places where a
 * training may be interrupted are in epochs and between them. */
enum { PARTS_EPOCHS = 3, PARTS_BATCH = 4, PARTS_MOST = 400, PARTS_NEVER = -1 };

enum {
  PARTS_PLAIN,
  PARTS_LAZY,
  PARTS_ADAMW,
  PARTS_MOMENTUM,
  PARTS_ADAGRAD,
  PARTS_DOT_ADAGRAD, /* many batches in one call */
  PARTS_FTRL_WIDE,
  PARTS_AVERAGED,
  PARTS_AVERAGED_LAZILY,
  PARTS_STOPPING,
  PARTS_REFITTED,
  PARTS_ORDINAL_ENSEMBLE, /* of two, averaged, refitted */
  PARTS_ALL_AT_ONCE,      /* with two threads */
  PARTS_KINDS
};

struct parts {
  struct scene scene;
  char path[256];
  struct train_checkpoint checkpoint;
  int asked, stop_at; /* questions whether to stop; at which the answer is yes, from 1 */
  int began;          /* members, in this part: one that goes on in its first epoch too */
  int after;          /* questions count when so many have begun */
  bool killed;        /* the answer is kill -9 instead */
  double work;        /* seconds of it before that answer */
  uint32_t epochs;    /* that began */
  char told[1024];    /* the last warning */
};

/* A folder for the checkpoints; true when it was made. */
bool parts_folder_make(void);
void parts_folder_remove(void);

void parts_init(struct parts *parts, size_t kind);
void parts_clear(struct parts *parts);

/* Trains until it stops, at that question, or ends; whether it ended. */
bool parts_train(struct parts *parts, int stop_at, struct train_result *result);
/* From every place in turn, `each` questions after the last one; in how many parts. */
int parts_train_all(struct parts *parts, int each, struct train_result *result);
/* At once, without a checkpoint. */
void parts_train_undisturbed(struct parts *parts, struct train_result *result);

/* To the last bit, but for times. */
void parts_assert_same(const struct train_result *one, const struct train_result *other);

#endif
