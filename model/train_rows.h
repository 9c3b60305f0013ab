/* What a split gives to a training: an encoding that is fitted on it, and the rows of each
 * of its parts as a model reads them. Private to model/. */
#ifndef CROSSLANE_MODEL_TRAIN_ROWS_H
#define CROSSLANE_MODEL_TRAIN_ROWS_H

#include <stdbool.h>

#include "base/error.h"
#include "data/encoding/encoding.h"
#include "model/train.h"

struct train_rows {
  struct encoding encoding;
  struct train_part {
    struct encoded_rows rows;
    float *of_kinds; /* what is predicted for each of their kinds */
  } train, validation, test;
};

/* Of the request it reads dataset, features, model, fit_all and seed. `split` stays the
 * caller's, and must stay. To be cleared after a failure too. */
bool train_rows_init(struct train_rows *rows, const struct train_request *request,
                     const struct split *split, struct error *error);
void train_rows_clear(struct train_rows *rows);

#endif
