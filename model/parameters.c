/* The arena: where each parameter lies, and what it starts from. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "base/philox.h"
#include "model/rating_head.h"
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

static const struct deep_column *deep_column(const struct model_spec *spec, const char *name) {
  for (size_t i = 0; i < spec->deep_columns; i++) {
    if (strcmp(spec->deep[i].name, name) == 0) return &spec->deep[i];
  }
  return NULL;
}

static void lay_out_field(struct wide_deep *model, const struct model_spec *spec,
                          const struct encoding *encoding, size_t f) {
  const struct dictionary *table = &encoding->table[f];
  const char *name = table->cross.column[0];
  const struct deep_column *deep = deep_column(spec, name);
  const uint32_t dim = deep != NULL && deep->dim > 0 ? deep->dim : spec->embedding_dim;
  struct field *field = &model->field[f];
  field->table = add_tensor(model, table->seen, 1, dim, dim, "embedding.%s", name);
  field->at = model->embedding_width;
  field->is_bag = table->slots == 0;
  field->source = field->is_bag ? table->bag : table->slot;
  field->longest = field->is_bag ? encoding->bag[table->bag].longest : 0;
  field->pooling = deep != NULL ? deep->pooling : POOLING_SUM;
  model->embedding_width += dim;
}

static void lay_out_tables(struct wide_deep *model, const struct model_spec *spec,
                           const struct encoding *encoding) {
  model->fields = encoding->fields;
  model->crosses = encoding->tables - encoding->fields;
  model->numbers = encoding->numbers;
  for (size_t f = 0; f < model->fields; f++) lay_out_field(model, spec, encoding, f);
  model->wide_at = model->floats;
  for (size_t c = 0; c < model->crosses; c++) {
    const struct dictionary *table = &encoding->table[model->fields + c];
    struct wide_table *wide = &model->wide[c];
    char name[TENSOR_NAME];
    cross_name(&table->cross, name);
    wide->weight = add_tensor(model, table->seen, 1, 1, 1, "wide.%.80s", name);
    wide->source = table->slot;
    wide->slots = table->slots;
    model->wide_slots += table->slots;
  }
  model->table_floats = model->floats;
  model->input_width = model->embedding_width + model->numbers;
  model->input_ld = aligned(model->input_width);
}

/* A history belongs to the user or film whose list it is. */
static bool of_user(const struct encoding *encoding, size_t f) {
  return encoding->table[f].side == SIDE_USER;
}

/* Which embeddings interact: all, of one dimension; for `dot` the users' first. */
static bool lay_out_interaction(struct wide_deep *model, const struct model_spec *spec,
                                const struct encoding *encoding, struct error *error) {
  model->interaction = spec->interaction;
  if (spec->interaction == INTERACTION_NONE) return true;
  size_t fields = 0;
  for (int users = 1; users >= 0; users--) {
    for (size_t f = 0; f < model->fields; f++) {
      if (of_user(encoding, f) == (users == 1)) {
        model->field_at[fields++] = (uint32_t)model->field[f].at;
      }
    }
    if (users == 1) model->user_fields = fields;
  }
  const struct tensor *one = model->field[0].table;
  model->field_dim = fields > 0 ? one->columns : 0;
  for (size_t f = 1; f < model->fields; f++) {
    const struct tensor *other = model->field[f].table;
    if (other->columns == model->field_dim) continue;
    return error_set(error, ERROR_CONFIG,
                     "interaction: %s and %s have %zu and %zu columns; all must have the same",
                     one->name, other->name, one->columns, other->columns);
  }
  bool both = model->user_fields > 0 && model->user_fields < fields;
  if (spec->interaction == INTERACTION_FM ? fields >= 2 : both) return true;
  return error_set(error, ERROR_CONFIG, "interaction: %s",
                   spec->interaction == INTERACTION_FM
                       ? "fm needs two deep columns with an embedding"
                       : "dot needs a deep column with an embedding of the users and one of the "
                         "items");
}

static void lay_out_layers(struct wide_deep *model, const struct model_spec *spec) {
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
    double threshold = 65536.0 * spec->dropout[l] + 0.5;
    layer->drop_threshold = threshold < 65535.0 ? (uint32_t)threshold : 65535u;
    layer->keep_scale = (float)(65536.0 / (65536.0 - (double)layer->drop_threshold));
    inputs = layer->outputs;
  }
  model->head_width = inputs;
  model->head = add_tensor(model, 1, 0, inputs, inputs, "head.weight");
  model->head_bias = add_tensor(model, 1, 0, 1, 1, "head.bias");
}

static bool lay_out_thresholds(struct wide_deep *model, const struct model_spec *spec,
                               const struct encoding *encoding, struct error *error) {
  if (spec->head != HEAD_ORDINAL) return true;
  const size_t levels = encoding->levels.count;
  if (levels < 2) return error_set(error, ERROR_SYSTEM, "the encoding lacks the rating levels");
  model->levels = encoding->levels;
  model->slope = (float)spec->slope;
  model->cut = add_tensor(model, 1, 0, levels - 1, levels - 1, "head.thresholds");
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
  for (size_t f = 0; f < model->fields; f++) {
    draw(model, model->field[f].table, EMBEDDING_LIMIT, seed);
  }
  for (size_t l = 0; l < model->layers; l++) {
    const struct layer *layer = &model->layer[l];
    draw(model, layer->weight, glorot_limit(layer->inputs, layer->outputs), seed);
  }
  double limit = glorot_limit(model->head_width + wide_deep_wide_columns(model), 1);
  draw(model, model->head, limit, seed);
  for (size_t c = 0; c < model->crosses; c++) draw(model, model->wide[c].weight, limit, seed);
  rating_head_initialise(model);
}

bool wide_deep_lay_out(struct wide_deep *model, const struct model_spec *spec,
                       const struct encoding *encoding, struct error *error) {
  *model = (struct wide_deep){.scale = encoding->scale};
  lay_out_tables(model, spec, encoding);
  lay_out_layers(model, spec);
  return lay_out_thresholds(model, spec, encoding, error) &&
         lay_out_interaction(model, spec, encoding, error);
}

static bool allocate(struct wide_deep *model, struct error *error) {
  return (model->weights = memory_aligned(model->floats, sizeof(float), error)) != NULL &&
         (model->gradients = memory_aligned(model->floats, sizeof(float), error)) != NULL;
}

bool wide_deep_init(struct wide_deep *model, const struct model_spec *spec,
                    const struct encoding *encoding, uint64_t seed, struct error *error) {
  if (!wide_deep_lay_out(model, spec, encoding, error) || !allocate(model, error)) {
    wide_deep_clear(model);
    return false;
  }
  initialise(model, seed);
  return true;
}

void wide_deep_clear(struct wide_deep *model) {
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
  for (size_t c = 0; c < model->crosses; c++) count += model->wide[c].weight->rows;
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
