#include "model/early_stopping.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

bool early_stopping_init(struct early_stopping *s, const struct early_stopping_spec *spec,
                         const struct wide_deep *model, struct error *error) {
  *s = (struct early_stopping){.spec = spec, .lowest = INFINITY, .reference = INFINITY};
  if (!spec->on) return true;
  s->weights = memory_aligned(model->floats, sizeof *s->weights, error);
  return s->weights != NULL;
}

void early_stopping_clear(struct early_stopping *s) {
  free(s->weights);
  *s = (struct early_stopping){0};
}

void early_stopping_note(struct early_stopping *s, const struct wide_deep *model, double mse) {
  if (!s->spec->on) return;
  if (mse < s->lowest) {
    s->lowest = mse;
    memcpy(s->weights, model->weights, model->floats * sizeof *s->weights);
  }
  if (mse < s->reference - s->spec->min_delta) {
    s->reference = mse;
    s->waited = 0;
  } else {
    s->waited++;
  }
}

bool early_stopping_is_over(const struct early_stopping *s) {
  return s->spec->on && s->waited >= s->spec->patience;
}

void early_stopping_restore(const struct early_stopping *s, struct wide_deep *model) {
  if (!s->spec->on) return;
  memcpy(model->weights, s->weights, model->floats * sizeof *s->weights);
}
