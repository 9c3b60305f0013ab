#include "model/rating_head.h"

#include <assert.h>

#include "base/numeric.h"

static_assert((int)RATING_LEVELS_MAX == (int)ORDINAL_LEVELS_MAX, "the kernels' levels");

void rating_head_initialise(struct wide_deep *model) {
  if (model->cut == NULL) return;
  const struct rating_levels *levels = &model->levels;
  float *cut = model->weights + model->cut->offset;
  size_t all = 0, below = 0;
  double last = 0;
  for (size_t k = 0; k < levels->count; k++) all += levels->rows[k];
  for (size_t k = 0; k + 1 < levels->count; k++) {
    below += levels->rows[k];
    const double logit = numeric_log((double)below / (double)(all - below));
    const double threshold = logit / (double)model->slope;
    cut[k] = (float)(k == 0 ? threshold : numeric_log(threshold - last));
    last = threshold;
  }
}

static void squared_loss(struct workspace *w, size_t m, double *sum,
                         const struct kernels *kernels) {
  kernels->squared_error(&(struct squared_error){
      .m = m,
      .prediction = w->prediction,
      .target = w->target,
      .gradient = w->gradient,
      .gradient_scale = 2.0f / (float)m,
      .sum = sum,
  });
}

void rating_head_loss(struct wide_deep *model, struct workspace *w, size_t m, double *sum,
                      const struct kernels *kernels) {
  if (model->cut == NULL) {
    squared_loss(w, m, sum, kernels);
    return;
  }
  kernels->ordinal_loss(&(struct ordinal_loss){
      .m = m,
      .levels = model->levels.count,
      .score = w->prediction,
      .target = w->target,
      .level = model->levels.value,
      .cut = model->weights + model->cut->offset,
      .slope = model->slope,
      .gradient_scale = 1.0f / (float)m,
      .gradient = w->gradient,
      .cut_gradient = model->gradients + model->cut->offset,
      .sum = sum,
  });
}

void rating_head_predict(const struct wide_deep *model, struct workspace *w, size_t m,
                         const struct kernels *kernels) {
  if (model->cut == NULL) return;
  kernels->ordinal_expectation(&(struct ordinal_expectation){
      .m = m,
      .levels = model->levels.count,
      .level = model->levels.value,
      .cut = model->weights + model->cut->offset,
      .slope = model->slope,
      .y = w->prediction,
  });
}

enum { AT_A_TIME = 64 };

void rating_head_add_probabilities(const struct wide_deep *model, const struct workspace *w,
                                   size_t m, const struct kernels *kernels, float *out) {
  const size_t levels = model->levels.count;
  float part[ORDINAL_LEVELS_MAX * AT_A_TIME];
  for (size_t first = 0; first < m; first += AT_A_TIME) {
    const size_t left = m - first, count = left < AT_A_TIME ? left : AT_A_TIME;
    kernels->ordinal_probabilities(&(struct ordinal_probabilities){
        .m = count,
        .levels = levels,
        .score = w->prediction + first,
        .cut = model->weights + model->cut->offset,
        .slope = model->slope,
        .out = part,
        .out_ld = AT_A_TIME,
    });
    for (size_t r = 0; r < count; r++) {
      float *row = out + (first + r) * levels;
      for (size_t k = 0; k < levels; k++) row[k] += part[k * AT_A_TIME + r];
    }
  }
}
