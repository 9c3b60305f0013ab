/* Training of one Wide & Deep model. */
#ifndef CROSSLANE_MODEL_TRAIN_H
#define CROSSLANE_MODEL_TRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "data/features.h"
#include "data/split.h"
#include "kernels/kernels.h"
#include "model/spec.h"

struct epoch_result {
  double train_loss;     /* mean squared error while training, dropout on */
  double validation_mse; /* NaN without validation rows */
  double test_mse;
  double seconds; /* wall, of this epoch, evaluation included */
};

struct train_result {
  double mse, rmse, mae; /* test rows, after the last epoch */
  double train_mse;      /* training rows, dropout off, after the last epoch */
  double validation_mse; /* NaN without validation rows */
  uint32_t best_epoch;   /* from 1; lowest validation MSE, the last without one */
  uint32_t epochs;
  struct epoch_result *curve;              /* [epochs] */
  double train_seconds, train_cpu_seconds; /* the epochs, evaluation included */
  double rows_per_second;                  /* training rows * epochs / train_seconds */
  uint64_t parameters;                     /* trained: rows for unseen values do not count */
  uint64_t wide_columns;
  uint64_t flops_per_row; /* of the dense layers: see model/wide_deep.h */
  uint64_t weights_digest;
};

struct train_request {
  const struct kernels *kernels;
  const struct dataset *dataset;
  const struct features *features; /* holds what the model needs */
  const struct split *split;
  const struct model_spec *model;
  const struct train_spec *train;
  bool fit_all;
  uint64_t seed;
  /* Asked every few batches; true stops the training (ERROR_INTERRUPTED). */
  bool (*stop)(void *context);
  void *stop_context;
};

/* A loss or a weight that is not finite is ERROR_TRIAL, with its epoch. */
bool train(const struct train_request *request, struct train_result *result, struct error *error);
void train_result_clear(struct train_result *result);

/* What a model reads, from its spec: numbers among the deep columns last. */
bool model_encoding_spec(const struct model_spec *model, bool fit_all, struct encoding_spec *spec,
                         struct error *error);

#endif
