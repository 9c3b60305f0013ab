#include "model/wide_deep.h"

#include "base/philox.h"
#include "model/tables.h"
#include "model/work_parts.h"

static void draw_keep(const struct wide_deep *model, struct workspace *workspace, size_t l,
                      size_t m, const struct training_step *training,
                      const struct kernels *kernels) {
  kernels->dropout_keep(&(struct dropout_keep){
      .first = workspace->first_row * workspace->keep_ld[l],
      .groups = m * workspace->keep_ld[l],
      .keep = workspace->keep[l],
      .threshold = model->layer[l].drop_threshold,
      .key = {(uint32_t)training->seed, (uint32_t)(training->seed >> 32)},
      .counter = {training->step, (uint32_t)l, STREAM_DROPOUT},
  });
}

/* The input of layer l, or of the head for l = layers. */
static float *input_of(const struct wide_deep *model, const struct workspace *workspace, size_t l,
                       size_t *ld) {
  *ld = l == 0 ? model->input_ld : workspace->h_ld[l - 1];
  return l == 0 ? workspace->x : workspace->h[l - 1];
}

static float *gradient_of(const struct workspace *workspace, size_t l) {
  return l == 0 ? workspace->dx : workspace->dh[l - 1];
}

static void forward_layer(const struct wide_deep *model, struct workspace *workspace, size_t l,
                          size_t m, const struct training_step *training,
                          const struct kernels *kernels) {
  const struct layer *layer = &model->layer[l];
  const bool drop = training != NULL && layer->drop_threshold > 0;
  const bool fused = model->activation == ACTIVATION_RELU;
  if (drop) draw_keep(model, workspace, l, m, training, kernels);
  struct dense_forward dense = {
      .m = m,
      .k = layer->inputs,
      .n = layer->outputs,
      .w = model->weights + layer->weight->offset,
      .w_ld = layer->weight->ld,
      .bias = model->weights + layer->bias->offset,
      .y = workspace->h[l],
      .y_ld = workspace->h_ld[l],
      .activation = fused ? ACTIVATION_RELU : ACTIVATION_IDENTITY,
      .keep = fused && drop ? workspace->keep[l] : NULL,
      .keep_ld = workspace->keep_ld[l],
      .keep_scale = layer->keep_scale,
  };
  dense.x = input_of(model, workspace, l, &dense.x_ld);
  kernels->dense_forward(&dense);
  if (fused) return;
  kernels->activate(&(struct activate){
      .m = m,
      .n = layer->outputs,
      .y = workspace->h[l],
      .y_ld = workspace->h_ld[l],
      .activation = model->activation,
      .derivative = training != NULL ? workspace->derivative[l] : NULL,
      .derivative_ld = workspace->h_ld[l],
      .keep = drop ? workspace->keep[l] : NULL,
      .keep_ld = workspace->keep_ld[l],
      .keep_scale = layer->keep_scale,
  });
}

/* What every interaction reads. */
#define FIELDS_OF_X                                                                      \
  .m = m, .fields = model->fields, .dim = model->field_dim, .field_at = model->field_at, \
  .x = workspace->x, .x_ld = model->input_ld

static void interaction_forward(const struct wide_deep *model, struct workspace *workspace,
                                size_t m, const struct kernels *kernels) {
  float *out = workspace->interaction;
  if (model->interaction == INTERACTION_FM) {
    kernels->fm_forward(&(struct fm_forward){FIELDS_OF_X, .out = out});
  } else if (model->interaction == INTERACTION_DOT) {
    kernels->dot_forward(
        &(struct dot_forward){FIELDS_OF_X, .first_fields = model->user_fields, .out = out});
  }
}

/* Added to the embeddings' gradient, which the layers have left. */
static void interaction_backward(const struct wide_deep *model, struct workspace *workspace,
                                 size_t m, const struct kernels *kernels) {
  const float *gradient = workspace->gradient;
  float *dx = workspace->dx;
  if (model->interaction == INTERACTION_FM) {
    kernels->fm_backward(&(struct fm_backward){FIELDS_OF_X, .gradient = gradient, .dx = dx,
                                               .dx_ld = model->input_ld});
  } else if (model->interaction == INTERACTION_DOT) {
    kernels->dot_backward(&(struct dot_backward){FIELDS_OF_X, .first_fields = model->user_fields,
                                                 .gradient = gradient, .dx = dx,
                                                 .dx_ld = model->input_ld});
  }
}

static void forward_rows(const struct wide_deep *model, struct workspace *workspace, size_t m,
                         const struct training_step *training, const struct kernels *kernels) {
  tables_forward(model, workspace, m, kernels);
  for (size_t l = 0; l < model->layers; l++) {
    forward_layer(model, workspace, l, m, training, kernels);
  }
  interaction_forward(model, workspace, m, kernels);
  struct head_forward head = {
      .m = m,
      .k = model->head_width,
      .w = model->weights + model->head->offset,
      .wide = model->crosses > 0 ? workspace->wide_sum : NULL,
      .interaction = model->interaction != INTERACTION_NONE ? workspace->interaction : NULL,
      .bias = model->weights + model->head_bias->offset,
      .out = workspace->prediction,
  };
  head.x = input_of(model, workspace, model->layers, &head.x_ld);
  kernels->head_forward(&head);
}

/* --- backward --- */

/* The head is a dense layer of one output. Its weight gradient is taken as a
 * row (one "input", the prediction's gradient; head_width "outputs"), so that
 * it runs along the vectors. */
static void head_backward(struct wide_deep *model, const struct workspace *workspace, size_t m,
                          const struct kernels *kernels) {
  size_t ld;
  const float *input = input_of(model, workspace, model->layers, &ld);
  kernels->dense_backward_weights(&(struct dense_backward_weights){
      .m = m,
      .k = 1,
      .n = model->head_width,
      .x = workspace->gradient,
      .x_ld = 1,
      .dy = input,
      .dy_ld = ld,
      .dw = model->gradients + model->head->offset,
      .dw_ld = model->head_width,
  });
  kernels->dense_backward_weights(&(struct dense_backward_weights){
      .m = m,
      .n = 1,
      .dy = workspace->gradient,
      .dy_ld = 1,
      .dbias = model->gradients + model->head_bias->offset,
  });
}

/* The gradient of the input of layer l, through the layer below it. */
static void input_backward(const struct wide_deep *model, struct workspace *workspace, size_t l,
                           size_t m, const struct kernels *kernels) {
  bool head = l == model->layers;
  struct dense_backward_data data = {
      .m = m,
      .k = head ? model->head_width : model->layer[l].back_inputs,
      .n = head ? 1 : model->layer[l].outputs,
      .dy = head ? workspace->gradient : workspace->dh[l],
      .dy_ld = head ? 1 : workspace->h_ld[l],
      .w = model->weights + (head ? model->head->offset : model->layer[l].weight->offset),
      .w_ld = head ? 1 : model->layer[l].weight->ld,
      .dx = gradient_of(workspace, l),
  };
  if (l == 0) {
    data.dx_ld = model->input_ld;
    data.k = model->embedding_width;
  } else {
    data.dx_ld = data.gate_ld = data.factor_ld = workspace->h_ld[l - 1];
    data.gate = model->activation == ACTIVATION_RELU ? workspace->h[l - 1] : NULL;
    data.gate_scale = model->layer[l - 1].drop_threshold > 0 ? model->layer[l - 1].keep_scale : 1;
    data.factor = workspace->derivative[l - 1];
  }
  kernels->dense_backward_data(&data);
}

/* --- both, by the threads of the workspace's pool --- */

static size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}

static uint64_t rows_work(const struct wide_deep *model, const struct workspace *workspace,
                          size_t m) {
  return m * wide_deep_flops_per_row(model) + WORK_FLOAT * tables_floats_read(model, workspace, m);
}

/* The pool, where a pass that trains is worth to be shared. The gradients of weights
 * add up all rows: what other threads have left of them in their caches has to come
 * over, which only layers with much to compute for each float make up for. */
enum { WORK_OF_EXCHANGE = 96 };
static struct thread_pool *training_pool(const struct wide_deep *model,
                                         const struct workspace *workspace, size_t m) {
  if (workspace->pool == NULL) return NULL;
  uint64_t floats = model->input_ld;
  for (size_t l = 0; l < model->layers; l++) floats += workspace->h_ld[l];
  const bool worth = rows_work(model, workspace, m) >= WORK_OF_EXCHANGE * m * floats;
  return worth ? workspace->pool : NULL;
}

/* Rows of a batch that are cut into parts. */
struct rows_pass {
  struct workspace *workspace;
  size_t m, parts;
};

/* The workspace of a part, which may need the memory of `own`, and its size. */
static struct workspace *part_of(const struct rows_pass *rows, const struct wide_deep *model,
                                 size_t part, struct workspace *own, size_t *m) {
  const struct work_span span = work_parts_span(part, rows->parts, rows->m);
  *m = span.count;
  if (rows->parts == 1) return rows->workspace;
  *own = workspace_rows(rows->workspace, model, span.at, span.count, rows->m);
  return own;
}

struct forward_pass {
  struct rows_pass rows;
  const struct wide_deep *model;
  const struct training_step *training;
  const struct kernels *kernels;
};

static void forward_part(void *context, size_t part) {
  const struct forward_pass *pass = context;
  struct workspace own;
  size_t m;
  struct workspace *workspace = part_of(&pass->rows, pass->model, part, &own, &m);
  forward_rows(pass->model, workspace, m, pass->training, pass->kernels);
}

void wide_deep_forward(const struct wide_deep *model, struct workspace *workspace, size_t m,
                       const struct training_step *training, const struct kernels *kernels) {
  struct thread_pool *pool =
      training != NULL ? training_pool(model, workspace, m) : workspace->pool;
  const uint64_t flop = pool != NULL ? rows_work(model, workspace, m) : 0;
  const size_t parts = work_parts_count(pool, flop, work_parts_units(m));
  struct forward_pass pass = {{workspace, m, parts}, model, training, kernels};
  thread_pool_run(pool, parts, forward_part, &pass);
}

/* From the gradient of layer l's outputs to those of its weights, which are cut by
 * inputs or outputs, and of its inputs, which are cut by rows; l = layers: of the
 * head. Then from that of x to the tables', which are cut by columns. */
struct backward_pass {
  struct rows_pass rows;
  struct thread_pool *pool;
  struct wide_deep *model;
  const struct kernels *kernels;
  size_t l, weight_parts, field_parts[DEEP_COLUMNS_MAX];
};

static void backward_rows(const struct backward_pass *pass, size_t part) {
  const struct wide_deep *model = pass->model;
  struct workspace own;
  size_t m;
  struct workspace *workspace = part_of(&pass->rows, model, part, &own, &m);
  input_backward(model, workspace, pass->l, m, pass->kernels);
  if (pass->l == 0) interaction_backward(model, workspace, m, pass->kernels);
}

/* The longer side of the weights is cut: threads share the copies of the other
 * side's operand. */
static void weights_backward(const struct backward_pass *pass, size_t part) {
  const struct wide_deep *model = pass->model;
  const struct workspace *workspace = pass->rows.workspace;
  const struct layer *layer = &model->layer[pass->l];
  const bool by_inputs = layer->inputs > layer->outputs;
  const struct work_span span =
      work_parts_span(part, pass->weight_parts, by_inputs ? layer->inputs : layer->outputs);
  const size_t input = by_inputs ? span.at : 0, output = by_inputs ? 0 : span.at;
  struct dense_backward_weights dense = {
      .m = pass->rows.m,
      .k = by_inputs ? span.count : layer->inputs,
      .n = by_inputs ? layer->outputs : span.count,
      .dy = workspace->dh[pass->l] + output,
      .dy_ld = workspace->h_ld[pass->l],
      .dw = model->gradients + layer->weight->offset + input * layer->weight->ld + output,
      .dw_ld = layer->weight->ld,
      .dbias = input > 0 ? NULL : model->gradients + layer->bias->offset + output,
  };
  dense.x = input_of(model, workspace, pass->l, &dense.x_ld) + input;
  pass->kernels->dense_backward_weights(&dense);
}

static void layer_item(void *context, size_t item) {
  const struct backward_pass *pass = context;
  if (item >= pass->weight_parts) {
    backward_rows(pass, item - pass->weight_parts);
  } else if (pass->l == pass->model->layers) {
    head_backward(pass->model, pass->rows.workspace, pass->rows.m, pass->kernels);
  } else {
    weights_backward(pass, item);
  }
}

static void backward_layer(struct backward_pass *pass, size_t l) {
  const struct wide_deep *model = pass->model;
  struct thread_pool *pool = pass->pool;
  const size_t inputs = l < model->layers ? model->layer[l].inputs : model->head_width;
  const size_t outputs = l < model->layers ? model->layer[l].outputs : 1;
  const size_t longer = inputs > outputs ? inputs : outputs, m = pass->rows.m;
  const uint64_t row = 2 * inputs * outputs + WORK_FLOAT * (inputs + outputs);
  const size_t parts = work_parts_count(pool, m * row, SIZE_MAX);
  const bool has_rows = l > 0 || model->embedding_width > 0;
  pass->l = l;
  pass->weight_parts = l < model->layers ? least(parts, work_parts_units(longer)) : 1;
  pass->rows.parts = least(parts, work_parts_units(m));
  thread_pool_run(parts > 1 ? pool : NULL, pass->weight_parts + (has_rows ? pass->rows.parts : 0),
                  layer_item, pass);
}

static void table_item(void *context, size_t item) {
  const struct backward_pass *pass = context;
  const struct workspace *workspace = pass->rows.workspace;
  size_t f = 0;
  if (item-- == 0) {
    tables_backward_wide(pass->model, workspace, pass->rows.m, pass->kernels);
    return;
  }
  for (; item >= pass->field_parts[f]; f++) item -= pass->field_parts[f];
  const size_t width = pass->model->field[f].table->columns;
  const struct work_span columns = work_parts_span(item, pass->field_parts[f], width);
  tables_backward_field(pass->model, workspace, f, columns, pass->rows.m, pass->kernels);
}

static void backward_tables(struct backward_pass *pass) {
  const struct wide_deep *model = pass->model;
  struct thread_pool *pool = pass->pool;
  const uint64_t floats = tables_floats_read(model, pass->rows.workspace, pass->rows.m);
  const size_t parts = work_parts_count(pool, WORK_FLOAT * floats, SIZE_MAX);
  size_t items = 1;
  for (size_t f = 0; f < model->fields; f++) {
    pass->field_parts[f] = least(parts, work_parts_units(model->field[f].table->columns));
    items += pass->field_parts[f];
  }
  thread_pool_run(parts > 1 ? pool : NULL, items, table_item, pass);
}

void wide_deep_backward(struct wide_deep *model, struct workspace *workspace, size_t m,
                        const struct kernels *kernels) {
  struct backward_pass pass = {.rows = {.workspace = workspace, .m = m},
                               .pool = training_pool(model, workspace, m),
                               .model = model,
                               .kernels = kernels};
  for (size_t l = model->layers + 1; l > 0; l--) backward_layer(&pass, l - 1);
  backward_tables(&pass);
}
