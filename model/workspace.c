/* A batch's memory, and its inputs. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "model/wide_deep.h"

enum { ALIGN = 16 };

static float *floats(size_t rows, size_t ld, struct error *error) {
  return memory_aligned(rows * ld, sizeof(float), error);
}

static bool allocate_layer(struct workspace *w, const struct wide_deep *model, size_t l,
                           struct error *error) {
  const size_t outputs = model->layer[l].outputs;
  const bool derivative = model->activation != ACTIVATION_RELU;
  w->h_ld[l] = (outputs + ALIGN - 1) / ALIGN * ALIGN;
  w->keep_ld[l] = (outputs + KEEP_GROUP - 1) / KEEP_GROUP;
  if (derivative && (w->derivative[l] = floats(w->most, w->h_ld[l], error)) == NULL) return false;
  return (w->h[l] = floats(w->most, w->h_ld[l], error)) != NULL &&
         (w->dh[l] = floats(w->most, w->h_ld[l], error)) != NULL &&
         (w->keep[l] = memory_aligned(w->most * w->keep_ld[l], sizeof(uint16_t), error)) != NULL;
}

bool workspace_init(struct workspace *w, const struct wide_deep *model, size_t most,
                    struct error *error) {
  *w = (struct workspace){.most = most};
  bool done =
      (w->category = memory_aligned(model->categories * most, sizeof(uint32_t), error)) != NULL &&
      (w->wide = memory_aligned(model->crosses * most, sizeof(uint32_t), error)) != NULL &&
      (w->x = floats(most, model->input_ld, error)) != NULL &&
      (w->dx = floats(most, model->input_ld, error)) != NULL &&
      (w->wide_sum = floats(most, 1, error)) != NULL &&
      (w->interaction = floats(most, 1, error)) != NULL &&
      (w->prediction = floats(most, 1, error)) != NULL &&
      (w->target = floats(most, 1, error)) != NULL &&
      (w->gradient = floats(most, 1, error)) != NULL;
  for (size_t l = 0; done && l < model->layers; l++) {
    done = allocate_layer(w, model, l, error);
  }
  if (!done) workspace_clear(w);
  return done;
}

void workspace_clear(struct workspace *w) {
  free(w->category);
  free(w->wide);
  free(w->x);
  free(w->dx);
  for (size_t l = 0; l < HIDDEN_LAYERS_MAX; l++) {
    free(w->h[l]);
    free(w->dh[l]);
    free(w->derivative[l]);
    free(w->keep[l]);
  }
  free(w->wide_sum);
  free(w->interaction);
  free(w->prediction);
  free(w->target);
  free(w->gradient);
  *w = (struct workspace){0};
}

void workspace_load(struct workspace *w, const struct wide_deep *model,
                    const struct encoded_rows *rows, const uint32_t *order, size_t first,
                    size_t m) {
  for (size_t i = 0; i < m; i++) {
    size_t row = order != NULL ? order[i] : first + i;
    const uint32_t *code = rows->codes + row * rows->tables;
    for (size_t c = 0; c < model->categories; c++) w->category[c * w->most + i] = code[c];
    for (size_t c = 0; c < model->crosses; c++) {
      w->wide[c * w->most + i] = (uint32_t)model->wide[c]->offset + code[model->categories + c];
    }
    float *x = w->x + i * model->input_ld + model->embedding_width;
    for (size_t n = 0; n < model->numbers; n++) x[n] = rows->values[row * rows->numbers + n];
    w->target[i] = rows->target[row];
  }
}
