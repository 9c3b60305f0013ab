#include "model/optimizer.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

#define BETA1 0.9
#define BETA2 0.999
#define EPSILON 1e-7

bool optimizer_init(struct optimizer *optimizer, const struct optimizer_spec *spec,
                    const struct wide_deep *model, struct error *error) {
  *optimizer = (struct optimizer){
      .learning_rate = spec->learning_rate, .beta1_power = 1.0, .beta2_power = 1.0};
  optimizer->m = memory_aligned(model->floats, sizeof(float), error);
  optimizer->v = memory_aligned(model->floats, sizeof(float), error);
  if (optimizer->m != NULL && optimizer->v != NULL) return true;
  optimizer_clear(optimizer);
  return false;
}

void optimizer_clear(struct optimizer *optimizer) {
  free(optimizer->m);
  free(optimizer->v);
  *optimizer = (struct optimizer){0};
}

void optimizer_step(struct optimizer *optimizer, struct wide_deep *model,
                    const struct kernels *kernels) {
  optimizer->beta1_power *= BETA1;
  optimizer->beta2_power *= BETA2;
  double rate = optimizer->learning_rate * sqrt(1.0 - optimizer->beta2_power) /
                (1.0 - optimizer->beta1_power);
  kernels->adam(&(struct adam){
      .n = model->floats,
      .w = model->weights,
      .g = model->gradients,
      .m = optimizer->m,
      .v = optimizer->v,
      .rate = (float)rate,
      .beta1 = (float)BETA1,
      .one_minus_beta1 = (float)(1.0 - BETA1),
      .beta2 = (float)BETA2,
      .one_minus_beta2 = (float)(1.0 - BETA2),
      .epsilon = (float)EPSILON,
  });
}
