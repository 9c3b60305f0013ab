#include "model/optimizer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define BETA1 0.9
#define BETA2 0.999
#define EPSILON 1e-7
#define FTRL_BETA 1.0
/* A rate that has been scheduled to nothing still has an inverse. */
#define FTRL_INVERSE_RATE_MOST 1e30

static bool is_adam(const struct optimizer_spec *spec) {
  return spec->name == OPTIMIZER_ADAM || spec->name == OPTIMIZER_ADAMW;
}

/* The others leave a row without gradient as it is, lazy or not. */
static bool is_lazy(const struct train_spec *spec) {
  return spec->embedding_updates == UPDATES_LAZY && is_adam(&spec->optimizer);
}

bool optimizer_needs_batch_rows(const struct train_spec *spec) {
  return is_lazy(spec) || spec->l2.embeddings > 0;
}

bool optimizer_init(struct optimizer *optimizer, const struct train_spec *spec,
                    const struct wide_deep *model, size_t most, struct error *error) {
  *optimizer =
      (struct optimizer){.spec = spec, .factor = 1.0, .beta1_power = 1.0, .beta2_power = 1.0};
  optimizer->needs_batch_rows = optimizer_needs_batch_rows(spec);
  optimizer->first = memory_aligned(model->floats, sizeof(float), error);
  optimizer->second = memory_aligned(model->floats, sizeof(float), error);
  bool made =
      optimizer->first != NULL && optimizer->second != NULL &&
      (!optimizer->needs_batch_rows || batch_rows_init(&optimizer->batch_rows, model, most, error));
  if (!made) optimizer_clear(optimizer);
  return made;
}

void optimizer_clear(struct optimizer *optimizer) {
  free(optimizer->first);
  free(optimizer->second);
  batch_rows_clear(&optimizer->batch_rows);
  *optimizer = (struct optimizer){0};
}

/* --- one part of the arena, all of it --- */

static double learning_rate(const struct optimizer *o, const struct optimizer_spec *spec) {
  return spec->learning_rate * o->factor;
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
      .epsilon = (float)EPSILON,
      .decay = (float)adam_decay(o, spec),
  });
}

static void step_part(const struct optimizer *o, const struct optimizer_spec *spec,
                      struct wide_deep *model, size_t from, size_t end,
                      const struct kernels *kernels) {
  const size_t n = end - from;
  float *w = model->weights + from, *first = o->first + from, *second = o->second + from;
  const float *g = model->gradients + from;
  const float rate = (float)learning_rate(o, spec);
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
          .n = n, .w = w, .sum = second, .g = g, .rate = rate, .epsilon = (float)EPSILON});
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

/* --- embeddings, by the rows of the batch --- */

static void step_rows(const struct optimizer *o, struct wide_deep *model,
                      const struct kernels *kernels) {
  const struct optimizer_spec *spec = &o->spec->optimizer;
  for (size_t f = 0; f < model->fields; f++) {
    const struct tensor *table = model->field[f].table;
    kernels->adam_rows(&(struct adam_rows){
        .count = o->batch_rows.count[f],
        .dim = table->columns,
        .ld = table->ld,
        .row = o->batch_rows.row[f],
        .w = model->weights + table->offset,
        .g = model->gradients + table->offset,
        .m = o->first + table->offset,
        .v = o->second + table->offset,
        .rate = (float)adam_rate(o, spec),
        .beta1 = (float)BETA1,
        .one_minus_beta1 = (float)(1.0 - BETA1),
        .beta2 = (float)BETA2,
        .one_minus_beta2 = (float)(1.0 - BETA2),
        .epsilon = (float)EPSILON,
        .decay = (float)adam_decay(o, spec),
    });
  }
}

/* --- penalties: the gradient of factor * |w|^2 is 2 factor w --- */

static void penalise_tensor(const struct tensor *tensor, double factor, struct wide_deep *model,
                            const struct kernels *kernels) {
  kernels->l2(&(struct l2){.n = tensor->rows * tensor->ld,
                           .g = model->gradients + tensor->offset,
                           .w = model->weights + tensor->offset,
                           .penalty = (float)(2.0 * factor)});
}

static void penalise(const struct optimizer *o, struct wide_deep *model,
                     const struct kernels *kernels) {
  const struct l2_spec *l2 = &o->spec->l2;
  for (size_t f = 0; l2->embeddings > 0 && f < model->fields; f++) {
    const struct tensor *table = model->field[f].table;
    kernels->l2_rows(&(struct l2_rows){.count = o->batch_rows.count[f],
                                       .dim = table->columns,
                                       .ld = table->ld,
                                       .row = o->batch_rows.row[f],
                                       .g = model->gradients + table->offset,
                                       .w = model->weights + table->offset,
                                       .penalty = (float)(2.0 * l2->embeddings)});
  }
  for (size_t c = 0; l2->wide > 0 && c < model->crosses; c++) {
    penalise_tensor(model->wide[c].weight, l2->wide, model, kernels);
  }
  if (l2->deep == 0) return;
  for (size_t l = 0; l < model->layers; l++) {
    penalise_tensor(model->layer[l].weight, l2->deep, model, kernels);
  }
  penalise_tensor(model->head, l2->deep, model, kernels);
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

/* --- the step --- */

/* The rows that a batch did not read have kept their zeros. */
static void clear_gradients(const struct optimizer *o, struct wide_deep *model) {
  float *g = model->gradients;
  if (!is_lazy(o->spec)) {
    memset(g, 0, model->table_floats * sizeof *g);
    return;
  }
  for (size_t f = 0; f < model->fields; f++) {
    const struct tensor *table = model->field[f].table;
    for (size_t i = 0; i < o->batch_rows.count[f]; i++) {
      memset(g + table->offset + o->batch_rows.row[f][i] * table->ld, 0,
             table->columns * sizeof *g);
    }
  }
  memset(g + model->wide_at, 0, (model->table_floats - model->wide_at) * sizeof *g);
}

/* Parts that share an optimizer are one call: embeddings, wide, dense. */
static void step_parts(const struct optimizer *o, struct wide_deep *model,
                       const struct kernels *kernels) {
  const struct train_spec *spec = o->spec;
  const bool lazy = is_lazy(spec);
  if (lazy) step_rows(o, model, kernels);
  if (!spec->has_wide_optimizer) {
    step_part(o, &spec->optimizer, model, lazy ? model->wide_at : 0, model->floats, kernels);
    return;
  }
  if (!lazy) step_part(o, &spec->optimizer, model, 0, model->wide_at, kernels);
  step_part(o, &spec->wide_optimizer, model, model->wide_at, model->table_floats, kernels);
  step_part(o, &spec->optimizer, model, model->table_floats, model->floats, kernels);
}

void optimizer_step(struct optimizer *o, struct wide_deep *model, const struct workspace *workspace,
                    size_t m, const struct kernels *kernels) {
  o->beta1_power *= BETA1;
  o->beta2_power *= BETA2;
  if (o->needs_batch_rows) batch_rows_find(&o->batch_rows, model, workspace, m);
  penalise(o, model, kernels);
  step_parts(o, model, kernels);
  clear_gradients(o, model);
}
