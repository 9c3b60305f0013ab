/* The exponential moving average of the weights over the steps of a training, which is
 * the model that is judged, saved and scored. Private to model/.
 *
 *   mean = initial weights;  after each step: mean = w + d (mean - w)
 *
 * without bias correction (kernels/kernels.h: struct average). A row of an embedding
 * table that is updated lazily stands still until a batch reads it. Its mean waits until
 * then, and is caught up by all k steps since, with the weights that it had:
 * mean = w + d^k (mean - w), d^k in double by repeated squaring from the lowest bit of k,
 * rounded to float once. At the end of an epoch all rows are caught up, whether or not
 * anything is evaluated, so that the bits do not depend on that. */
#ifndef CROSSLANE_MODEL_AVERAGING_H
#define CROSSLANE_MODEL_AVERAGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "kernels/kernels.h"
#include "model/model_spec.h"
#include "model/wide_deep.h"

/* Off: `mean` is NULL, and the functions below do nothing. */
struct averaging {
  double decay;
  float *mean;                           /* in the arena's layout */
  uint32_t steps;                        /* that the optimizer has begun */
  uint32_t *caught_up[DEEP_COLUMNS_MAX]; /* lazy: (rows, and unseen) steps that are in the mean */
};

/* `lazy`: the rows of embeddings are given by averaging_rows, else they are parts of
 * averaging_span. The mean begins with the model's weights. */
bool averaging_init(struct averaging *averaging, const struct averaging_spec *spec,
                    const struct wide_deep *model, bool lazy, struct error *error);
void averaging_clear(struct averaging *averaging);

/* A step begins. */
void averaging_step(struct averaging *averaging);
/* Before the step moves `count` rows of field f: what they have missed. */
void averaging_rows(const struct averaging *averaging, const struct wide_deep *model, size_t f,
                    const uint32_t *row, size_t count, const struct kernels *kernels);
/* After it has moved the floats from `from` to `end` of the arena. */
void averaging_span(const struct averaging *averaging, const struct wide_deep *model, size_t from,
                    size_t end, const struct kernels *kernels);
/* At the end of an epoch: all rows of all fields. */
void averaging_flush(const struct averaging *averaging, const struct wide_deep *model,
                     const struct kernels *kernels);

/* Gives the model the means for its weights, or its weights back. */
void averaging_swap(struct averaging *averaging, struct wide_deep *model);

/* decay ^ steps. */
double averaging_power(double decay, uint32_t steps);

#endif
