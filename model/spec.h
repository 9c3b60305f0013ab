/* The `model` and `train` sections of a config: plain values, no pointers, so
 * that a trial's own copy is an assignment. */
#ifndef CROSSLANE_MODEL_SPEC_H
#define CROSSLANE_MODEL_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/features.h"
#include "kernels/kernels.h"

/* Raised when the same config gives other numbers on purpose. */
enum { NUMERICS_VERSION = 1 };

enum { HIDDEN_LAYERS_MAX = 16 };

struct deep_column {
  char name[COLUMN_NAME];
  uint32_t dim; /* embedding size; 0: the model's embedding_dim. Not for numbers. */
};

struct model_spec {
  size_t crosses;
  struct cross cross[CROSSES_MAX];

  size_t deep_columns;
  struct deep_column deep[DEEP_COLUMNS_MAX];
  uint32_t embedding_dim;
  size_t hidden_layers;
  uint32_t hidden[HIDDEN_LAYERS_MAX];
  enum activation activation;
  double dropout[HIDDEN_LAYERS_MAX]; /* of each hidden layer's output, in [0, 1) */
};

enum optimizer_name { OPTIMIZER_ADAM };

struct optimizer_spec {
  enum optimizer_name name;
  double learning_rate;
};

struct train_spec {
  uint32_t epochs;
  uint32_t batch_size;
  struct optimizer_spec optimizer;
};

#endif
