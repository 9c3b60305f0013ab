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

/* The batch of rows order[first], ... in the workspace; returns its size. */
static size_t predict_batch(const struct wide_deep *model, struct workspace *w,
                            const struct encoded_rows *rows, const uint32_t *order, size_t first,
                            size_t end, bool clip, const struct kernels *kernels) {
  const size_t left = end - first, m = left < w->most ? left : w->most;
  workspace_load(w, model, rows, order, first, m);
  wide_deep_forward(model, w, m, NULL, kernels);
  if (clip) clip_to_scale(model->scale, w->prediction, m);
  return m;
}

static void predict(const struct wide_deep *model, struct workspace *w,
                    const struct encoded_rows *rows, const uint32_t *order, size_t end, bool clip,
                    const struct kernels *kernels, float *prediction) {
  for (size_t first = 0; first < end; first += w->most) {
    const size_t m = predict_batch(model, w, rows, order, first, end, clip, kernels);
    memcpy(prediction + first, w->prediction, m * sizeof *prediction);
  }
}

void model_predict(const struct wide_deep *model, struct workspace *w,
                   const struct encoded_rows *rows, bool clip, const struct kernels *kernels,
                   float *prediction) {
  struct exact exact;
  exact_begin(&exact);
  predict(model, w, rows, NULL, rows->rows, clip, kernels, prediction);
  exact_end(&exact);
}

/* The next rows' ratings and predictions, in the workspace; returns how many. */
static size_t look_up_batch(struct workspace *w, const struct encoded_rows *rows,
                            const struct distinct_rows *distinct, size_t first) {
  const size_t left = rows->rows - first, m = left < w->most ? left : w->most;
  for (size_t i = 0; i < m; i++) w->prediction[i] = distinct->prediction[distinct->kind[first + i]];
  memcpy(w->target, rows->target + first, m * sizeof *w->target);
  return m;
}

struct score model_evaluate(const struct wide_deep *model, struct workspace *w,
                            const struct encoded_rows *rows, const struct distinct_rows *distinct,
                            bool clip, const struct kernels *kernels) {
  double squares = 0.0, absolute = 0.0;
  const bool once = distinct != NULL && distinct->count > 0;
  struct exact exact;
  exact_begin(&exact);
  if (once) {
    predict(model, w, rows, distinct->first, distinct->count, clip, kernels, distinct->prediction);
  }
  for (size_t first = 0; first < rows->rows; first += w->most) {
    const size_t m = once ? look_up_batch(w, rows, distinct, first)
                          : predict_batch(model, w, rows, NULL, first, rows->rows, clip, kernels);
    kernels->squared_error(&(struct squared_error){
        .m = m, .prediction = w->prediction, .target = w->target, .sum = &squares});
    for (size_t i = 0; i < m; i++)
      absolute += fabs((double)w->prediction[i] - (double)w->target[i]);
  }
  exact_end(&exact);
  return (struct score){squares / (double)rows->rows, absolute / (double)rows->rows};
}
