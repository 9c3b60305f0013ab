/* The `model` and `train` sections of a config: plain values, no pointers, so
 * that a trial's own copy is an assignment. */
#ifndef CROSSLANE_MODEL_MODEL_SPEC_H
#define CROSSLANE_MODEL_MODEL_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/features.h"
#include "kernels/kernels.h"

/* Raised when the same config gives other numbers on purpose. */
enum { NUMERICS_VERSION = 3 };

enum { HIDDEN_LAYERS_MAX = 16 };

struct deep_column {
  char name[COLUMN_NAME];
  enum column_kind kind; /* what it is in the data */
  enum column_side side;
  uint32_t dim;         /* embedding size; 0: the model's embedding_dim. Not for numbers. */
  enum pooling pooling; /* of bags: genres and histories; else POOLING_SUM */
  enum scale scale;     /* of numbers; else SCALE_MINMAX */
};

/* Whether a deep column has an embedding: all but numbers and statistics. */
static inline bool deep_has_embedding(const struct deep_column *deep) {
  return deep->kind != COLUMN_NUMBER && deep->kind != COLUMN_STATISTIC;
}

/* A second-order term of the embeddings: none; the dot product of the sum of
 * the users' embeddings with the sum of the films'; or the sum over all pairs
 * of embeddings of their dot products (a factorisation machine). */
enum interaction { INTERACTION_NONE, INTERACTION_DOT, INTERACTION_FM };

/* What the score of a row, the output of the network, stands for: the rating itself, trained
 * by its squared error; or how likely each of the ratings of the training rows is, trained by
 * that likelihood (kernels/ordinal.h), and the prediction is the expected rating. */
enum head_name { HEAD_LINEAR, HEAD_ORDINAL };

/* Factors of the penalty factor * sum of squares, added to the loss. Biases
 * have none; embeddings only the rows of the batch. */
struct l2_spec {
  double wide, embeddings, deep;
};

struct model_spec {
  size_t crosses;
  struct cross cross[CROSSES_MAX];
  uint32_t hash_buckets; /* 0: exact dictionaries */

  size_t deep_columns;
  struct deep_column deep[DEEP_COLUMNS_MAX];
  uint32_t embedding_dim;
  size_t hidden_layers;
  uint32_t hidden[HIDDEN_LAYERS_MAX];
  enum activation activation;
  double dropout[HIDDEN_LAYERS_MAX]; /* of each hidden layer's output, in [0, 1) */
  enum interaction interaction;
  enum head_name head;
  double slope; /* of an ordinal head, > 0; else 0 */
  bool clip;    /* score with predictions cut to the scale of the ratings */
};

enum optimizer_name {
  OPTIMIZER_ADAM,
  OPTIMIZER_ADAMW,
  OPTIMIZER_SGD,
  OPTIMIZER_ADAGRAD,
  OPTIMIZER_FTRL
};

enum embedding_updates {
  UPDATES_DENSE, /* every row at every step, as Keras does */
  UPDATES_LAZY   /* the rows of the batch; Adam's moments of the others do not decay */
};

struct optimizer_spec {
  enum optimizer_name name;
  double learning_rate;
  double momentum;     /* SGD */
  double weight_decay; /* AdamW */
  double l1, l2;       /* FTRL */
};

/* The learning rate of epoch e, from 0, of E: the optimizers' rate times
 *   constant      1
 *   step          factor ^ floor(e / step_epochs)
 *   cosine        minimum + (1 - minimum) (1 + cos(pi e / E)) / 2
 *                 (Loshchilov, Hutter: ICLR 2017, equation 5, without restarts)
 *   inverse_time  1 / (1 + decay e) */
enum schedule_name { SCHEDULE_CONSTANT, SCHEDULE_STEP, SCHEDULE_COSINE, SCHEDULE_INVERSE_TIME };

struct schedule_spec {
  enum schedule_name name;
  uint32_t step_epochs;          /* >= 1 */
  double factor, minimum, decay; /* > 0; in [0, 1]; >= 0 */
};

/* Training ends when the validation MSE has not fallen by more than min_delta
 * for `patience` epochs; the weights of the best epoch are restored. */
struct early_stopping_spec {
  bool on;
  uint32_t patience; /* >= 1 */
  double min_delta;
};

/* The model that is judged, saved and scored is the exponential moving average of the
 * weights over the steps (model/averaging.h). */
struct averaging_spec {
  bool on;
  double ema; /* in (0, 1): what a step keeps of the average */
};

/* Models that are trained on one split and predict together (model/ensemble.h). */
enum { ENSEMBLE_MEMBERS_MAX = 30 };

/* Which trained models a sweep keeps as files; it determines no number. */
enum model_saving { SAVE_NONE, SAVE_BEST, SAVE_ALL };

/* How far a trial has come is written every so often, so that it can go on from there
 * (model/train.h: struct train_checkpoint); it determines no number. */
struct checkpoint_spec {
  bool on;
  double minutes; /* > 0 */
};

struct train_spec {
  uint32_t epochs;
  uint32_t batch_size;
  struct optimizer_spec optimizer;
  enum embedding_updates embedding_updates;
  bool has_wide_optimizer; /* else `optimizer` updates the wide weights too */
  struct optimizer_spec wide_optimizer;
  struct l2_spec l2;
  struct schedule_spec schedule;
  struct early_stopping_spec early_stopping;
  struct averaging_spec averaging;
  uint32_t members; /* of the ensemble, >= 1; 0 stands for 1 */
  bool refit;       /* on training and validation rows, when early stopping has found the epochs */
  struct checkpoint_spec checkpoint;
  enum model_saving save;
};

#endif
