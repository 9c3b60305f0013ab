/* The formulas: from gradients to weights, of floats that lie side by side or of rows. */
#include "model/optimizer_update.h"

#include <math.h>

#define BETA1 0.9
#define BETA2 0.999
#define FTRL_BETA 1.0
/* A rate that has been scheduled to nothing still has an inverse. */
#define FTRL_INVERSE_RATE_MOST 1e30

void optimizer_update_begin(struct optimizer *o) {
  o->beta1_power *= BETA1;
  o->beta2_power *= BETA2;
}

static double learning_rate(const struct optimizer *o, const struct optimizer_spec *spec) {
  return spec->learning_rate * o->factor;
}

float optimizer_update_rate(const struct optimizer *o, const struct optimizer_spec *spec) {
  return (float)learning_rate(o, spec);
}

static double adam_rate(const struct optimizer *o, const struct optimizer_spec *spec) {
  return learning_rate(o, spec) * sqrt(1.0 - o->beta2_power) / (1.0 - o->beta1_power);
}

static double adam_decay(const struct optimizer *o, const struct optimizer_spec *spec) {
  return spec->name == OPTIMIZER_ADAMW ? learning_rate(o, spec) * spec->weight_decay : 0.0;
}

static double ftrl_inverse_rate(const struct optimizer_spec *spec, double factor) {
  const double inverse = 1.0 / (spec->learning_rate * factor);
  return inverse < FTRL_INVERSE_RATE_MOST ? inverse : FTRL_INVERSE_RATE_MOST;
}

static void step_adam(const struct optimizer *o, const struct optimizer_spec *spec,
                      struct wide_deep *model, size_t from, size_t n,
                      const struct kernels *kernels) {
  kernels->adam(&(struct adam){
      .n = n,
      .w = model->weights + from,
      .g = model->gradients + from,
      .m = o->first + from,
      .v = o->second + from,
      .rate = (float)adam_rate(o, spec),
      .beta1 = (float)BETA1,
      .one_minus_beta1 = (float)(1.0 - BETA1),
      .beta2 = (float)BETA2,
      .one_minus_beta2 = (float)(1.0 - BETA2),
      .epsilon = OPTIMIZER_EPSILON,
      .decay = (float)adam_decay(o, spec),
  });
}

void optimizer_update(const struct optimizer *o, const struct optimizer_spec *spec,
                      struct wide_deep *model, size_t from, size_t end,
                      const struct kernels *kernels) {
  const size_t n = end - from;
  float *w = model->weights + from, *first = o->first + from, *second = o->second + from;
  const float *g = model->gradients + from;
  const float rate = optimizer_update_rate(o, spec);
  switch (spec->name) {
    case OPTIMIZER_ADAM:
    case OPTIMIZER_ADAMW:
      step_adam(o, spec, model, from, n, kernels);
      break;
    case OPTIMIZER_SGD:
      kernels->sgd(&(struct sgd){.n = n,
                                 .w = w,
                                 .velocity = spec->momentum > 0 ? first : NULL,
                                 .g = g,
                                 .rate = rate,
                                 .momentum = (float)spec->momentum});
      break;
    case OPTIMIZER_ADAGRAD:
      kernels->adagrad(&(struct adagrad){
          .n = n, .w = w, .sum = second, .g = g, .rate = rate, .epsilon = OPTIMIZER_EPSILON});
      break;
    case OPTIMIZER_FTRL:
      kernels->ftrl(&(struct ftrl){.n = n,
                                   .w = w,
                                   .z = first,
                                   .sum = second,
                                   .g = g,
                                   .inverse_rate = (float)ftrl_inverse_rate(spec, o->factor),
                                   .beta = (float)FTRL_BETA,
                                   .l1 = (float)spec->l1,
                                   .l2 = (float)spec->l2});
      break;
  }
}

void optimizer_update_lazily(const struct optimizer *o, struct wide_deep *model,
                             const struct tensor *table, const uint32_t *row, size_t count,
                             const struct kernels *kernels) {
  const struct optimizer_spec *spec = &o->spec->optimizer;
  kernels->adam_rows(&(struct adam_rows){
      .count = count,
      .dim = table->columns,
      .ld = table->ld,
      .row = row,
      .w = model->weights + table->offset,
      .g = model->gradients + table->offset,
      .m = o->first + table->offset,
      .v = o->second + table->offset,
      .rate = (float)adam_rate(o, spec),
      .beta1 = (float)BETA1,
      .one_minus_beta1 = (float)(1.0 - BETA1),
      .beta2 = (float)BETA2,
      .one_minus_beta2 = (float)(1.0 - BETA2),
      .epsilon = OPTIMIZER_EPSILON,
      .decay = (float)adam_decay(o, spec),
  });
}

/* --- the schedule --- */

/* FTRL's w = -(z -+ l1) / ((beta + sqrt(sum)) / rate + l2) stays as it is. */
static void keep_weights(const struct optimizer *o, const struct optimizer_spec *spec,
                         const struct wide_deep *model, size_t from, size_t end, double before) {
  if (spec->name != OPTIMIZER_FTRL || o->factor == before) return;
  const double change = ftrl_inverse_rate(spec, o->factor) - ftrl_inverse_rate(spec, before);
  for (size_t i = from; i < end; i++) {
    const double root = FTRL_BETA + sqrt((double)o->second[i]);
    o->first[i] = (float)((double)o->first[i] - root * change * (double)model->weights[i]);
  }
}

void optimizer_schedule(struct optimizer *o, const struct wide_deep *model, double factor) {
  const struct optimizer_spec *deep = &o->spec->optimizer;
  const struct optimizer_spec *wide = o->spec->has_wide_optimizer ? &o->spec->wide_optimizer : deep;
  const double before = o->factor;
  o->factor = factor;
  keep_weights(o, deep, model, 0, model->wide_at, before);
  keep_weights(o, wide, model, model->wide_at, model->table_floats, before);
  keep_weights(o, deep, model, model->table_floats, model->floats, before);
}
