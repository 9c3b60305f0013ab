/* A trained model's weights in a file, and back. */
#ifndef CROSSLANE_MODEL_CHECKPOINT_H
#define CROSSLANE_MODEL_CHECKPOINT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "data/encoding/encoding.h"
#include "model/checkpoint_file.h"
#include "model/model_spec.h"
#include "model/wide_deep.h"

/* Every tensor of the model under its name ("embedding.gender",
 * "wide.gender*genre", "dense.0.weight", "head.bias", ...) as it was trained,
 * without rows for unseen values: embeddings (rows, dim), dense weights
 * (inputs, outputs), all else (n). A name that stands twice gets "#2". */
bool checkpoint_write(const char *path, const struct wide_deep *model, const json_t *metadata,
                      struct error *error);

/* Lays out the model that `spec` and `encoding` describe and fills it from the
 * file, which must hold exactly its tensors, all finite, with the digest
 * `digest` (wide_deep_digest). For prediction only: it has no gradients. On
 * failure `model` is empty. */
bool checkpoint_load(const struct checkpoint_file *file, const struct model_spec *spec,
                     const struct encoding *encoding, uint64_t digest, struct wide_deep *model,
                     struct error *error);

#endif
