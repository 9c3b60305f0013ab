#include "model/optimizer.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "model/optimizer_update.h"
#include "model/tables.h"
#include "model/work_parts.h"

/* Floats that are stepped over at a time, so that they are in the cache for all
 * that is done with them. */
enum { PIECE = 16384 };

static bool is_adam(const struct optimizer_spec *spec) {
  return spec->name == OPTIMIZER_ADAM || spec->name == OPTIMIZER_ADAMW;
}

/* Lazy updates are Adam's alone: no other one has rows that move without a gradient, but for
 * those of momentum, which have to. */
bool optimizer_is_lazy(const struct train_spec *spec) {
  return spec->embedding_updates == UPDATES_LAZY && is_adam(&spec->optimizer);
}

/* Whether weights without gradient keep their bits, and need no step; the average of all
 * weights does need it. */
static bool leaves_the_rest(const struct train_spec *spec, const struct optimizer_spec *one) {
  return !spec->averaging.on &&
         ((one->name == OPTIMIZER_SGD && one->momentum == 0) || one->name == OPTIMIZER_ADAGRAD);
}

bool optimizer_leaves_the_rest(const struct train_spec *spec) {
  return leaves_the_rest(spec, &spec->optimizer);
}

bool optimizer_needs_batch_rows(const struct train_spec *spec) {
  return optimizer_is_lazy(spec) || leaves_the_rest(spec, &spec->optimizer) ||
         spec->l2.embeddings > 0;
}

bool optimizer_init(struct optimizer *optimizer, const struct train_spec *spec,
                    const struct wide_deep *model, size_t most, struct error *error) {
  *optimizer =
      (struct optimizer){.spec = spec, .factor = 1.0, .beta1_power = 1.0, .beta2_power = 1.0};
  optimizer->first = memory_aligned(model->floats, sizeof(float), error);
  optimizer->second = memory_aligned(model->floats, sizeof(float), error);
  bool made = optimizer->first != NULL && optimizer->second != NULL &&
              (!optimizer_needs_batch_rows(spec) ||
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

/* --- embeddings, by the rows of the batch --- */

/* `count` of the rows that the batch reads, from the one at place `at`. */
static void step_rows(const struct optimizer *o, struct wide_deep *model, size_t f, size_t at,
                      size_t count, const struct kernels *kernels) {
  const struct tensor *table = model->field[f].table;
  const uint32_t *row = o->batch_rows.row[f] + at;
  const bool lazy = optimizer_is_lazy(o->spec);
  if (lazy) {
    averaging_rows(&o->averaging, model, f, row, count, kernels);
    optimizer_update_lazily(o, model, table, row, count, kernels);
  }
  for (size_t i = 0; i < count; i++) {
    const size_t first = table->offset + row[i] * table->ld, end = first + table->columns;
    if (!lazy) optimizer_update(o, &o->spec->optimizer, model, first, end, kernels);
    memset(model->gradients + first, 0, table->columns * sizeof *model->gradients);
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

/* --- the step --- */

struct step {
  struct optimizer *o;
  struct wide_deep *model;
  const struct workspace *workspace;
  size_t m, from; /* from: where the pieces of the arena begin; before it, the batch's rows */
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
    optimizer_update(o, &spec->optimizer, model, from, end, kernels);
    return;
  }
  for (size_t part = 0; part < 3; part++) {
    size_t low = from, high = end;
    if (!within(&low, &high, bound[part], bound[part + 1])) continue;
    optimizer_update(o, part == 1 ? &spec->wide_optimizer : &spec->optimizer, model, low, high,
                     kernels);
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
  if (step->from > 0) step_rows(o, step->model, f, at, count, step->kernels);
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

static const struct optimizer_spec *wide_optimizer(const struct train_spec *spec) {
  return spec->has_wide_optimizer ? &spec->wide_optimizer : &spec->optimizer;
}

/* A weight that the batch names twice has no gradient left for the second time. */
static void step_wide_weights(const struct step *step) {
  const struct optimizer_spec *spec = wide_optimizer(step->o->spec);
  const struct workspace *workspace = step->workspace;
  for (size_t s = 0; s < step->model->wide_slots; s++) {
    const uint32_t *weight = workspace->wide + s * workspace->most;
    for (size_t i = 0; i < step->m; i++) {
      optimizer_update(step->o, spec, step->model, weight[i], weight[i] + 1, step->kernels);
      step->model->gradients[weight[i]] = 0;
    }
  }
}

/* One row costs as much as passing over so many floats, and four times its own. */
enum { ROW_COST = 32, FLOAT_COST = 4 };

static bool few_rows(const struct wide_deep *model, const struct workspace *workspace, size_t m) {
  const uint64_t floats = tables_floats_read(model, workspace, m);
  return ROW_COST * tables_rows_read(model, workspace, m) + FLOAT_COST * floats <= model->wide_at;
}

/* Where the pass over all weights begins. Before it are tables of which the rows of the
 * batch alone are stepped: where the others would stay, to the bit, and the batch has few. */
static size_t pass_begin(const struct optimizer *o, const struct wide_deep *model,
                         const struct workspace *workspace, size_t m) {
  const struct train_spec *spec = o->spec;
  const bool rows = optimizer_is_lazy(spec) ||
                    (leaves_the_rest(spec, &spec->optimizer) && few_rows(model, workspace, m));
  if (!rows) return 0;
  const bool weights = leaves_the_rest(spec, wide_optimizer(spec)) && spec->l2.wide == 0 &&
                       ROW_COST * m * model->wide_slots <= model->table_floats - model->wide_at;
  return weights ? model->table_floats : model->wide_at;
}

void optimizer_step(struct optimizer *o, struct wide_deep *model, const struct workspace *workspace,
                    size_t m, const struct kernels *kernels) {
  optimizer_update_begin(o);
  averaging_step(&o->averaging);
  struct step step = {.o = o,
                      .model = model,
                      .workspace = workspace,
                      .m = m,
                      .from = pass_begin(o, model, workspace, m),
                      .kernels = kernels};
  if (o->spec->l2.embeddings > 0 || step.from > 0) step_batch_rows(&step);
  if (step.from > model->wide_at) step_wide_weights(&step);
  const size_t floats = model->floats - step.from;
  thread_pool_run(pool_for(&step, floats * WORK_STEP), (floats + PIECE - 1) / PIECE, step_piece,
                  &step);
}
