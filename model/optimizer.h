/* From gradients to new weights. */
#ifndef CROSSLANE_MODEL_OPTIMIZER_H
#define CROSSLANE_MODEL_OPTIMIZER_H

#include "base/error.h"
#include "kernels/kernels.h"
#include "model/averaging.h"
#include "model/batch_rows.h"
#include "model/model_spec.h"
#include "model/wide_deep.h"

/* Keras' constants where the spec has none: Adam's beta 0.9 and 0.999, epsilon
 * 1e-7 outside the root; Adagrad's epsilon 1e-7, sums from 0; FTRL's beta 1.
 * The powers of beta are running products in double: no libm function reaches
 * a weight. */
struct optimizer {
  const struct train_spec *spec;
  double factor;                   /* the schedule's, of every learning rate */
  double beta1_power, beta2_power; /* beta^t */
  /* In the arena's layout, for whichever optimizer a part has: first moment,
   * velocity or FTRL's z; second moment or sum of squares. */
  float *first, *second;
  struct batch_rows batch_rows;
  struct averaging averaging; /* kept up to date by each step, flushed by the caller */
};

/* Whether it asks which rows of the tables a batch reads: for lazy updates, and
 * for a penalty on the embeddings. */
bool optimizer_needs_batch_rows(const struct train_spec *spec);

/* Whether a step updates the embeddings of the batch's rows alone. */
bool optimizer_is_lazy(const struct train_spec *spec);

/* Whether weights without gradient keep their bits, and need no step. */
bool optimizer_leaves_the_rest(const struct train_spec *spec);

/* For batches of at most `most` rows. The average begins with the model's weights. */
bool optimizer_init(struct optimizer *optimizer, const struct train_spec *spec,
                    const struct wide_deep *model, size_t most, struct error *error);
void optimizer_clear(struct optimizer *optimizer);

/* The schedule's factor, > 0, for the steps that follow; 1 at first. It
 * multiplies the rate of all optimizers and AdamW's decay. FTRL's weights follow
 * from its sums and its rate alone, and would shrink with the rate: z moves so
 * that they stay (McMahan et al., algorithm 1, where sigma = 1 / eta(t) -
 * 1 / eta(t - 1) holds for a rate that changes too). */
void optimizer_schedule(struct optimizer *optimizer, const struct wide_deep *model, double factor);

/* One step from model->gradients, whose tables it leaves at zero for the next
 * batch; the first `m` rows of the workspace are the batch. */
void optimizer_step(struct optimizer *optimizer, struct wide_deep *model,
                    const struct workspace *workspace, size_t m, const struct kernels *kernels);

#endif
