#include "model/batch_rows.h"

#include <stdlib.h>

#include "base/memory.h"

/* How many different rows of a table `most` rows of data can read. */
static size_t capacity(const struct field *field, size_t most) {
  const size_t rows = field->table->rows + 1, entries = field->is_bag ? field->longest : 1;
  return entries < rows / most ? entries * most : rows;
}

bool touched_init(struct touched *touched, const struct wide_deep *model, size_t most,
                  struct error *error) {
  *touched = (struct touched){0};
  for (size_t f = 0; f < model->fields; f++) {
    const struct field *field = &model->field[f];
    touched->seen_in[f] = memory_array(field->table->rows + 1, sizeof(uint32_t), error);
    touched->row[f] = memory_array(capacity(field, most), sizeof(uint32_t), error);
    if (touched->seen_in[f] != NULL && touched->row[f] != NULL) continue;
    touched_clear(touched);
    return false;
  }
  return true;
}

void touched_clear(struct touched *touched) {
  for (size_t f = 0; f < DEEP_COLUMNS_MAX; f++) {
    free(touched->seen_in[f]);
    free(touched->row[f]);
  }
  *touched = (struct touched){0};
}

void touched_find(struct touched *touched, const struct wide_deep *model,
                  const struct workspace *workspace, size_t m) {
  touched->batch++;
  for (size_t f = 0; f < model->fields; f++) {
    const struct field_rows *rows = &workspace->field[f];
    const size_t entries = model->field[f].is_bag ? rows->offset[m] : m;
    touched->count[f] = 0;
    for (size_t i = 0; i < entries; i++) {
      uint32_t row = rows->index[i];
      if (touched->seen_in[f][row] == touched->batch) continue;
      touched->seen_in[f][row] = touched->batch;
      touched->row[f][touched->count[f]++] = row;
    }
  }
}
