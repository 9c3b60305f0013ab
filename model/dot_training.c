#include "model/dot_training.h"

#include "model/optimizer_update.h"

static bool model_fits(const struct wide_deep *model) {
  const bool dot = model->layers == 0 && model->interaction == INTERACTION_DOT &&
                   model->fields == 2 && model->numbers == 0 && model->cut == NULL &&
                   model->field_dim <= DOT_STEPS_DIM_MOST;
  for (size_t f = 0; dot && f < model->fields; f++) {
    if (model->field[f].is_bag) return false;
  }
  return dot && model->wide_slots == model->crosses;
}

bool dot_training_fits(const struct wide_deep *model, const struct train_spec *spec) {
  return spec->batch_size <= DOT_STEPS_BATCH_MOST && optimizer_leaves_the_rest(spec) &&
         !spec->has_wide_optimizer && spec->l2.wide == 0 && model_fits(model);
}

size_t dot_training_rows(const struct wide_deep *model, const struct train_spec *spec,
                         size_t rows) {
  const size_t batches = dot_training_fits(model, spec) ? DOT_TRAINING_BATCHES : 1;
  const size_t most = batches * spec->batch_size;
  return most < rows ? most : rows;
}

void dot_training_steps(struct wide_deep *model, const struct optimizer *o,
                        const struct workspace *workspace, size_t m, double *sum,
                        const struct kernels *kernels) {
  const struct field *u = &model->field[0], *v = &model->field[1];
  const struct train_spec *spec = o->spec;
  uint32_t wide_unseen[CROSSES_MAX];
  for (size_t c = 0; c < model->crosses; c++) {
    const struct tensor *weight = model->wide[c].weight;
    wide_unseen[c] = (uint32_t)(weight->offset + weight->rows);
  }
  kernels->dot_steps(&(struct dot_steps){
      .rows = m,
      .batch = spec->batch_size,
      .dim = model->field_dim,
      .tables = model->crosses,
      .w = model->weights,
      .sum = spec->optimizer.name == OPTIMIZER_ADAGRAD ? o->second : NULL,
      .at = {u->table->offset, v->table->offset},
      .head_at = model->head->offset,
      .bias_at = model->head_bias->offset,
      .index = {workspace->field[0].index, workspace->field[1].index},
      .unseen = {(uint32_t)u->table->rows, (uint32_t)v->table->rows},
      .wide = workspace->wide,
      .wide_ld = workspace->most,
      .wide_unseen = wide_unseen,
      .target = workspace->target,
      .loss = sum,
      .rate = optimizer_update_rate(o, &spec->optimizer),
      .epsilon = OPTIMIZER_EPSILON,
      .penalty = (float)(2.0 * spec->l2.embeddings),
      .head_penalty = (float)(2.0 * spec->l2.deep),
  });
}
