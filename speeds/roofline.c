/* The roofline (Williams, Waterman, Patterson: CACM 52(4), 2009): operations per
 * byte against operations per nanosecond, one panel per machine and instruction
 * set, one numbered point a kernel. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "plots/plot_syntax.h"
#include "speeds/speed_parts.h"

enum { LEVELS = 4 };
static const double panel_width = 460, panel_height = 330; /* pixels */

struct range {
  double low, high;
};

struct roofline {
  const struct machines *machines;
  const struct speed_line *line; /* one a kernel */
  size_t lines;
  struct range x, y; /* FLOP per byte, GFLOP/s */
};

static bool is_drawn(const struct speed *row) {
  return row != NULL && row->flop > 0 && row->bytes > 0;
}

static double intensity(const struct speed *row) {
  return row->flop / row->bytes;
}

static double rate(const struct speed *row) {
  return row->flop / row->median;
}

static void widen(struct range *range, double value) {
  if (value < range->low) range->low = value;
  if (value > range->high) range->high = value;
}

/* The first hot shape of each kernel; those without operations are left out. */
static size_t choose(const struct machines *machines, struct speed_line *line, size_t lines) {
  size_t kept = 0;
  for (size_t i = 0; i < lines; i++) {
    if (strcmp(line[i].temperature, "hot") != 0) continue;
    if (kept > 0 && strcmp(line[kept - 1].kernel, line[i].kernel) == 0) continue;
    bool drawn = false;
    for (size_t m = 0; m < machines->count; m++) {
      for (size_t isa = 0; isa < SPEEDS_ISAS; isa++) {
        drawn |= is_drawn(speed_of(machines->at[m], &line[i], speeds_isas[isa]));
      }
    }
    if (drawn) line[kept++] = line[i];
  }
  return kept;
}

static void find_ranges(struct roofline *r) {
  r->x = r->y = (struct range){INFINITY, 0};
  for (size_t m = 0; m < r->machines->count; m++) {
    const struct speeds *machine = r->machines->at[m];
    for (size_t isa = 0; isa < SPEEDS_ISAS; isa++) {
      const double peak = speeds_peak_flop(machine, speeds_isas[isa]);
      if (peak > 0) widen(&r->y, peak);
      for (size_t i = 0; i < r->lines; i++) {
        const struct speed *row = speed_of(machine, &r->line[i], speeds_isas[isa]);
        if (!is_drawn(row)) continue;
        widen(&r->x, intensity(row));
        widen(&r->y, rate(row));
      }
    }
  }
  r->x = (struct range){r->x.low / 1.6, r->x.high * 2.2};
  r->y = (struct range){r->y.low / 1.6, r->y.high * 1.6};
}

/* --- numbers beside the points, without covering each other --- */

struct mark {
  double x, y;             /* of the point, pixels from the panel's corner */
  double label_x, label_y; /* middle of its number */
  const struct speed *row;
  size_t number;
};

static double pixels(double value, struct range range, double size) {
  return size * log(value / range.low) / log(range.high / range.low);
}

static double value_at(double pixel, struct range range, double size) {
  return range.low * exp(pixel / size * log(range.high / range.low));
}

static bool is_free(const struct mark *mark, size_t marks, size_t own, double x, double y) {
  const double wide = 15, high = 11, point = 5; /* of a number; half of a point */
  for (size_t i = 0; i < marks; i++) {
    if (fabs(mark[i].x - x) < wide / 2 + point && fabs(mark[i].y - y) < high / 2 + point) {
      return false;
    }
    if (i < own && fabs(mark[i].label_x - x) < wide && fabs(mark[i].label_y - y) < high) {
      return false;
    }
  }
  return x > wide && x < panel_width - wide && y > high && y < panel_height - high;
}

/* The nearest free place around its point. */
static void place(struct mark *mark, size_t marks) {
  static const double around[][2] = {{1, 0},      {-1, 0},      {0, 1},       {0, -1},
                                     {0.8, 0.8},  {0.8, -0.8},  {-0.8, 0.8},  {-0.8, -0.8},
                                     {0.4, 0.95}, {-0.4, 0.95}, {0.4, -0.95}, {-0.4, -0.95}};
  for (size_t own = 0; own < marks; own++) {
    mark[own].label_x = mark[own].x + 14;
    mark[own].label_y = mark[own].y;
    bool found = false;
    for (double distance = 14; !found && distance < 60; distance += 4) {
      for (size_t i = 0; !found && i < sizeof around / sizeof *around; i++) {
        const double x = mark[own].x + distance * around[i][0];
        const double y = mark[own].y + distance * around[i][1];
        found = is_free(mark, marks, own, x, y);
        if (!found) continue;
        mark[own].label_x = x;
        mark[own].label_y = y;
      }
    }
  }
}

/* --- data --- */

/* Points: FLOP per byte, GFLOP/s, level, number, place of the number. */
static bool add_points(const struct roofline *r, const struct speeds *machine, const char *isa,
                       struct text *out, struct error *error) {
  struct mark *mark = memory_array(r->lines, sizeof *mark, error);
  if (mark == NULL) return false;
  size_t marks = 0;
  for (size_t i = 0; i < r->lines; i++) {
    const struct speed *row = speed_of(machine, &r->line[i], isa);
    if (!is_drawn(row)) continue;
    mark[marks++] = (struct mark){.x = pixels(intensity(row), r->x, panel_width),
                                  .y = pixels(rate(row), r->y, panel_height),
                                  .row = row,
                                  .number = i + 1};
  }
  place(mark, marks);
  for (size_t i = 0; i < marks; i++) {
    const struct speed *row = mark[i].row;
    text_add(out, "%s\t%.6g\t%.6g\t%u\t%zu\t%.6g\t%.6g\n", row->kernel, intensity(row), rate(row),
             row->level, mark[i].number, value_at(mark[i].label_x, r->x, panel_width),
             value_at(mark[i].label_y, r->y, panel_height));
  }
  free(mark);
  return true;
}

/* Each roof as its two ends: the memory's rise to the FMA peak, the peak goes
 * on from there. */
static void add_roofs(const struct roofline *r, const struct speeds *machine, const char *isa,
                      struct text *out) {
  const double peak = speeds_peak_flop(machine, isa);
  double steepest = 0;
  for (unsigned level = 1; level <= LEVELS; level++) {
    const double bytes = speeds_peak_bytes(machine, isa, level);
    text_add(out, "\n\n# roof of level %u\n", level);
    if (bytes > 0 && peak > 0) {
      text_add(out, "%.6g\t%.6g\n%.6g\t%.6g\n", r->x.low, bytes * r->x.low, peak / bytes, peak);
    } else {
      text_add(out, "NaN\tNaN\n");
    }
    if (bytes > steepest) steepest = bytes;
  }
  text_add(out, "\n\n# FMA\n");
  if (steepest > 0 && peak > 0) {
    text_add(out, "%.6g\t%.6g\n%.6g\t%.6g\n", peak / steepest, peak, r->x.high, peak);
  } else {
    text_add(out, "NaN\tNaN\n");
  }
}

static void add_panel_variable(size_t number, const struct speeds *machine, const char *isa,
                               struct text *out) {
  struct text title = {0};
  char variable[32];
  (void)snprintf(variable, sizeof variable, "panel_%zu", number);
  text_add(&title, "%s: FMA ", isa);
  text_add_rounded(&title, speeds_peak_flop(machine, isa), 4);
  static const char *const levels[] = {" GFLOP/s; GB/s: L1 ", ", L2 ", ", L3 ", ", memory "};
  for (unsigned level = 0; level < sizeof levels / sizeof *levels; level++) {
    text_add(&title, "%s", levels[level]);
    text_add_rounded(&title, speeds_peak_bytes(machine, isa, level + 1), 3);
  }
  plot_add_variable(out, variable, title.failed ? "" : title.text);
  out->failed |= title.failed;
  text_clear(&title);
}

/* The list of kernels first, then six blocks a panel. */
static bool add_data(const struct roofline *r, struct picture *picture, struct error *error) {
  struct text *data = &picture->data, *variables = &picture->variables;
  text_add(data, "# number, kernel and shape\n");
  for (size_t i = 0; i < r->lines; i++) {
    struct text label = {0};
    text_add(&label, "%zu  %s %s", i + 1, r->line[i].kernel, r->line[i].shape);
    text_add(data, "%zu\t", i + 1);
    plot_add_label(data, label.failed ? "" : label.text, SIZE_MAX);
    text_add(data, "\n");
    text_clear(&label);
  }
  size_t panels = 0, columns = 0;
  for (size_t m = 0; m < r->machines->count; m++) {
    size_t here = 0;
    speed_add_machine(r->machines->at[m], m + 1, variables);
    for (size_t i = 0; i < SPEEDS_ISAS; i++) {
      const struct machines one = {.at = {r->machines->at[m]}, .count = 1};
      if (!speed_has_isa(&one, speeds_isas[i])) continue;
      text_add(data, "\n\n# points: kernel, FLOP per byte, GFLOP/s, level, number, its place\n");
      if (!add_points(r, one.at[0], speeds_isas[i], data, error)) return false;
      add_roofs(r, one.at[0], speeds_isas[i], data);
      add_panel_variable(++panels, one.at[0], speeds_isas[i], variables);
      char variable[32];
      (void)snprintf(variable, sizeof variable, "row_%zu", panels);
      plot_add_number_variable(variables, variable, (double)m);
      if (++here > columns) columns = here;
    }
  }
  plot_add_number_variable(variables, "panels", (double)panels);
  plot_add_number_variable(variables, "columns", (double)columns);
  plot_add_number_variable(variables, "rows", (double)r->machines->count);
  return true;
}

bool roofline_picture(const struct machines *machines, struct picture *picture, bool *drawn,
                      struct error *error) {
  struct roofline r = {.machines = machines};
  struct speed_line *lines = speed_lines(machines, &r.lines, error);
  if (lines == NULL) return false;
  r.line = lines;
  r.lines = choose(machines, lines, r.lines);
  *drawn = r.lines > 0;
  bool done = true;
  if (*drawn) {
    find_ranges(&r);
    text_add(&picture->name, "roofline");
    picture->script = plot_script_roofline;
    struct text *out = &picture->variables;
    plot_add_variable(out, "title_text", "Roofline of Crosslane's kernels");
    const struct {
      const char *name;
      double value;
    } numbers[] = {{"x_low", r.x.low},           {"x_high", r.x.high},
                   {"y_low", r.y.low},           {"y_high", r.y.high},
                   {"panel_width", panel_width}, {"panel_height", panel_height},
                   {"kernels", (double)r.lines}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
      plot_add_number_variable(out, numbers[i].name, numbers[i].value);
    }
    done = add_data(&r, picture, error);
  }
  free(lines);
  return done;
}
