/* Encodes the rows of a data set, the one that a model was trained on or another,
 * as its stored encoding says: codes are translated by their words, histories
 * and statistics are those of the training rows given. With the data, the
 * training rows and the seed of the training it encodes every row as
 * encoding_apply did then. */
#ifndef CROSSLANE_DATA_ENCODING_DATASET_ENCODER_H
#define CROSSLANE_DATA_ENCODING_DATASET_ENCODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/encoding/encoding.h"
#include "data/encoding/stored_encoding.h"

struct dataset_encoder {
  const struct stored_encoding *stored;
  const struct encoding_spec *spec;
  const struct dataset *dataset;
  uint32_t **code_of; /* [vocabularies][codes of the dataset] the vocabulary's code, or NONE */
  /* The tables' shapes, bags, scalings and statistics; its lists only while rows
   * are encoded. What a model is laid out by. */
  struct encoding encoding;
};

/* `training`: `count` rows of `dataset`; NULL: all. In other data a history
 * holds films or users that the model does not know: they are entries of
 * zeros. The arguments must outlive the encoder; `spec` is what `stored` was read
 * with. */
bool dataset_encoder_init(struct dataset_encoder *encoder, const struct stored_encoding *stored,
                          const struct encoding_spec *spec, const struct dataset *dataset,
                          const uint32_t *training, size_t count, struct error *error);
void dataset_encoder_clear(struct dataset_encoder *encoder);

/* `window` is the dataset, or a copy of it with ratings of its own (pairs of
 * its users and films, to be predicted); `rows` are rows of the window. With
 * ENCODED_TRAINING they are the training rows. Bags of `encoded` are the
 * encoder's. */
bool dataset_encoder_apply(const struct dataset_encoder *encoder, const struct dataset *window,
                           const uint32_t *rows, size_t count, enum encoded_part part,
                           struct encoded_rows *encoded, struct error *error);

/* Whether the model was trained with this code of the dataset's column. */
bool dataset_encoder_knows(const struct dataset_encoder *encoder, const struct column *column,
                           uint32_t code);

#endif
