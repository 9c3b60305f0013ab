/* A trained model's weights in a file, and back. */
#ifndef CROSSLANE_MODEL_CHECKPOINT_H
#define CROSSLANE_MODEL_CHECKPOINT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "data/encoding/encoding.h"
#include "model/checkpoint_file.h"
#include "model/ensemble.h"
#include "model/model_spec.h"

/* Every tensor of the model under its name ("embedding.gender",
 * "wide.gender*genre", "dense.0.weight", "head.bias", ...) as it was trained,
 * without rows for unseen values: embeddings (rows, dim), dense weights
 * (inputs, outputs), all else (n). A name that stands twice gets "#2"; those of an ensemble's
 * members after the first begin with "member.1.", "member.2.", ... */
bool checkpoint_write(const char *path, const struct ensemble *models, const json_t *metadata,
                      struct error *error);

/* Lays out `members` models that `spec` and `encoding` describe and fills them from the
 * file, which must hold exactly their tensors, all finite, with the digest `digest`
 * (ensemble_digest). For prediction only: they have no gradients. On failure `models` is
 * empty. */
bool checkpoint_load(const struct checkpoint_file *file, const struct model_spec *spec,
                     const struct encoding *encoding, size_t members, uint64_t digest,
                     struct ensemble *models, struct error *error);

#endif
