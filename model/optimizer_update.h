/* The optimizers' formulas, on parts of the arena. Private to model/. */
#ifndef CROSSLANE_MODEL_OPTIMIZER_UPDATE_H
#define CROSSLANE_MODEL_OPTIMIZER_UPDATE_H

#include "model/optimizer.h"

/* Outside the root: of Adam, AdamW and Adagrad. */
#define OPTIMIZER_EPSILON 1e-7f

/* The learning rate of this epoch. */
float optimizer_update_rate(const struct optimizer *optimizer, const struct optimizer_spec *spec);

/* A step begins: what Adam corrects its moments by. */
void optimizer_update_begin(struct optimizer *optimizer);

/* Weights [from, end) of the arena, by their gradients; `spec` is their optimizer's. */
void optimizer_update(const struct optimizer *optimizer, const struct optimizer_spec *spec,
                      struct wide_deep *model, size_t from, size_t end,
                      const struct kernels *kernels);

/* `count` different rows of an embedding table, by Adam. */
void optimizer_update_lazily(const struct optimizer *optimizer, struct wide_deep *model,
                             const struct tensor *table, const uint32_t *row, size_t count,
                             const struct kernels *kernels);

#endif
