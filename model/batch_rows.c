#include "model/batch_rows.h"

#include <stdlib.h>

#include "base/memory.h"

size_t batch_rows_capacity(const struct field *field, size_t most) {
  const size_t rows = field->table->rows + 1, entries = field->is_bag ? field->longest : 1;
  return entries < rows / most ? entries * most : rows;
}

bool batch_rows_init(struct batch_rows *batch, const struct wide_deep *model, size_t most,
                     struct error *error) {
  *batch = (struct batch_rows){0};
  for (size_t f = 0; f < model->fields; f++) {
    const struct field *field = &model->field[f];
    batch->seen_in[f] = memory_array(field->table->rows + 1, sizeof(uint32_t), error);
    batch->row[f] = memory_array(batch_rows_capacity(field, most), sizeof(uint32_t), error);
    if (batch->seen_in[f] != NULL && batch->row[f] != NULL) continue;
    batch_rows_clear(batch);
    return false;
  }
  return true;
}

void batch_rows_clear(struct batch_rows *batch) {
  for (size_t f = 0; f < DEEP_COLUMNS_MAX; f++) {
    free(batch->seen_in[f]);
    free(batch->row[f]);
  }
  *batch = (struct batch_rows){0};
}

void batch_rows_begin(struct batch_rows *batch) {
  batch->batches++;
}

void batch_rows_find(struct batch_rows *batch, const struct wide_deep *model,
                     const struct workspace *workspace, size_t f, size_t m) {
  const struct field_rows *rows = &workspace->field[f];
  const size_t entries = model->field[f].is_bag ? rows->offset[m] : m;
  size_t count = 0;
  for (size_t i = 0; i < entries; i++) {
    uint32_t row = rows->index[i];
    if (batch->seen_in[f][row] == batch->batches) continue;
    batch->seen_in[f][row] = batch->batches;
    batch->row[f][count++] = row;
  }
  batch->count[f] = count;
}
