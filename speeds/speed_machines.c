/* The pictures of kernel speeds of several machines: on one axis what the best
 * instruction set of each reached, at each kernel and shape that all have. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plots/plot_syntax.h"
#include "speeds/speed_parts.h"

/* Pixels: what lines may take so that the picture is no taller than a screen,
 * where each has the least that its letters need; the space between two kernels. */
static const double room = 780, line_least = 11, line_most = 18, gap = 6;

struct layout {
  const struct machines *machines;
  struct speed_line *line;
  size_t lines, left_out;
  enum speed_part part;
  double line_height, height, low, high;
};

static bool begins(const struct layout *layout, size_t line) {
  return line == 0 || strcmp(layout->line[line - 1].kernel, layout->line[line].kernel) != 0;
}

/* Keeps the lines of the part that every machine has. */
static void choose(struct layout *layout, size_t lines) {
  size_t kernels = 0;
  for (size_t i = 0; i < lines; i++) {
    const struct speed_line *line = &layout->line[i];
    if (speed_part_of(line->kernel) != layout->part) continue;
    if (speed_is_shared(layout->machines, line)) {
      layout->line[layout->lines++] = *line;
    } else {
      layout->left_out++;
    }
  }
  for (size_t i = 0; i < layout->lines; i++) kernels += begins(layout, i);
  const double free = room - gap * (double)kernels;
  const double each = layout->lines > 0 ? free / (double)layout->lines : line_most;
  layout->line_height = fmin(line_most, fmax(line_least, each));
}

static double rate_of(const struct layout *layout, size_t machine, size_t line) {
  const struct speed *best = speed_best_of(layout->machines->at[machine], &layout->line[line]);
  return speed_part_rate(layout->part, best);
}

static void see(struct layout *layout, double value) {
  if (!(value > 0) || !isfinite(value)) return;
  layout->low = fmin(layout->low, value);
  layout->high = fmax(layout->high, value);
}

static double middle_of(const struct layout *layout, size_t line) {
  size_t kernels = 0;
  for (size_t i = 0; i <= line; i++) kernels += begins(layout, i);
  return gap * (double)kernels + layout->line_height * ((double)line + 0.5);
}

static void add_names(struct layout *layout, struct text *out) {
  text_add(out, "# middle of a line, its name, slowest and fastest rate\n");
  for (size_t i = 0; i < layout->lines; i++) {
    const struct speed_line *line = &layout->line[i];
    const bool cold = strcmp(line->temperature, "cold") == 0;
    char label[256];
    double low = INFINITY, high = 0;
    for (size_t m = 0; m < layout->machines->count; m++) {
      low = fmin(low, rate_of(layout, m, i));
      high = fmax(high, rate_of(layout, m, i));
    }
    (void)snprintf(label, sizeof label, "%s%s%s%s", begins(layout, i) ? line->kernel : "",
                   begins(layout, i) ? "  " : "", line->shape, cold ? " cold" : "");
    text_add(out, "%.6g\t", middle_of(layout, i));
    plot_add_label(out, label, SIZE_MAX);
    plot_add_number(out, low);
    plot_add_number(out, high);
    text_add(out, "\n");
  }
  layout->height = middle_of(layout, layout->lines - 1) + layout->line_height / 2 + gap;
  plot_add_block(out, "border between two kernels");
  for (size_t i = 0; i < layout->lines; i++) {
    if (!begins(layout, i)) continue;
    text_add(out, "%.6g\n", middle_of(layout, i) - layout->line_height / 2 - gap / 2);
  }
}

static void add_machine(struct layout *layout, size_t m, struct text *out) {
  const struct speeds *machine = layout->machines->at[m];
  plot_add_block(out, "y, rate, roof");
  for (size_t i = 0; i < layout->lines; i++) {
    const double rate = rate_of(layout, m, i);
    const double part = speeds_of_roof(machine, speed_best_of(machine, &layout->line[i]));
    text_add(out, "%.6g", middle_of(layout, i));
    plot_add_number(out, rate);
    plot_add_number(out, part > 0 ? rate / part : NAN);
    text_add(out, "\n");
    see(layout, rate);
    if (part > 0) see(layout, rate / part);
  }
}

static void add_variables(const struct layout *layout, struct picture *picture) {
  struct text *out = &picture->variables, left_out = {0};
  speed_add_part(layout->part, out);
  if (layout->left_out > 0) {
    text_add(&left_out, "not drawn, since not every file has them: %zu", layout->left_out);
  }
  plot_add_variable(out, "left_out", left_out.text);
  out->failed |= left_out.failed;
  text_clear(&left_out);
  plot_add_number_variable(out, "machines", (double)layout->machines->count);
  for (size_t m = 0; m < layout->machines->count; m++) {
    speed_add_machine(layout->machines->at[m], m + 1, out);
  }
  plot_add_number_variable(out, "height_of_lines", layout->height);
  plot_add_number_variable(out, "low", layout->low);
  plot_add_number_variable(out, "high", layout->high);
}

bool machines_picture(const struct machines *machines, enum speed_part part,
                      struct picture *picture, bool *drawn, struct error *error) {
  struct layout layout = {.machines = machines, .part = part, .low = INFINITY};
  size_t lines;
  layout.line = speed_lines(machines, &lines, error);
  if (layout.line == NULL) return false;
  choose(&layout, lines);
  *drawn = layout.lines > 0;
  if (*drawn) {
    speed_name_part(part, &picture->name);
    picture->script = plot_script_kernel_speed_machines;
    add_names(&layout, &picture->data);
    for (size_t m = 0; m < machines->count; m++) add_machine(&layout, m, &picture->data);
    add_variables(&layout, picture);
  }
  free(layout.line);
  return true;
}
