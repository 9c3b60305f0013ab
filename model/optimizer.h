/* From gradients to new weights. */
#ifndef CROSSLANE_MODEL_OPTIMIZER_H
#define CROSSLANE_MODEL_OPTIMIZER_H

#include "base/error.h"
#include "kernels/kernels.h"
#include "model/spec.h"
#include "model/touched.h"
#include "model/wide_deep.h"

/* Keras' constants where the spec has none: Adam's beta 0.9 and 0.999, epsilon
 * 1e-7 outside the root; Adagrad's epsilon 1e-7, sums from 0; FTRL's beta 1.
 * The powers of beta are running products in double: no libm function reaches
 * a weight. */
struct optimizer {
  const struct train_spec *spec;
  double beta1_power, beta2_power; /* beta^t */
  /* In the arena's layout, for whichever optimizer a part has: first moment,
   * velocity or FTRL's z; second moment or sum of squares. */
  float *first, *second;
  bool needs_touched; /* lazy updates, or a penalty on the embeddings */
  struct touched touched;
};

/* For batches of at most `most` rows. */
bool optimizer_init(struct optimizer *optimizer, const struct train_spec *spec,
                    const struct wide_deep *model, size_t most, struct error *error);
void optimizer_clear(struct optimizer *optimizer);

/* One step from model->gradients, whose tables it leaves at zero for the next
 * batch; the first `m` rows of the workspace are the batch. */
void optimizer_step(struct optimizer *optimizer, struct wide_deep *model,
                    const struct workspace *workspace, size_t m, const struct kernels *kernels);

#endif
