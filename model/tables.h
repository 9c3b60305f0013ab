/* The sparse end of the network: out of the tables, and gradients back into
 * them. Private to model/. */
#ifndef CROSSLANE_MODEL_TABLES_H
#define CROSSLANE_MODEL_TABLES_H

#include "model/wide_deep.h"

/* The rows in the workspace -> the embeddings in x, and wide_sum. */
void tables_forward(const struct wide_deep *model, struct workspace *workspace, size_t m,
                    const struct kernels *kernels);

/* From dx and the predictions' gradient, added to the tables' gradients. */
void tables_backward(struct wide_deep *model, const struct workspace *workspace, size_t m,
                     const struct kernels *kernels);

#endif
