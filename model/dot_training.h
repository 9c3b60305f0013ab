/* Several small batches in one call: of a model without layers whose two embeddings interact
 * by their dot product, where a step moves the weights of its rows alone. The bits are those
 * of the same batches one after another; it costs a tenth (docs/speed.md). Private to model/. */
#ifndef CROSSLANE_MODEL_DOT_TRAINING_H
#define CROSSLANE_MODEL_DOT_TRAINING_H

#include <stdbool.h>
#include <stddef.h>

#include "model/optimizer.h"

/* Of so many batches, at most, the rows are in the workspace at once. */
enum { DOT_TRAINING_BATCHES = 64 };

/* Whether kernels->dot_steps does what forward, loss, backward and optimizer do. */
bool dot_training_fits(const struct wide_deep *model, const struct train_spec *spec);

/* The rows of the workspace, of a training on `rows` rows. */
size_t dot_training_rows(const struct wide_deep *model, const struct train_spec *spec, size_t rows);

/* Steps on the first m rows of the workspace, of the spec's batches; adds their loss to *sum. */
void dot_training_steps(struct wide_deep *model, const struct optimizer *optimizer,
                        const struct workspace *workspace, size_t m, double *sum,
                        const struct kernels *kernels);

#endif
