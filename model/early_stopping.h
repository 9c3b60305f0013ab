/* When training ends early, and the weights of its best epoch. Private to
 * model/. */
#ifndef CROSSLANE_MODEL_EARLY_STOPPING_H
#define CROSSLANE_MODEL_EARLY_STOPPING_H

#include <stdbool.h>

#include "base/error.h"
#include "model/model_spec.h"
#include "model/wide_deep.h"

/* Off: nothing ends training and nothing is restored. */
struct early_stopping {
  const struct early_stopping_spec *spec;
  float *weights;   /* of the epoch with the lowest MSE, the first of equals */
  double lowest;    /* MSE so far */
  double reference; /* the last MSE that lay more than min_delta below the one before it */
  uint32_t waited;  /* epochs since then */
};

bool early_stopping_init(struct early_stopping *stopping, const struct early_stopping_spec *spec,
                         const struct wide_deep *model, struct error *error);
void early_stopping_clear(struct early_stopping *stopping);

/* After each epoch, with its validation MSE. */
void early_stopping_note(struct early_stopping *stopping, const struct wide_deep *model,
                         double mse);
/* Whether training is to end. */
bool early_stopping_is_over(const struct early_stopping *stopping);

/* Gives the model the weights of the best epoch that was noted. */
void early_stopping_restore(const struct early_stopping *stopping, struct wide_deep *model);

#endif
