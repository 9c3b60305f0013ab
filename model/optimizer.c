#include "model/optimizer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "model/tables.h"
#include "model/work_parts.h"

/* Floats that are stepped over at a time, so that they are in the cache for all
 * that is done with them. */
enum { PIECE = 16384 };

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
bool optimizer_is_lazy(const struct train_spec *spec) {
  return spec->embedding_updates == UPDATES_LAZY && is_adam(&spec->optimizer);
}

bool optimizer_needs_batch_rows(const struct train_spec *spec) {
  return optimizer_is_lazy(spec) || spec->l2.embeddings > 0;
}

bool optimizer_init(struct optimizer *optimizer, const struct train_spec *spec,
                    const struct wide_deep *model, size_t most, struct error *error) {
  *optimizer =
      (struct optimizer){.spec = spec, .factor = 1.0, .beta1_power = 1.0, .beta2_power = 1.0};
  optimizer->needs_batch_rows = optimizer_needs_batch_rows(spec);
  optimizer->first = memory_aligned(model->floats, sizeof(float), error);
  optimizer->second = memory_aligned(model->floats, sizeof(float), error);
  bool made = optimizer->first != NULL && optimizer->second != NULL &&
              (!optimizer->needs_batch_rows ||
               batch_rows_init(&optimizer->batch_rows, model, most, error)) &&
              averaging_init(&optimizer->averaging, &spec->averaging, model,
                             optimizer_is_lazy(spec), error);
  if (!made) optimizer_clear(optimizer);
  return made;
}

void optimizer_clear(struct optimizer *optimizer) {
  free(optimizer->first);
  free(optimizer->second);
  batch_rows_clear(&optimizer->batch_rows);
  averaging_clear(&optimizer->averaging);
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

/* `count` of the rows that the batch reads, from the one at place `at`. */
static void step_rows(const struct optimizer *o, struct wide_deep *model, size_t f, size_t at,
                      size_t count, const struct kernels *kernels) {
  const struct optimizer_spec *spec = &o->spec->optimizer;
  const struct tensor *table = model->field[f].table;
  const uint32_t *row = o->batch_rows.row[f] + at;
  averaging_rows(&o->averaging, model, f, row, count, kernels);
  float *g = model->gradients + table->offset;
  kernels->adam_rows(&(struct adam_rows){
      .count = count,
      .dim = table->columns,
      .ld = table->ld,
      .row = row,
      .w = model->weights + table->offset,
      .g = g,
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
  for (size_t i = 0; i < count; i++) {
    memset(g + row[i] * table->ld, 0, table->columns * sizeof *g);
  }
}

/* The gradient of factor * |w|^2 is 2 factor w. */
static void penalise_rows(const struct optimizer *o, struct wide_deep *model, size_t f, size_t at,
                          size_t count, const struct kernels *kernels) {
  const struct l2_spec *l2 = &o->spec->l2;
  const struct tensor *table = model->field[f].table;
  kernels->l2_rows(&(struct l2_rows){.count = count,
                                     .dim = table->columns,
                                     .ld = table->ld,
                                     .row = o->batch_rows.row[f] + at,
                                     .g = model->gradients + table->offset,
                                     .w = model->weights + table->offset,
                                     .penalty = (float)(2.0 * l2->embeddings)});
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

struct step {
  struct optimizer *o;
  struct wide_deep *model;
  const struct workspace *workspace;
  size_t m, from; /* from: where the pieces of the arena begin */
  const struct kernels *kernels;
};

/* Where piece i begins. */
static size_t piece_begin(const struct step *step, size_t i) {
  const size_t at = step->from + i * PIECE, end = step->model->floats;
  return at < end ? at : end;
}

/* Of [from, end) what lies in [low, high); false: nothing. */
static bool within(size_t *from, size_t *end, size_t low, size_t high) {
  if (*from < low) *from = low;
  if (*end > high) *end = high;
  return *from < *end;
}

static void penalise_tensor(const struct tensor *tensor, double factor, struct wide_deep *model,
                            size_t from, size_t end, const struct kernels *kernels) {
  if (!within(&from, &end, tensor->offset, tensor->offset + tensor->rows * tensor->ld)) return;
  kernels->l2(&(struct l2){.n = end - from,
                           .g = model->gradients + from,
                           .w = model->weights + from,
                           .penalty = (float)(2.0 * factor)});
}

/* Of the tensors that are not fields: those have it by the rows of the batch. */
static void penalise(const struct l2_spec *l2, struct wide_deep *model, size_t from, size_t end,
                     const struct kernels *kernels) {
  for (size_t c = 0; l2->wide > 0 && c < model->crosses; c++) {
    penalise_tensor(model->wide[c].weight, l2->wide, model, from, end, kernels);
  }
  if (l2->deep == 0) return;
  for (size_t l = 0; l < model->layers; l++) {
    penalise_tensor(model->layer[l].weight, l2->deep, model, from, end, kernels);
  }
  penalise_tensor(model->head, l2->deep, model, from, end, kernels);
}

/* Parts that share an optimizer are one call: embeddings, wide, dense. */
static void step_span(const struct optimizer *o, struct wide_deep *model, size_t from, size_t end,
                      const struct kernels *kernels) {
  const struct train_spec *spec = o->spec;
  const size_t bound[] = {0, model->wide_at, model->table_floats, model->floats};
  if (!spec->has_wide_optimizer) {
    step_part(o, &spec->optimizer, model, from, end, kernels);
    return;
  }
  for (size_t part = 0; part < 3; part++) {
    size_t low = from, high = end;
    if (!within(&low, &high, bound[part], bound[part + 1])) continue;
    step_part(o, part == 1 ? &spec->wide_optimizer : &spec->optimizer, model, low, high, kernels);
  }
}

static void step_piece(void *context, size_t i) {
  const struct step *step = context;
  struct wide_deep *model = step->model;
  const size_t from = piece_begin(step, i), end = piece_begin(step, i + 1);
  if (from == end) return;
  penalise(&step->o->spec->l2, model, from, end, step->kernels);
  step_span(step->o, model, from, end, step->kernels);
  averaging_span(&step->o->averaging, model, from, end, step->kernels);
  if (from >= model->table_floats) return;
  const size_t tables = end < model->table_floats ? end : model->table_floats;
  memset(model->gradients + from, 0, (tables - from) * sizeof *model->gradients);
}

/* How many rows of a table are a piece. */
static size_t rows_of_piece(const struct wide_deep *model, size_t f) {
  const size_t columns = model->field[f].table->columns;
  return columns < PIECE ? PIECE / columns : 1;
}

static size_t pieces_of_rows(const struct step *step, size_t f) {
  const size_t each = rows_of_piece(step->model, f);
  return (step->o->batch_rows.count[f] + each - 1) / each;
}

static void find_rows(void *context, size_t f) {
  const struct step *step = context;
  batch_rows_find(&step->o->batch_rows, step->model, step->workspace, f, step->m);
}

static void step_rows_piece(void *context, size_t i) {
  const struct step *step = context;
  const struct optimizer *o = step->o;
  size_t f = 0;
  for (; i >= pieces_of_rows(step, f); f++) i -= pieces_of_rows(step, f);
  const size_t each = rows_of_piece(step->model, f), at = i * each;
  const size_t left = o->batch_rows.count[f] - at, count = left < each ? left : each;
  if (o->spec->l2.embeddings > 0) penalise_rows(o, step->model, f, at, count, step->kernels);
  if (optimizer_is_lazy(o->spec)) step_rows(o, step->model, f, at, count, step->kernels);
}

/* The pool, where the work is enough for two threads. */
static struct thread_pool *pool_for(const struct step *step, uint64_t flop) {
  struct thread_pool *pool = step->workspace->pool;
  return work_parts_count(pool, flop, SIZE_MAX) > 1 ? pool : NULL;
}

/* The rows of the tables that the batch reads, for those who need to know. */
static void step_batch_rows(struct step *step) {
  const struct wide_deep *model = step->model;
  batch_rows_begin(&step->o->batch_rows);
  const uint64_t read = tables_floats_read(model, step->workspace, step->m);
  thread_pool_run(pool_for(step, read), model->fields, find_rows, step);
  size_t pieces = 0, floats = 0;
  for (size_t f = 0; f < model->fields; f++) {
    pieces += pieces_of_rows(step, f);
    floats += step->o->batch_rows.count[f] * model->field[f].table->columns;
  }
  thread_pool_run(pool_for(step, floats * WORK_STEP), pieces, step_rows_piece, step);
}

void optimizer_step(struct optimizer *o, struct wide_deep *model, const struct workspace *workspace,
                    size_t m, const struct kernels *kernels) {
  o->beta1_power *= BETA1;
  o->beta2_power *= BETA2;
  averaging_step(&o->averaging);
  struct step step = {.o = o,
                      .model = model,
                      .workspace = workspace,
                      .m = m,
                      .from = optimizer_is_lazy(o->spec) ? model->wide_at : 0,
                      .kernels = kernels};
  if (o->needs_batch_rows) step_batch_rows(&step);
  const size_t floats = model->floats - step.from;
  thread_pool_run(pool_for(&step, floats * WORK_STEP), (floats + PIECE - 1) / PIECE, step_piece,
                  &step);
}
