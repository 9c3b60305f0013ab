/* Deep columns of a model that was written by hand: what they are in the data. */
#ifndef CROSSLANE_TESTS_MODEL_MODEL_KINDS_H
#define CROSSLANE_TESTS_MODEL_MODEL_KINDS_H

#include <stdlib.h>

#include "data/dataset.h"
#include "model/model_spec.h"

static inline void model_find_kinds(struct model_spec *model, const struct dataset *dataset) {
  for (size_t i = 0; i < model->deep_columns; i++) {
    const struct column *column = dataset_column(dataset, model->deep[i].name);
    if (column == NULL) abort();
    model->deep[i].kind = column->kind;
    model->deep[i].side = column->side;
  }
}

#endif
