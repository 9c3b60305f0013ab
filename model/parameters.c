/* The arena: where each parameter lies, and what it starts from. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "base/philox.h"
#include "model/wide_deep.h"

enum { ALIGN = 16 }; /* floats: 64 bytes */
#define EMBEDDING_LIMIT 0.05

static size_t aligned(size_t count) {
  return (count + ALIGN - 1) / ALIGN * ALIGN;
}

/* Places a matrix; a table's row for unseen values is held, not counted. */
__attribute__((format(printf, 6, 7))) static const struct tensor *add_tensor(
    struct wide_deep *model, size_t rows, size_t unseen_rows, size_t columns, size_t ld,
    const char *name, ...) {
  struct tensor *tensor = &model->tensor[model->tensors++];
  va_list arguments;
  va_start(arguments, name);
  (void)vsnprintf(tensor->name, TENSOR_NAME, name, arguments);
  va_end(arguments);
  tensor->offset = model->floats;
  tensor->rows = rows;
  tensor->columns = columns;
  tensor->ld = ld;
  model->floats += aligned((rows + unseen_rows) * ld);
  return tensor;
}

static void cross_name(const struct cross *cross, char name[TENSOR_NAME]) {
  size_t length = 0;
  for (size_t i = 0; i < cross->arity && length < TENSOR_NAME; i++) {
    length += (size_t)snprintf(name + length, TENSOR_NAME - length, "%s%s", i > 0 ? "*" : "",
                               cross->column[i]);
  }
}

static uint32_t embedding_dim(const struct model_spec *spec, const char *column) {
  for (size_t i = 0; i < spec->deep_columns; i++) {
    const struct deep_column *deep = &spec->deep[i];
    if (strcmp(deep->name, column) == 0 && deep->dim > 0) return deep->dim;
  }
  return spec->embedding_dim;
}

static void lay_out_tables(struct wide_deep *model, const struct model_spec *spec,
                           const struct encoding *encoding) {
  model->categories = encoding->categories;
  model->crosses = encoding->tables - encoding->categories;
  model->numbers = encoding->numbers;
  for (size_t c = 0; c < model->categories; c++) {
    const struct dictionary *table = &encoding->table[c];
    const char *column = table->list->cross.column[0];
    uint32_t dim = embedding_dim(spec, column);
    model->embedding[c] = add_tensor(model, table->seen, 1, dim, dim, "embedding.%s", column);
    model->embedding_at[c] = model->embedding_width;
    model->embedding_width += dim;
  }
  model->wide_at = model->floats;
  for (size_t c = 0; c < model->crosses; c++) {
    const struct dictionary *table = &encoding->table[model->categories + c];
    char name[TENSOR_NAME];
    cross_name(&table->list->cross, name);
    model->wide[c] = add_tensor(model, table->seen, 1, 1, 1, "wide.%.80s", name);
  }
  model->table_floats = model->floats;
  model->input_width = model->embedding_width + model->numbers;
  model->input_ld = aligned(model->input_width);
}

static bool of_user(const struct encoding *encoding, size_t c) {
  const struct column *column = column_find(encoding->table[c].list->cross.column[0]);
  return column != NULL && column->side == SIDE_USER;
}

/* Which embeddings interact: all, of one dimension; for `dot` the users' first. */
static bool lay_out_interaction(struct wide_deep *model, const struct model_spec *spec,
                                const struct encoding *encoding, struct error *error) {
  model->interaction = spec->interaction;
  if (spec->interaction == INTERACTION_NONE) return true;
  size_t fields = 0;
  for (int users = 1; users >= 0; users--) {
    for (size_t c = 0; c < model->categories; c++) {
      if (of_user(encoding, c) == (users == 1)) {
        model->field_at[fields++] = (uint32_t)model->embedding_at[c];
      }
    }
    if (users == 1) model->user_fields = fields;
  }
  model->field_dim = model->categories > 0 ? model->embedding[0]->columns : 0;
  for (size_t c = 1; c < model->categories; c++) {
    if (model->embedding[c]->columns == model->field_dim) continue;
    return error_set(error, ERROR_CONFIG,
                     "interaction: %s and %s have %zu and %zu columns; all must have the same",
                     model->embedding[0]->name, model->embedding[c]->name, model->field_dim,
                     model->embedding[c]->columns);
  }
  bool both = model->user_fields > 0 && model->user_fields < fields;
  if (spec->interaction == INTERACTION_FM ? fields >= 2 : both) return true;
  return error_set(error, ERROR_CONFIG, "interaction: %s",
                   spec->interaction == INTERACTION_FM
                       ? "fm needs two deep category columns"
                       : "dot needs a deep category column of the users and one of the films");
}

static bool lay_out_layers(struct wide_deep *model, const struct model_spec *spec,
                           struct error *error) {
  size_t inputs = model->input_width;
  model->activation = spec->activation;
  model->layers = inputs > 0 ? spec->hidden_layers : 0;
  for (size_t l = 0; l < model->layers; l++) {
    struct layer *layer = &model->layer[l];
    layer->inputs = inputs;
    layer->outputs = spec->hidden[l];
    layer->back_inputs = l == 0 ? model->embedding_width : inputs;
    layer->weight = add_tensor(model, inputs, 0, layer->outputs, aligned(layer->outputs),
                               "dense.%zu.weight", l);
    layer->bias = add_tensor(model, 1, 0, layer->outputs, layer->outputs, "dense.%zu.bias", l);
    layer->transposed_ld = aligned(layer->back_inputs);
    layer->transposed = memory_aligned(layer->outputs * layer->transposed_ld, sizeof(float), error);
    if (layer->transposed == NULL) return false;
    double threshold = 65536.0 * spec->dropout[l] + 0.5;
    layer->drop_threshold = threshold < 65535.0 ? (uint32_t)threshold : 65535u;
    layer->keep_scale = (float)(65536.0 / (65536.0 - (double)layer->drop_threshold));
    inputs = layer->outputs;
  }
  model->head_width = inputs;
  model->head = add_tensor(model, 1, 0, inputs, inputs, "head.weight");
  model->head_bias = add_tensor(model, 1, 0, 1, 1, "head.bias");
  return true;
}

static void draw(struct wide_deep *model, const struct tensor *tensor, double limit,
                 uint64_t seed) {
  struct random random;
  random_init(&random, seed, STREAM_INITIALISATION, (uint32_t)(tensor - model->tensor), 0);
  float span = (float)(2.0 * limit), low = (float)-limit;
  for (size_t row = 0; row < tensor->rows; row++) {
    float *weight = model->weights + tensor->offset + row * tensor->ld;
    for (size_t column = 0; column < tensor->columns; column++) {
      weight[column] = low + span * random_float(&random);
    }
  }
}

static double glorot_limit(size_t fan_in, size_t fan_out) {
  return sqrt(6.0 / (double)(fan_in + fan_out));
}

static void initialise(struct wide_deep *model, uint64_t seed) {
  for (size_t c = 0; c < model->categories; c++) {
    draw(model, model->embedding[c], EMBEDDING_LIMIT, seed);
  }
  for (size_t l = 0; l < model->layers; l++) {
    const struct layer *layer = &model->layer[l];
    draw(model, layer->weight, glorot_limit(layer->inputs, layer->outputs), seed);
  }
  double limit = glorot_limit(model->head_width + wide_deep_wide_columns(model), 1);
  draw(model, model->head, limit, seed);
  for (size_t c = 0; c < model->crosses; c++) draw(model, model->wide[c], limit, seed);
}

bool wide_deep_init(struct wide_deep *model, const struct model_spec *spec,
                    const struct encoding *encoding, uint64_t seed, const struct kernels *kernels,
                    struct error *error) {
  *model = (struct wide_deep){0};
  lay_out_tables(model, spec, encoding);
  bool done = lay_out_interaction(model, spec, encoding, error) &&
              lay_out_layers(model, spec, error) &&
              (model->weights = memory_aligned(model->floats, sizeof(float), error)) != NULL &&
              (model->gradients = memory_aligned(model->floats, sizeof(float), error)) != NULL;
  if (!done) {
    wide_deep_clear(model);
    return false;
  }
  initialise(model, seed);
  wide_deep_transpose(model, kernels);
  return true;
}

void wide_deep_clear(struct wide_deep *model) {
  for (size_t l = 0; l < model->layers; l++) free(model->layer[l].transposed);
  free(model->weights);
  free(model->gradients);
  *model = (struct wide_deep){0};
}

uint64_t wide_deep_parameters(const struct wide_deep *model) {
  uint64_t count = 0;
  for (size_t t = 0; t < model->tensors; t++) {
    count += (uint64_t)model->tensor[t].rows * model->tensor[t].columns;
  }
  return count;
}

uint64_t wide_deep_wide_columns(const struct wide_deep *model) {
  uint64_t count = 0;
  for (size_t c = 0; c < model->crosses; c++) count += model->wide[c]->rows;
  return count;
}

uint64_t wide_deep_flops_per_row(const struct wide_deep *model) {
  uint64_t multiply_adds = model->head_width;
  for (size_t l = 0; l < model->layers; l++) {
    multiply_adds += (uint64_t)model->layer[l].inputs * model->layer[l].outputs;
  }
  return 2 * multiply_adds;
}

uint64_t wide_deep_digest(const struct wide_deep *model) {
  uint64_t digest = 0;
  for (size_t t = 0; t < model->tensors; t++) {
    const struct tensor *tensor = &model->tensor[t];
    for (size_t row = 0; row < tensor->rows; row++) {
      const float *weight = model->weights + tensor->offset + row * tensor->ld;
      digest = digest_floats(digest, weight, tensor->columns);
    }
  }
  return digest;
}
