/* How well a model predicts rows. */
#ifndef CROSSLANE_MODEL_MODEL_PREDICT_H
#define CROSSLANE_MODEL_MODEL_PREDICT_H

#include <stdbool.h>

#include "data/encoding/encoding.h"
#include "kernels/kernels.h"
#include "model/wide_deep.h"

/* Means over the rows; NaN without rows. */
struct score {
  double mse, mae;
};

/* Dropout is off. With `clip` predictions are cut to the rating scale, 1 to 5.
 * Reads the rows in batches of the workspace's size. */
struct score evaluate(const struct wide_deep *model, struct workspace *workspace,
                      const struct encoded_rows *rows, bool clip, const struct kernels *kernels);

#endif
