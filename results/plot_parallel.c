/* Parallel coordinates: a line for each architecture, through the values of its
 * keys to its test MSE. An axis is a column of its values: lines end at its left
 * side and go on from its right side at the same height, and the texts stand
 * between the two, where no line passes. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "base/width.h"
#include "plots/plot_syntax.h"
#include "results/plot_labels.h"
#include "results/plot_parts.h"
#include "results/plot_view.h"

enum {
  AXES_MOST = 10,
  LISTED = 8, /* values of a numeric axis that each have a text; of more it is a scale */
  WORDS = 18, /* columns, before a text is broken */
  STEPS = 12, /* straight pieces of a curve; */
  MANY = 100  /* of more architectures half as many, which are bytes of the page */
};

/* Pixels. */
static const double letter = 7.2, text_line = 17, room_inside = 16, plot_least = 380,
                    plot_most = 700, gap_wide = 120, gap_narrow = 84, bow_apart = 5, bow_most = 15;

/* A place of the picture: x in pixels from the first axis, heights from 0 to 1. */
struct column {
  double left, right;
};

struct layout {
  const struct plot_view *view;
  const struct plot_axes *axes;
  struct column column[AXES_MOST];
  double mse_x, plot_height;
  double low, high; /* MSE at 0.05 and 0.95 of the height */
  size_t above;     /* architectures whose MSE is higher */
};

static bool is_scale(const struct plot_axis *axis) {
  return axis->numeric && axis->values > LISTED;
}

/* A scale is logarithmic when its values span a factor of 30. */
static bool is_log(const struct plot_axis *axis) {
  const double low = axis->value[0].number, high = axis->value[axis->values - 1].number;
  return low > 0 && high >= 30 * low;
}

static double height_of(const struct plot_axis *axis, size_t value) {
  if (!is_scale(axis)) return ((double)value + 0.5) / (double)axis->values;
  const double low = axis->value[0].number, high = axis->value[axis->values - 1].number;
  const double at = axis->value[value].number;
  if (is_log(axis)) return 0.05 + 0.9 * log(at / low) / log(high / low);
  return 0.05 + 0.9 * (at - low) / (high - low);
}

/* The value of a scale at a part of the way up. */
static double value_at(const struct plot_axis *axis, double part) {
  const double low = axis->value[0].number, high = axis->value[axis->values - 1].number;
  return is_log(axis) ? low * pow(high / low, part) : low + part * (high - low);
}

static double mse_height(const struct layout *layout, double mse) {
  if (!(layout->high > layout->low)) return 0.5;
  return 0.05 + 0.9 * fmin((mse - layout->low) / (layout->high - layout->low), 1.05);
}

static bool complete(const struct plot_axes *axes, const struct summary *summary, size_t row) {
  bool all = summary_finished(&summary->row[row]);
  for (size_t a = 0; a < axes->count; a++) all = all && axes->axis[a].of[row] != PLOT_NO_VALUE;
  return all;
}

/* --- texts and places --- */

enum { TICKS = 5 };

static size_t ticks_of(const struct plot_axis *axis) {
  return is_scale(axis) ? TICKS : axis->values;
}

static double tick_height(const struct plot_axis *axis, size_t tick) {
  return is_scale(axis) ? 0.05 + 0.9 * (double)tick / (double)(TICKS - 1) : height_of(axis, tick);
}

static void add_tick_text(const struct plot_axis *axis, size_t tick, struct text *text) {
  if (is_scale(axis)) {
    text_add_rounded(text, value_at(axis, (double)tick / (double)(TICKS - 1)), 3);
  } else {
    text_add(text, "%s", axis->value[tick].text);
  }
}

/* Columns of the longest word: where a text is broken, it is at a blank. */
static size_t longest_word(const char *text) {
  size_t longest = 0;
  for (const char *at = text; *at != '\0';) {
    const size_t length = strcspn(at, " ");
    struct text word = {0};
    text_add_bytes(&word, at, length);
    const size_t width = word.text != NULL ? width_of(word.text) : 0;
    if (width > longest) longest = width;
    text_clear(&word);
    at += length + (at[length] == ' ');
  }
  return longest;
}

/* Columns of the widest line of an axis's texts, and lines in all. */
static void measure(const struct plot_axis *axis, size_t *width, size_t *lines) {
  *width = *lines = 0;
  for (size_t i = 0; i < ticks_of(axis); i++) {
    struct text words = {0};
    add_tick_text(axis, i, &words);
    const char *text = words.text != NULL ? words.text : "";
    const size_t all = width_of(text), word = longest_word(text);
    const size_t most = word > WORDS ? word : WORDS, own = all < most ? all : most;
    if (own > *width) *width = own;
    *lines += 1 + all / (WORDS + 1);
    text_clear(&words);
  }
}

static void place_columns(struct layout *layout) {
  const double gap = layout->axes->count > 5 ? gap_narrow : gap_wide;
  double x = 0;
  layout->plot_height = plot_least;
  for (size_t a = 0; a < layout->axes->count; a++) {
    size_t width, lines;
    measure(&layout->axes->axis[a], &width, &lines);
    const double inside = letter * (double)width + room_inside;
    layout->column[a] = (struct column){x, x + inside};
    x += inside + gap;
    const double tall = text_line * (double)lines + 10 * (double)layout->axes->axis[a].values;
    if (!is_scale(&layout->axes->axis[a])) layout->plot_height = fmax(layout->plot_height, tall);
  }
  layout->plot_height = fmin(layout->plot_height, plot_most);
  layout->mse_x = ceil(x); /* what is written in few digits must not lie beyond it */
}

static void add_texts(const struct layout *layout, struct text *text) {
  plot_add_block(text,
                 "texts: middle of the column, height, text, left, right, whether of a scale");
  for (size_t a = 0; a < layout->axes->count; a++) {
    const struct plot_axis *axis = &layout->axes->axis[a];
    const struct column *column = &layout->column[a];
    for (size_t i = 0; i < ticks_of(axis); i++) {
      struct text words = {0};
      add_tick_text(axis, i, &words);
      text_add(text, "%.6g\t%.6g\t", (column->left + column->right) / 2, tick_height(axis, i));
      plot_add_tick(words.failed || words.text == NULL ? "" : words.text, WORDS, text);
      plot_add_number(text, column->left);
      plot_add_number(text, column->right);
      plot_add_count(text, is_scale(axis));
      text_add(text, "\n");
      text_clear(&words);
    }
  }
}

static void add_mse_texts(const struct layout *layout, struct text *text) {
  plot_add_block(text, "texts of the test MSE: height, text");
  for (int i = 0; i <= 4; i++) {
    const double mse = layout->low + 0.25 * i * (layout->high - layout->low);
    json_text_add_real(text, mse_height(layout, mse));
    text_add(text, "\t\"");
    text_add_rounded(text, mse, 4);
    text_add(text, "\"\n");
  }
}

static void add_axes(const struct layout *layout, struct text *text) {
  plot_add_block(text, "axes: left, right, name");
  for (size_t a = 0; a < layout->axes->count; a++) {
    text_add(text, "%.6g\t%.6g\t", layout->column[a].left, layout->column[a].right);
    plot_add_label(text, layout->axes->axis[a].name, WORDS);
    text_add(text, "\n");
  }
}

/* --- lines --- */

/* Lines of one value here and of one value there lie on each other. They part on
 * the way, in the order of their MSE: pixels from the straight line. */
static double bow_of(const struct layout *layout, size_t a, size_t row) {
  const struct plot_axes *axes = layout->axes;
  const struct summary_row *rows = layout->view->summary->row;
  if (a + 1 == axes->count) return 0;
  size_t before = 0, members = 0;
  for (size_t i = 0; i < layout->view->summary->rows; i++) {
    if (!complete(axes, layout->view->summary, i)) continue;
    if (axes->axis[a].of[i] != axes->axis[a].of[row]) continue;
    if (axes->axis[a + 1].of[i] != axes->axis[a + 1].of[row]) continue;
    members++;
    before += rows[i].mse < rows[row].mse || (!(rows[i].mse > rows[row].mse) && i < row);
  }
  if (members < 2) return 0;
  const double apart = fmin(bow_apart, 2 * bow_most / (double)(members - 1));
  return apart * ((double)before - 0.5 * (double)(members - 1));
}

/* From the right side of an axis to the left side of the next. */
static void add_piece(const struct layout *layout, size_t a, size_t row, struct text *text) {
  const struct plot_axes *axes = layout->axes;
  const bool last = a + 1 == axes->count;
  const double mse = layout->view->summary->row[row].mse;
  const double from = layout->column[a].right;
  const double to = last ? layout->mse_x : layout->column[a + 1].left;
  const double low = height_of(&axes->axis[a], axes->axis[a].of[row]);
  const double high =
      last ? mse_height(layout, mse) : height_of(&axes->axis[a + 1], axes->axis[a + 1].of[row]);
  const double bow = 4 * bow_of(layout, a, row) / layout->plot_height;
  const int curve = layout->view->summary->rows > MANY ? STEPS / 2 : STEPS;
  const int steps = fabs(bow) > 0 ? curve : 1;
  for (int i = 0; i < steps; i++) {
    const double way = (double)i / steps, next = (double)(i + 1) / steps;
    const double here = low + way * (high - low) + bow * way * (1 - way);
    const double there = low + next * (high - low) + bow * next * (1 - next);
    text_add(text, "%.6g\t%.6g\t%.6g\t%.6g", from + way * (to - from), here,
             (next - way) * (to - from), there - here);
    plot_add_number(text, mse);
    plot_add_count(text, row == layout->view->best);
    plot_add_count(text, row);
    text_add(text, "\n");
  }
}

/* The lowest MSE last, so that it lies on top. */
static void add_lines(const struct layout *layout, struct text *text) {
  const struct plot_view *view = layout->view;
  plot_add_block(
      text,
      "pieces of lines: x, height, how far to the right and up, test MSE, whether of lowest "
      "validation MSE, row");
  for (size_t i = view->summary->rows; i-- > 0;) {
    const size_t row = view->order[i];
    if (!complete(layout->axes, view->summary, row)) continue;
    for (size_t a = 0; a < layout->axes->count; a++) add_piece(layout, a, row, text);
  }
}

static void add_best(const struct layout *layout, struct picture *picture) {
  const struct plot_view *view = layout->view;
  if (view->best == PLOT_NO_VALUE || !complete(layout->axes, view->summary, view->best)) return;
  const double mse = view->summary->row[view->best].mse;
  plot_add_block(&picture->data, "lowest validation MSE: its places at the axes");
  for (size_t a = 0; a < layout->axes->count; a++) {
    const struct plot_axis *axis = &layout->axes->axis[a];
    const double height = height_of(axis, axis->of[view->best]);
    text_add(&picture->data, "%.6g\t%.6g\n%.6g\t%.6g\n", layout->column[a].left, height,
             layout->column[a].right, height);
  }
  text_add(&picture->data, "%.6g\t%.6g\n", layout->mse_x, mse_height(layout, mse));
  struct text best = {0};
  text_add(&best, "lowest validation MSE: %s, test MSE" PLOT_NO_BREAK "%.4f",
           view->label[view->best], mse);
  plot_add_variable(&picture->variables, "best_text", best.failed ? "" : best.text);
  text_clear(&best);
}

/* What the page shows of a row, and takes for it when it is brushed. */
static void add_places(const struct layout *layout, struct text *text) {
  const struct plot_axes *axes = layout->axes;
  plot_add_block(text, "places where lines meet the axes: x, height, row");
  for (size_t row = 0; row < layout->view->summary->rows; row++) {
    if (!complete(axes, layout->view->summary, row)) continue;
    for (size_t a = 0; a < axes->count; a++) {
      const double height = height_of(&axes->axis[a], axes->axis[a].of[row]);
      if (a > 0) text_add(text, "%.6g\t%.6g\t%zu\n", layout->column[a].left, height, row);
      text_add(text, "%.6g\t%.6g\t%zu\n", layout->column[a].right, height, row);
    }
    text_add(text, "%.6g\t%.6g\t%zu\n", layout->mse_x,
             mse_height(layout, layout->view->summary->row[row].mse), row);
  }
}

static bool find_range(struct layout *layout, struct error *error) {
  const struct summary *summary = layout->view->summary;
  double *values = memory_array(summary->rows, sizeof *values, error);
  if (values == NULL) return false;
  size_t count = 0;
  for (size_t i = 0; i < summary->rows; i++) {
    if (complete(layout->axes, summary, i)) values[count++] = summary->row[i].mse;
  }
  layout->high = plot_robust_high(values, count);
  layout->low = count > 0 ? values[0] : 0;
  while (layout->above < count && values[count - 1 - layout->above] > layout->high) layout->above++;
  free(values);
  return true;
}

static bool fill(struct layout *layout, struct picture *picture, struct error *error) {
  if (!find_range(layout, error)) return false;
  place_columns(layout);
  struct text *data = &picture->data, *variables = &picture->variables;
  plot_view_variables(layout->view, "parallel coordinates", variables);
  struct text above = {0};
  if (layout->above > 0) text_add(&above, "%zu above the scale", layout->above);
  plot_view_note(layout->view, above.text, SIZE_MAX, variables);
  text_clear(&above);
  plot_add_number_variable(variables, "mse_low", layout->low);
  plot_add_number_variable(variables, "mse_high", layout->high);
  plot_add_number_variable(variables, "mse_x", layout->mse_x);
  plot_add_number_variable(variables, "plot_height", layout->plot_height);
  add_lines(layout, data);
  add_texts(layout, data);
  add_mse_texts(layout, data);
  add_axes(layout, data);
  add_best(layout, picture);
  if (layout->view->hover) add_places(layout, data);
  picture->script = plot_script_parallel_coordinates;
  return true;
}

bool plot_make_parallel(const struct plot_view *view, struct picture *picture, struct text *why,
                        struct error *error) {
  struct plot_axes axes;
  bool good = plot_axes_init(&axes, view->summary, error);
  size_t lines = 0;
  for (size_t i = 0; good && i < view->summary->rows; i++) {
    lines += complete(&axes, view->summary, i);
  }
  if (good && (axes.count < 2 || axes.count > AXES_MOST)) {
    text_add(why, axes.count < 2 ? "fewer than two keys are swept" : "more than %d keys are swept",
             AXES_MOST);
  } else if (good && lines < 2) {
    text_add(why, "fewer than two architectures have all keys");
  } else if (good) {
    struct layout layout = {.view = view, .axes = &axes};
    good = fill(&layout, picture, error);
  }
  plot_axes_clear(&axes);
  return good;
}
