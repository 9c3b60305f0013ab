#include "model/touched.h"

#include <stdlib.h>

#include "base/memory.h"

bool touched_init(struct touched *touched, const struct wide_deep *model, size_t most,
                  struct error *error) {
  *touched = (struct touched){0};
  for (size_t c = 0; c < model->categories; c++) {
    touched->seen_in[c] = memory_array(model->embedding[c]->rows + 1, sizeof(uint32_t), error);
    touched->row[c] = memory_array(most, sizeof(uint32_t), error);
    if (touched->seen_in[c] != NULL && touched->row[c] != NULL) continue;
    touched_clear(touched);
    return false;
  }
  return true;
}

void touched_clear(struct touched *touched) {
  for (size_t c = 0; c < DEEP_COLUMNS_MAX; c++) {
    free(touched->seen_in[c]);
    free(touched->row[c]);
  }
  *touched = (struct touched){0};
}

void touched_find(struct touched *touched, const struct wide_deep *model,
                  const struct workspace *workspace, size_t m) {
  touched->batch++;
  for (size_t c = 0; c < model->categories; c++) {
    const uint32_t *category = workspace->category + c * workspace->most;
    touched->count[c] = 0;
    for (size_t i = 0; i < m; i++) {
      uint32_t row = category[i];
      if (touched->seen_in[c][row] == touched->batch) continue;
      touched->seen_in[c][row] = touched->batch;
      touched->row[c][touched->count[c]++] = row;
    }
  }
}
