/* From the scores of a batch to ratings, and to the loss that is trained. Two heads:
 *
 *   linear   the score is the rating; loss (score - rating)^2
 *   ordinal  the score says how likely each rating level of the training rows is
 *            (kernels/ordinal.h); the prediction is the expected rating, the loss the
 *            negative log-likelihood of the rating
 *
 * An ordinal head's thresholds are parameters as the biases are: trained by the optimizer of
 * the dense layers, without L2. As the first one and the logarithms of the gaps they ascend
 * after any step, of any optimizer, without a projection that would leave its moments at odds
 * with them. Private to model/. */
#ifndef CROSSLANE_MODEL_RATING_HEAD_H
#define CROSSLANE_MODEL_RATING_HEAD_H

#include <stddef.h>

#include "kernels/kernels.h"
#include "model/wide_deep.h"

/* The thresholds at the logits of the cumulative shares of the training rows, divided by the
 * slope: at score 0 the probabilities are those shares. Nothing to do for a linear head. */
void rating_head_initialise(struct wide_deep *model);

/* After a forward pass: adds the losses of the m rows to *sum, in double, in their order, and
 * leaves the gradient of their mean by the scores in workspace->gradient, that by the
 * thresholds in model->gradients. */
void rating_head_loss(struct wide_deep *model, struct workspace *workspace, size_t m, double *sum,
                      const struct kernels *kernels);

/* The scores in workspace->prediction become predictions. */
void rating_head_predict(const struct wide_deep *model, struct workspace *workspace, size_t m,
                         const struct kernels *kernels);

/* Of an ordinal head, from the scores in workspace->prediction: added to out (m, levels). */
void rating_head_add_probabilities(const struct wide_deep *model, const struct workspace *workspace,
                                   size_t m, const struct kernels *kernels, float *out);

#endif
