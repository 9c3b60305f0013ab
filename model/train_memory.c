#include "model/train_memory.h"

#include "base/memory.h"
#include "model/batch_rows.h"
#include "model/dot_training.h"
#include "model/optimizer.h"

/* A code of a combination as JSON: a number of jansson's with its place in a
 * list, and its text. Measured: docs/experiments.md. */
enum { SAVED_CODE = 64 };

static uint64_t aligned(uint64_t count, size_t size) {
  return memory_aligned_bytes(count * size);
}

/* --- rows --- */

/* What a model reads of a row. */
static uint64_t content_bytes(const struct encoding *encoding) {
  return (encoding->slots + 2 * encoding->bags) * sizeof(uint32_t) +
         encoding->numbers * sizeof(float);
}

/* As if each row were kept. Where they are merged, which is seen only then, it is less. */
static uint64_t rows_bytes(const struct split *split, bool refit, const struct encoding *encoding) {
  const uint64_t rows = split->train + split->validation + split->test;
  return rows * ((refit ? 2 : 1) * sizeof *split->rows + content_bytes(encoding) + sizeof(float)) +
         split->train * sizeof(uint32_t) + 3 * encoding->bags * sizeof(struct encoded_bag);
}

/* --- the model and its optimizer --- */

/* Up to which step each row of a table is averaged. */
static uint64_t caught_up_bytes(const struct wide_deep *model, const struct train_spec *train) {
  uint64_t bytes = 0;
  if (!train->averaging.on || !optimizer_is_lazy(train)) return 0;
  for (size_t f = 0; f < model->fields; f++) {
    bytes += (model->field[f].table->rows + 1) * sizeof(uint32_t);
  }
  return bytes;
}

static uint64_t weights_bytes(const struct wide_deep *model, const struct train_spec *train) {
  uint64_t copies = train->early_stopping.on ? 5 : 4;
  if (train->averaging.on) copies++;
  const uint64_t members = train->members > 0 ? train->members : 1;
  copies += members - 1;
  return copies * aligned(model->floats, sizeof(float)) + caught_up_bytes(model, train) +
         members * sizeof *model;
}

/* --- a batch --- */

static uint64_t layer_bytes(const struct wide_deep *model, size_t l, size_t most) {
  const uint64_t outputs = model->layer[l].outputs, padded = (outputs + 15) / 16 * 16;
  const uint64_t matrices = model->activation == ACTIVATION_RELU ? 2 : 3;
  return matrices * aligned(most * padded, sizeof(float)) +
         aligned(most * ((outputs + KEEP_GROUP - 1) / KEEP_GROUP), sizeof(uint16_t));
}

static uint64_t field_bytes(const struct field *field, size_t most) {
  const uint64_t each = field->is_bag ? field->longest : 1;
  const uint64_t offsets = field->is_bag ? aligned(most + 1, sizeof(uint32_t)) : 0;
  return offsets + aligned(most * each + EMBEDDING_AHEAD, sizeof(uint32_t));
}

static uint64_t workspace_bytes(const struct wide_deep *model, size_t most) {
  uint64_t bytes = aligned(model->wide_slots * most, sizeof(uint32_t)) +
                   2 * aligned(most * model->input_ld, sizeof(float)) +
                   5 * aligned(most, sizeof(float));
  for (size_t f = 0; f < model->fields; f++) bytes += field_bytes(&model->field[f], most);
  for (size_t l = 0; l < model->layers; l++) bytes += layer_bytes(model, l, most);
  return bytes;
}

static uint64_t batch_rows_bytes(const struct wide_deep *model, size_t most) {
  uint64_t bytes = 0;
  for (size_t f = 0; f < model->fields; f++) {
    const struct field *field = &model->field[f];
    const uint64_t rows = field->table->rows + 1;
    bytes += (rows + batch_rows_capacity(field, most)) * sizeof(uint32_t);
  }
  return bytes;
}

static uint64_t batch_bytes(const struct wide_deep *model, const struct train_request *request) {
  const size_t asked = request->train->batch_size, rows = request->split->train;
  const size_t most = asked < rows ? asked : rows;
  return workspace_bytes(model, dot_training_rows(model, request->train, rows)) +
         workspace_bytes(model, TRAIN_EVALUATED) +
         (optimizer_needs_batch_rows(request->train) ? batch_rows_bytes(model, most) : 0);
}

/* --- the model as a file --- */

static uint64_t saving_bytes(const struct wide_deep *model, uint32_t members,
                             const struct encoding *encoding) {
  uint64_t bytes = (members > 0 ? members : 1) * wide_deep_parameters(model) * sizeof(float);
  for (size_t t = 0; t < encoding->tables; t++) {
    const struct dictionary *table = &encoding->table[t];
    if (!table->hashed) bytes += (uint64_t)table->seen * table->cross.arity * SAVED_CODE;
  }
  return bytes;
}

struct train_memory train_memory_of(const struct train_request *request,
                                    const struct encoding *encoding,
                                    const struct wide_deep *model) {
  const struct train_spec *train = request->train;
  return (struct train_memory){
      .rows = rows_bytes(request->split, train->refit, encoding),
      .encoding = encoding_bytes(encoding, request->dataset),
      .weights = weights_bytes(model, train),
      .batch = batch_bytes(model, request),
      .saving = train->save != SAVE_NONE ? saving_bytes(model, train->members, encoding) : 0,
  };
}

uint64_t train_memory_sum(const struct train_memory *memory) {
  return memory->rows + memory->encoding + memory->weights + memory->batch + memory->saving;
}
