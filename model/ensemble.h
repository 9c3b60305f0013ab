/* Models that predict together: of one layout, trained on the same rows from other starts,
 * in other orders and with other dropout. The prediction is the mean of theirs (a deep
 * ensemble: Lakshminarayanan, Pritzel, Blundell, NeurIPS 2017, section 2.4), taken before
 * it is cut to the rating scale. A single model is an ensemble of one member. */
#ifndef CROSSLANE_MODEL_ENSEMBLE_H
#define CROSSLANE_MODEL_ENSEMBLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "kernels/kernels.h"
#include "model/wide_deep.h"

struct ensemble {
  size_t members;
  struct wide_deep *member; /* [members]; not to be moved, as each points into itself */
};

/* Members that are empty yet. */
bool ensemble_init(struct ensemble *ensemble, size_t members, struct error *error);
void ensemble_clear(struct ensemble *ensemble);

/* The seed of a member's streams: that of the trial for member 0, which is so bit for bit
 * the model that is trained alone; else two numbers of the stream (seed, member). */
uint64_t ensemble_seed(uint64_t seed, size_t member);

/* Of one member wide_deep_digest; else digest_join of the members'. */
uint64_t ensemble_digest(const struct ensemble *ensemble);

/* Rows that are loaded in the workspace -> workspace->prediction[0..m): the sum over the
 * members, in their order, divided by their number. */
void ensemble_forward(const struct ensemble *ensemble, struct workspace *workspace, size_t m,
                      const struct kernels *kernels);

/* The same of an ordinal head's probabilities: out[row * levels + k]. The mean rating of these
 * is what ensemble_forward predicts. */
void ensemble_probabilities(const struct ensemble *ensemble, struct workspace *workspace, size_t m,
                            const struct kernels *kernels, float *out);

#endif
