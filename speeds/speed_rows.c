/* The pictures of kernel speeds of one machine: for each kernel and shape what
 * each instruction set reached, and its roof. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plots/plot_syntax.h"
#include "speeds/speed_parts.h"

/* Heights in pixels: of a kernel's name, of one instruction set, and of the
 * space between two shapes. */
static const double head = 24, lane = 8, gap = 6;

struct layout {
  const struct speeds *machine;
  const struct speed_line *line;
  size_t lines;
  enum speed_part part;
  const char *isa[SPEEDS_ISAS];
  size_t isas;
  double height, low, high;
};

static bool shown(const struct layout *layout, size_t line) {
  return speed_part_of(layout->line[line].kernel) == layout->part;
}

/* Does a kernel's name stand above this line? */
static bool begins(const struct layout *layout, size_t line) {
  return line == 0 || strcmp(layout->line[line - 1].kernel, layout->line[line].kernel) != 0;
}

static void see(struct layout *layout, double value) {
  if (!(value > 0) || !isfinite(value)) return;
  if (value < layout->low) layout->low = value;
  if (value > layout->high) layout->high = value;
}

/* The lines of one instruction set: y, rate, roof. */
static void add_series(struct layout *layout, size_t isa, struct text *out) {
  double top = 0;
  bool any = false;
  text_add(out, "\n\n# %s\n", layout->isa[isa]);
  for (size_t i = 0; i < layout->lines; i++) {
    if (!shown(layout, i)) continue;
    top += begins(layout, i) ? head : 0;
    const struct speed *row = speed_of(layout->machine, &layout->line[i], layout->isa[isa]);
    const double y = top + gap / 2 + lane * ((double)isa + 0.5);
    top += gap + lane * (double)layout->isas;
    if (row == NULL) continue;
    const double rate = speed_part_rate(layout->part, row),
                 part = speeds_of_roof(layout->machine, row);
    text_add(out, "%.6g", y);
    plot_add_number(out, rate);
    plot_add_number(out, part > 0 ? rate / part : NAN);
    text_add(out, "\n");
    see(layout, rate);
    if (part > 0) see(layout, rate / part);
    any = true;
  }
  if (!any) text_add(out, "NaN\tNaN\tNaN\n");
}

static void add_names(struct layout *layout, struct text *out) {
  double top = 0;
  text_add(out, "# middle of a line, shape, lower edge\n");
  for (size_t i = 0; i < layout->lines; i++) {
    const struct speed_line *line = &layout->line[i];
    if (!shown(layout, i)) continue;
    top += begins(layout, i) ? head : 0;
    const double height = gap + lane * (double)layout->isas;
    char label[128];
    (void)snprintf(label, sizeof label, "%s%s", line->shape,
                   strcmp(line->temperature, "cold") == 0 ? " cold" : "");
    text_add(out, "%.6g\t", top + height / 2);
    plot_add_label(out, label, SIZE_MAX);
    text_add(out, "\t%.6g\n", top + height);
    top += height;
  }
  layout->height = top;
  text_add(out, "\n\n# top of a kernel, kernel\n");
  top = 0;
  for (size_t i = 0; i < layout->lines; i++) {
    if (!shown(layout, i)) continue;
    if (begins(layout, i)) {
      text_add(out, "%.6g\t", top);
      plot_add_label(out, layout->line[i].kernel, SIZE_MAX);
      text_add(out, "\n");
      top += head;
    }
    top += gap + lane * (double)layout->isas;
  }
}

static void add_variables(const struct layout *layout, struct picture *picture) {
  struct text *out = &picture->variables, isas = {0};
  speed_add_part(layout->part, out);
  for (size_t i = 0; i < layout->isas; i++) {
    text_add(&isas, "%s%s", i > 0 ? " " : "", layout->isa[i]);
  }
  plot_add_variable(out, "isas", isas.failed ? "" : isas.text);
  out->failed |= isas.failed;
  text_clear(&isas);
  speed_add_machine(layout->machine, 1, out);
  plot_add_number_variable(out, "height_of_lines", layout->height);
  plot_add_number_variable(out, "low", layout->low);
  plot_add_number_variable(out, "high", layout->high);
}

bool speed_picture(const struct machines *machines, enum speed_part part, struct picture *picture,
                   bool *drawn, struct error *error) {
  struct layout layout = {.machine = machines->at[0], .part = part, .low = INFINITY};
  struct speed_line *lines = speed_lines(machines, &layout.lines, error);
  if (lines == NULL) return false;
  layout.line = lines;
  for (size_t i = 0; i < SPEEDS_ISAS; i++) {
    if (speed_has_isa(machines, speeds_isas[i])) layout.isa[layout.isas++] = speeds_isas[i];
  }
  *drawn = false;
  for (size_t i = 0; i < layout.lines; i++) *drawn |= shown(&layout, i);
  if (*drawn) {
    speed_name_part(part, &picture->name);
    picture->script = plot_script_kernel_speed;
    add_names(&layout, &picture->data);
    for (size_t i = 0; i < layout.isas; i++) add_series(&layout, i, &picture->data);
    add_variables(&layout, picture);
  }
  free(lines);
  return true;
}
