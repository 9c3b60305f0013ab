/* What a crosslane_model is. For library/ alone. */
#ifndef CROSSLANE_LIBRARY_MODEL_PARTS_H
#define CROSSLANE_LIBRARY_MODEL_PARTS_H

#include "crosslane/model.h"
#include "library/library.h"
#include "serving/desks.h"

struct crosslane_model {
  void *bytes;            /* of its file, when they were given in memory */
  struct serving serving; /* does not change after the model is open */
  struct desks *desks;    /* NULL: it cannot be asked by values, because of: */
  struct error *refusal;
};

/* Input i; NULL: there is none. */
const struct query_input *model_input(const crosslane_model *model, size_t i);

/* Whether it can be asked by values. */
bool model_takes_values(const crosslane_model *model, struct error *error);

#endif
