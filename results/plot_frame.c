#include "results/plot_frame.h"

#include <math.h>

static bool same(double a, double b) {
  return a <= b && a >= b;
}

/* Moves an x of 0 to where a logarithmic axis can show it. */
static void place_zero(const struct plot_view *view, double *x, struct plot_frame *frame) {
  double least = INFINITY;
  for (size_t i = 0; i < view->summary->rows; i++) {
    if (x[i] > 0) least = fmin(least, x[i]);
  }
  if (frame->x_low > 0 || frame->x_high < 20 * least) return;
  frame->zero_at = frame->x_low = 0.25 * least;
  for (size_t i = 0; i < view->summary->rows; i++) {
    if (same(x[i], 0)) x[i] = frame->zero_at;
  }
}

struct plot_frame plot_frame_of(const struct plot_view *view, double *x, double *scratch,
                                size_t bars) {
  const struct summary *summary = view->summary;
  struct plot_frame frame = {
      .x_low = INFINITY, .x_high = -INFINITY, .y_low = INFINITY, .zero_at = NAN};
  size_t count = 0;
  for (size_t i = 0; i < summary->rows; i++) {
    if (isnan(x[i])) continue;
    bool first = true;
    for (size_t k = 0; k < i; k++) first = first && !same(x[k], x[i]);
    frame.values += first;
    frame.points++;
    frame.x_low = fmin(frame.x_low, x[i]);
    frame.x_high = fmax(frame.x_high, x[i]);
    double bar = view->finished <= bars ? fmax(summary->row[i].mse_sd, 0) : 0;
    frame.y_low = fmin(frame.y_low, summary->row[i].mse - bar);
    scratch[count++] = summary->row[i].mse + bar;
  }
  frame.clip = plot_robust_high(scratch, count);
  place_zero(view, x, &frame);
  frame.log_x = frame.x_low > 0 && frame.x_high >= 10 * frame.x_low;
  for (size_t i = 0; i < summary->rows; i++) {
    frame.above += !isnan(x[i]) && summary->row[i].mse > frame.clip;
  }
  double height = fmax(frame.clip - frame.y_low, 0.01 * frame.clip);
  frame.y_low -= 0.12 * height;
  frame.y_high = frame.clip + 0.08 * height;
  return frame;
}

void plot_frame_widen(struct plot_frame *frame, bool whole, double nearest) {
  const double range =
      frame->log_x ? log(frame->x_high / frame->x_low) : frame->x_high - frame->x_low;
  frame->room = nearest > 0 ? fmax(fmin(0.6 * nearest, 0.2 * range), 0.04 * range) : 0;
  double margin = fmax(0.06 * range, 0.6 * frame->room);
  if (whole && !frame->log_x) margin = fmax(margin, 0.5);
  frame->x_low = frame->log_x ? frame->x_low * exp(-margin) : frame->x_low - margin;
  frame->x_high = frame->log_x ? frame->x_high * exp(margin) : frame->x_high + margin;
}

double plot_frame_nearest(const struct plot_view *view, const double *x, bool log_x) {
  double nearest = INFINITY;
  for (size_t i = 0; i < view->summary->rows; i++) {
    for (size_t k = 0; k < view->summary->rows; k++) {
      if (x[k] > x[i]) nearest = fmin(nearest, log_x ? log(x[k] / x[i]) : x[k] - x[i]);
    }
  }
  return nearest;
}

double plot_frame_beside(const struct plot_frame *frame, double x, double part) {
  return frame->log_x ? x * exp(part * frame->room) : x + part * frame->room;
}
