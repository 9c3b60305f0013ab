#include "model/wide_deep.h"

#include "base/philox.h"
#include "model/tables.h"

static void draw_keep(const struct wide_deep *model, struct workspace *workspace, size_t l,
                      size_t m, const struct training_step *training,
                      const struct kernels *kernels) {
  kernels->dropout_keep(&(struct dropout_keep){
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

void wide_deep_forward(const struct wide_deep *model, struct workspace *workspace, size_t m,
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

/* The head is a dense layer of one output. Its weight gradient is taken as a
 * row (one "input", the prediction's gradient; head_width "outputs"), so that
 * it runs along the vectors. */
static void head_backward(struct wide_deep *model, struct workspace *workspace, size_t m,
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
      .wt = head ? model->weights + model->head->offset : model->layer[l].transposed,
      .wt_ld = head ? model->head_width : model->layer[l].transposed_ld,
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

void wide_deep_backward(struct wide_deep *model, struct workspace *workspace, size_t m,
                        const struct kernels *kernels) {
  head_backward(model, workspace, m, kernels);
  for (size_t l = model->layers; l > 0; l--) {
    input_backward(model, workspace, l, m, kernels);
    const struct layer *layer = &model->layer[l - 1];
    struct dense_backward_weights dense = {
        .m = m,
        .k = layer->inputs,
        .n = layer->outputs,
        .dy = workspace->dh[l - 1],
        .dy_ld = workspace->h_ld[l - 1],
        .dw = model->gradients + layer->weight->offset,
        .dw_ld = layer->weight->ld,
        .dbias = model->gradients + layer->bias->offset,
    };
    dense.x = input_of(model, workspace, l - 1, &dense.x_ld);
    kernels->dense_backward_weights(&dense);
  }
  if (model->embedding_width > 0) {
    input_backward(model, workspace, 0, m, kernels);
    interaction_backward(model, workspace, m, kernels);
  }
  tables_backward(model, workspace, m, kernels);
}

void wide_deep_transpose(struct wide_deep *model, const struct kernels *kernels) {
  for (size_t l = 0; l < model->layers; l++) {
    const struct layer *layer = &model->layer[l];
    kernels->transpose(&(struct transpose){
        .rows = layer->back_inputs,
        .columns = layer->outputs,
        .in = model->weights + layer->weight->offset,
        .in_ld = layer->weight->ld,
        .out = layer->transposed,
        .out_ld = layer->transposed_ld,
    });
  }
}
