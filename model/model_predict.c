#include "model/model_predict.h"

#include <math.h>
#include <string.h>

#include "base/exact.h"

/* What is not a number stays so, and is found. */
static void clip_to_scale(struct rating_scale scale, float *prediction, size_t m) {
  for (size_t i = 0; i < m; i++) {
    const float p = scale.least > prediction[i] ? scale.least : prediction[i];
    prediction[i] = p > scale.most ? scale.most : p;
  }
}

/* The batch of rows from `first` on in the workspace; returns its size. */
static size_t predict_batch(const struct ensemble *models, struct workspace *w,
                            const struct encoded_rows *rows, size_t first, bool clip,
                            const struct kernels *kernels) {
  const size_t left = rows->rows - first, m = left < w->most ? left : w->most;
  workspace_load(w, &models->member[0], rows, NULL, first, m);
  ensemble_forward(models, w, m, kernels);
  if (clip) clip_to_scale(models->member[0].scale, w->prediction, m);
  return m;
}

static void predict(const struct ensemble *models, struct workspace *w,
                    const struct encoded_rows *rows, bool clip, const struct kernels *kernels,
                    float *prediction) {
  for (size_t first = 0; first < rows->rows; first += w->most) {
    const size_t m = predict_batch(models, w, rows, first, clip, kernels);
    memcpy(prediction + first, w->prediction, m * sizeof *prediction);
  }
}

void model_predict(const struct ensemble *models, struct workspace *w,
                   const struct encoded_rows *rows, bool clip, const struct kernels *kernels,
                   float *prediction) {
  struct exact exact;
  exact_begin(&exact);
  predict(models, w, rows, clip, kernels, prediction);
  exact_end(&exact);
}

void model_probabilities(const struct ensemble *models, struct workspace *w,
                         const struct encoded_rows *rows, const struct kernels *kernels,
                         float *probability) {
  const size_t levels = models->member[0].levels.count;
  struct exact exact;
  exact_begin(&exact);
  for (size_t first = 0; first < rows->rows; first += w->most) {
    const size_t left = rows->rows - first, m = left < w->most ? left : w->most;
    workspace_load(w, &models->member[0], rows, NULL, first, m);
    ensemble_probabilities(models, w, m, kernels, probability + first * levels);
  }
  exact_end(&exact);
}

/* The next rows' ratings and predictions, in the workspace; returns how many. */
static size_t look_up_batch(struct workspace *w, const struct encoded_rows *rows,
                            const float *of_kinds, size_t first) {
  const size_t left = rows->rows - first, m = left < w->most ? left : w->most;
  for (size_t i = 0; i < m; i++) {
    w->prediction[i] = of_kinds[encoded_rows_kind(rows, first + i)];
    w->target[i] = encoded_rows_target(rows, first + i);
  }
  return m;
}

struct score model_evaluate(const struct ensemble *models, struct workspace *w,
                            const struct encoded_rows *rows, float *of_kinds, bool clip,
                            const struct kernels *kernels) {
  double squares = 0.0, absolute = 0.0;
  const bool once = rows->merged != NULL;
  struct exact exact;
  exact_begin(&exact);
  if (once) {
    struct encoded_rows kinds = *rows; /* as rows of their own; their ratings are none */
    kinds.rows = rows->kinds;
    kinds.merged = NULL;
    kinds.target = NULL;
    predict(models, w, &kinds, clip, kernels, of_kinds);
  }
  for (size_t first = 0; first < rows->rows; first += w->most) {
    const size_t m = once ? look_up_batch(w, rows, of_kinds, first)
                          : predict_batch(models, w, rows, first, clip, kernels);
    kernels->squared_error(&(struct squared_error){
        .m = m, .prediction = w->prediction, .target = w->target, .sum = &squares});
    for (size_t i = 0; i < m; i++)
      absolute += fabs((double)w->prediction[i] - (double)w->target[i]);
  }
  exact_end(&exact);
  return (struct score){squares / (double)rows->rows, absolute / (double)rows->rows};
}
