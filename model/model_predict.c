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

/* The batch that begins with row `first`, in the workspace; returns its size. */
static size_t predict_batch(const struct wide_deep *model, struct workspace *w,
                            const struct encoded_rows *rows, size_t first, bool clip,
                            const struct kernels *kernels) {
  const size_t left = rows->rows - first, m = left < w->most ? left : w->most;
  workspace_load(w, model, rows, NULL, first, m);
  wide_deep_forward(model, w, m, NULL, kernels);
  if (clip) clip_to_scale(model->scale, w->prediction, m);
  return m;
}

void model_predict(const struct wide_deep *model, struct workspace *w,
                   const struct encoded_rows *rows, bool clip, const struct kernels *kernels,
                   float *prediction) {
  struct exact exact;
  exact_begin(&exact);
  for (size_t first = 0; first < rows->rows; first += w->most) {
    const size_t m = predict_batch(model, w, rows, first, clip, kernels);
    memcpy(prediction + first, w->prediction, m * sizeof *prediction);
  }
  exact_end(&exact);
}

struct score model_evaluate(const struct wide_deep *model, struct workspace *w,
                            const struct encoded_rows *rows, bool clip,
                            const struct kernels *kernels) {
  double squares = 0.0, absolute = 0.0;
  struct exact exact;
  exact_begin(&exact);
  for (size_t first = 0; first < rows->rows; first += w->most) {
    const size_t m = predict_batch(model, w, rows, first, clip, kernels);
    kernels->squared_error(&(struct squared_error){
        .m = m, .prediction = w->prediction, .target = w->target, .sum = &squares});
    for (size_t i = 0; i < m; i++)
      absolute += fabs((double)w->prediction[i] - (double)w->target[i]);
  }
  exact_end(&exact);
  return (struct score){squares / (double)rows->rows, absolute / (double)rows->rows};
}
