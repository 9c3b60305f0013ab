/* From gradients to new weights. */
#ifndef CROSSLANE_MODEL_OPTIMIZER_H
#define CROSSLANE_MODEL_OPTIMIZER_H

#include "base/error.h"
#include "kernels/kernels.h"
#include "model/wide_deep.h"

/* Adam with Keras' defaults: beta 0.9 and 0.999, epsilon 1e-7 outside the
 * root. The powers of beta are running products in double: no libm function
 * reaches a weight. */
struct optimizer {
  double learning_rate;
  double beta1_power, beta2_power; /* beta^t */
  float *m, *v;                    /* moments, in the arena's layout */
};

bool optimizer_init(struct optimizer *optimizer, const struct optimizer_spec *spec,
                    const struct wide_deep *model, struct error *error);
void optimizer_clear(struct optimizer *optimizer);
void optimizer_step(struct optimizer *optimizer, struct wide_deep *model,
                    const struct kernels *kernels);

#endif
