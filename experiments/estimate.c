#include "experiments/estimate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

/* Fitted to trainings on MovieLens 100K on one Zen 5 core with AVX-512, whose
 * dense_forward reaches ESTIMATE_DENSE. Nanoseconds, except BACKWARD: layers
 * smaller than the measured one, and backward kernels, reach less of it. */
static const double BACKWARD = 1.4, ROW = 45, HISTORY = 0.35, ACTIVATION = 0.5, GELU = 3,
                    ADAM = 0.15;

/* Entries of a history that a row has on average: owners with many ratings
 * have as many rows. */
static double history_entries(const struct dataset *dataset, enum column_side side,
                              double train_share) {
  size_t owners = side == SIDE_USER ? dataset->users : dataset->items;
  const uint32_t *owner = side == SIDE_USER ? dataset->row_user : dataset->row_item;
  struct error error;
  double *count = memory_array(owners, sizeof *count, &error);
  if (count == NULL) return 0;
  for (size_t i = 0; i < dataset->ratings; i++) count[owner[i]]++;
  double squares = 0;
  for (size_t o = 0; o < owners; o++) squares += count[o] * count[o];
  free(count);
  return train_share * squares / (double)dataset->ratings;
}

static double history_floats(const struct dataset *dataset, const struct split *split,
                             const struct model_spec *model) {
  double floats = 0, share = (double)split->train / (double)dataset->ratings;
  for (size_t i = 0; i < model->deep_columns; i++) {
    const struct deep_column *column = &model->deep[i];
    if (column->kind != COLUMN_HISTORY) continue;
    uint32_t dim = column->dim != 0 ? column->dim : model->embedding_dim;
    floats += (double)dim * history_entries(dataset, column->side, share);
  }
  return floats;
}

/* Nanoseconds of a row's hidden activations: erf costs more than exp and tanh. */
static double activation_ns(const struct model_spec *model) {
  if (!activation_is_transcendental(model->activation)) return 0;
  double units = 0;
  for (size_t l = 0; l < model->hidden_layers; l++) units += (double)model->hidden[l];
  return units * (model->activation == ACTIVATION_GELU ? GELU : ACTIVATION);
}

struct epoch_work epoch_work_of(const struct dataset *dataset, const struct split *split,
                                const struct model_spec *model, const struct train_spec *train,
                                const struct model_size *size) {
  const double members = train->members > 0 ? train->members : 1;
  return (struct epoch_work){
      .train_rows = (double)split->train,
      .evaluated_rows = (double)(split->validation + split->test),
      .flops = (double)size->flops_per_row / members,
      .parameters = (double)size->parameters / members,
      .batch_rows = (double)train->batch_size,
      .history_floats = history_floats(dataset, split, model),
      .activation_ns = activation_ns(model),
      .trainings = members * (train->refit ? 2 : 1),
  };
}

double estimate_epoch_seconds(const struct epoch_work *work, double dense) {
  double flop = 1e9 / dense, slower = ESTIMATE_DENSE / dense;
  double row = BACKWARD * 3 * work->flops * flop +
               slower * (ROW + HISTORY * work->history_floats + work->activation_ns);
  double evaluated = work->flops * flop + slower * (ROW / 4 + HISTORY / 3 * work->history_floats +
                                                    work->activation_ns / 3);
  double steps = work->train_rows / work->batch_rows;
  return 1e-9 * work->trainings *
         (work->train_rows * row + work->evaluated_rows * evaluated +
          steps * work->parameters * ADAM * slower);
}

enum { MEASURED_ROWS = 32, MEASURED_WIDTH = 64, CALLS_A_TURN = 64 };

static double best_rate(const struct kernels *kernels, float *floats) {
  const size_t matrix = (size_t)MEASURED_WIDTH * MEASURED_WIDTH;
  const size_t batch = (size_t)MEASURED_ROWS * MEASURED_WIDTH;
  struct dense_forward layer = {.m = MEASURED_ROWS,
                                .k = MEASURED_WIDTH,
                                .n = MEASURED_WIDTH,
                                .w = floats,
                                .x = floats + matrix,
                                .y = floats + matrix + batch,
                                .bias = floats + matrix + 2 * batch,
                                .x_ld = MEASURED_WIDTH,
                                .w_ld = MEASURED_WIDTH,
                                .y_ld = MEASURED_WIDTH,
                                .activation = ACTIVATION_RELU};
  const double flop = (double)(2 * batch * MEASURED_WIDTH * CALLS_A_TURN);
  double best = 0, begin = clock_cpu(), before = begin;
  while (before - begin < 0.02) {
    for (int i = 0; i < CALLS_A_TURN; i++) kernels->dense_forward(&layer);
    double now = clock_cpu();
    if (now > before && flop / (now - before) > best) best = flop / (now - before);
    before = now;
  }
  return best > 0 ? best : ESTIMATE_DENSE;
}

double estimate_measure_dense(const struct kernels *kernels) {
  struct error error;
  size_t floats = (size_t)MEASURED_WIDTH * MEASURED_WIDTH +
                  2 * (size_t)MEASURED_ROWS * MEASURED_WIDTH + MEASURED_WIDTH;
  float *memory = memory_aligned(floats, sizeof *memory, &error);
  if (memory == NULL) return ESTIMATE_DENSE;
  double rate = best_rate(kernels, memory);
  free(memory);
  return rate;
}
