/* Trained models at work: ratings of encoded rows, and how good they are. Rows
 * are read in batches of the workspace's size, dropout is off. With `clip`
 * predictions are cut to the rating scale. */
#ifndef CROSSLANE_MODEL_MODEL_PREDICT_H
#define CROSSLANE_MODEL_MODEL_PREDICT_H

#include <stdbool.h>

#include "data/encoding/encoding.h"
#include "kernels/kernels.h"
#include "model/ensemble.h"
#include "model/score.h"

/* The batch in which rows are predicted fastest. */
enum { PREDICT_BATCH = 256 };

/* prediction[r] of each row. */
void model_predict(const struct ensemble *models, struct workspace *workspace,
                   const struct encoded_rows *rows, bool clip, const struct kernels *kernels,
                   float *prediction);

/* Of an ordinal head, which a member's `cut` tells: probability[r * levels + k] of each row and
 * level, levels = the members' levels.count. */
void model_probabilities(const struct ensemble *models, struct workspace *workspace,
                         const struct encoded_rows *rows, const struct kernels *kernels,
                         float *probability);

/* Of the predictions that model_predict gives, to the last bit. Where rows have kinds,
 * each is predicted once, into of_kinds[kinds]. */
struct score model_evaluate(const struct ensemble *models, struct workspace *workspace,
                            const struct encoded_rows *rows, float *of_kinds, bool clip,
                            const struct kernels *kernels);

#endif
