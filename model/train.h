/* Training of one Wide & Deep model. */
#ifndef CROSSLANE_MODEL_TRAIN_H
#define CROSSLANE_MODEL_TRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "data/encoding/encoding.h"
#include "data/split.h"
#include "kernels/kernels.h"
#include "model/model_spec.h"

/* Rows of a batch that is evaluated. */
enum { TRAIN_EVALUATED = 512 };

struct epoch_result {
  /* While training, dropout on: the mean squared error; with an ordinal head the mean
   * negative log-likelihood, in nats. */
  double train_loss;
  double validation_mse; /* NaN without validation rows */
  double test_mse;
  double seconds; /* wall, of this epoch, evaluation included */
};

/* One model of an ensemble. */
struct member_result {
  uint64_t weights_digest;     /* of what is saved */
  uint32_t epochs, best_epoch; /* with refit of the first phase, as the others */
  double validation_mse;       /* of its own predictions, at its best epoch */
};

struct train_result {
  /* Of the final weights: after the last epoch, with early stopping of the
   * best epoch; averages where the config has them. Dropout is off; with `clip`
   * predictions are cut. */
  double mse, rmse, mae;                   /* test rows */
  double train_mse;                        /* training rows */
  double validation_mse;                   /* NaN without validation rows */
  uint32_t best_epoch;                     /* from 1; lowest validation MSE, the last without one */
  uint32_t epochs;                         /* that were run */
  bool cut;                                /* ended by the request's `epochs`, not by itself */
  uint32_t refit_epochs;                   /* of the second phase; 0: there was none */
  struct epoch_result *curve;              /* [epochs] */
  double train_seconds, train_cpu_seconds; /* the epochs, evaluation included */
  double rows_per_second;                  /* training rows * epochs / train_seconds */
  uint64_t parameters;                     /* of all members; rows for unseen values do not count */
  uint64_t wide_columns;
  uint64_t flops_per_row;  /* of the dense layers: see model/wide_deep.h */
  uint64_t weights_digest; /* ensemble_digest */
  size_t members;          /* that were trained */
  struct member_result member[ENSEMBLE_MEMBERS_MAX]; /* [members] */
};

/* Where a training keeps how far it has come, and goes on from: a training that is started
 * again with the same request comes to the same bits, whenever the one before it ended. */
struct train_checkpoint {
  const char *path; /* of the file, in a folder that is there */
  const char *key;  /* of all that determines the numbers; one of another key is not used */
  double seconds;   /* between two writings, at least */
  /* Told of a file that is not used, and of one that cannot be written: the training goes on
   * without it. */
  void (*warn)(void *context, const char *message);
  void *warn_context;
};

struct ensemble;

struct train_request {
  const struct kernels *kernels;
  const struct dataset *dataset;
  const struct features *features; /* holds what the model needs */
  const struct split *split;
  const struct model_spec *model;
  const struct train_spec *train;
  bool fit_all;
  uint64_t seed;
  size_t threads; /* that share the work; 0 stands for 1. The bits are the same */
  /* 0: all; else end after so many epochs, with the numbers that a longer
   * training has at that point. */
  uint32_t epochs;
  /* Written every so often between two steps, when the training is stopped, and when it is
   * cut; removed by nobody here. NULL: it cannot go on. */
  const struct train_checkpoint *checkpoint;
  /* Asked every few batches; true stops the training (ERROR_INTERRUPTED). */
  bool (*stop)(void *context);
  void *stop_context;
  /* Told of each epoch that begins, from 1, of each member and each phase; NULL: nobody is. The
   * context is stop's. */
  void (*note)(void *context, uint32_t epoch);
  /* Given the models with their final weights, and what they read, both for the
   * call only; false fails the training with the error that it set. */
  bool (*trained)(void *context, const struct ensemble *models, const struct encoding *encoding,
                  struct error *error);
  void *trained_context;
};

/* With train->refit a training that is not cut has a second phase: the model is trained
 * anew, with the same seed and so the same start, on the training and validation rows
 * together, for best_epoch epochs. Dictionaries, scalings and statistics are fitted on both
 * parts; schedules keep train->epochs. The curve, validation_mse and best_epoch are the
 * first phase's, the weights and all other scores the second's (train_mse: of both parts);
 * times are of both.
 *
 * With train->members N > 1 a training that is not cut trains N models, one after the
 * other, whose streams are those of ensemble_seed. Each is stopped, and refitted, by itself.
 * The scores are of their mean prediction; curve, epochs, best_epoch and refit_epochs are
 * member 0's. `epochs` ends member 0 alone: of a training that is cut there is no other.
 *
 * A loss or a weight that is not finite is ERROR_TRIAL, with its epoch; early stopping
 * without validation rows, or refit without early stopping, is ERROR_CONFIG. Of a training that
 * fails `result` has the epochs that it finished and their curve, no more; it is to be cleared all
 * the same. */
bool train_run(const struct train_request *request, struct train_result *result,
               struct error *error);
void train_result_clear(struct train_result *result);

/* The size of the model that a request would train, without training it. Of the
 * request it needs dataset, features, split, model, train, fit_all and seed. */
struct model_size {
  uint64_t parameters, wide_columns, flops_per_row;
  uint64_t memory; /* bytes that the training holds: model/train_memory.h */
};
bool train_size(const struct train_request *request, struct model_size *size, struct error *error);

/* What a model reads, from its spec: fields and numbers each in the order of
 * the deep columns. */
void model_encoding_spec(const struct model_spec *model, bool fit_all, uint64_t seed,
                         struct encoding_spec *spec);

#endif
