/* The roofline (Williams, Waterman, Patterson: CACM 52(4), 2009): operations per
 * byte against operations per nanosecond, one panel per machine and instruction
 * set, one numbered point a kernel. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "plots/plot_syntax.h"
#include "speeds/roofline_numbers.h"
#include "speeds/speed_parts.h"

/* Machines of which every instruction set has its panel; panels in a row of more. */
enum { LEVELS = 4, MACHINES_WHOLE = 2, ABREAST = 3 };
static const double panel_width = 460; /* pixels */

struct range {
  double low, high;
};

struct roofline {
  const struct machines *machines;
  const struct speed_line *line; /* one a kernel */
  size_t lines;
  struct range x, y; /* FLOP per byte, GFLOP/s */
  size_t rows;       /* of panels */
  double height;     /* of a panel, pixels */
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

/* --- pixels --- */

static double pixels(double value, struct range range, double size) {
  return size * log(value / range.low) / log(range.high / range.low);
}

static double value_at(double pixel, struct range range, double size) {
  return range.low * exp(pixel / size * log(range.high / range.low));
}

/* The roofs of a panel: the memory's rise to the FMA peak, and the peak from the steepest
 * on. How many. */
static size_t find_roofs(const struct roofline *r, const struct speeds *machine, const char *isa,
                         struct roofline_roof *roof) {
  const double peak = speeds_peak_flop(machine, isa), top = pixels(peak, r->y, r->height);
  double steepest = 0;
  size_t roofs = 0;
  for (unsigned level = 1; level <= LEVELS; level++) {
    const double bytes = speeds_peak_bytes(machine, isa, level);
    if (!(bytes > 0) || !(peak > 0)) continue;
    steepest = fmax(steepest, bytes);
    const double low = fmax(r->x.low, r->y.low / bytes);
    roof[roofs++] =
        (struct roofline_roof){pixels(low, r->x, panel_width), pixels(bytes * low, r->y, r->height),
                               pixels(peak / bytes, r->x, panel_width), top};
  }
  if (!(steepest > 0)) return roofs;
  roof[roofs++] =
      (struct roofline_roof){pixels(peak / steepest, r->x, panel_width), top, panel_width, top};
  return roofs;
}

/* --- data --- */

/* Points: FLOP per byte, GFLOP/s, level, number, place of the number, whether a line leads
 * to it. */
static bool add_points(const struct roofline *r, const struct speeds *machine, const char *isa,
                       struct text *out, struct error *error) {
  struct roofline_roof roof[LEVELS + 1];
  struct roofline_number *number = memory_array(r->lines, sizeof *number, error);
  const struct speed **row = memory_array(r->lines, sizeof *row, error);
  size_t *own = memory_array(r->lines, sizeof *own, error);
  size_t count = 0;
  bool good = number != NULL && row != NULL && own != NULL;
  for (size_t i = 0; good && i < r->lines; i++) {
    row[count] = speed_of(machine, &r->line[i], isa);
    if (!is_drawn(row[count])) continue;
    number[count].x = pixels(intensity(row[count]), r->x, panel_width);
    number[count].y = pixels(rate(row[count]), r->y, r->height);
    own[count++] = i + 1;
  }
  good = good && roofline_number_place(number, count, roof, find_roofs(r, machine, isa, roof),
                                       panel_width, r->height, error);
  for (size_t i = 0; good && i < count; i++) {
    text_add(out, "%s\t%.6g\t%.6g\t%u\t%zu\t%.6g\t%.6g\t%d\n", row[i]->kernel, intensity(row[i]),
             rate(row[i]), row[i]->level, own[i], value_at(number[i].label_x, r->x, panel_width),
             value_at(number[i].label_y, r->y, r->height), number[i].led);
  }
  free(number);
  free(row);
  free(own);
  return good;
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

static void add_panel_variable(size_t number, const char *what, const struct text *words,
                               struct text *out) {
  char variable[32];
  (void)snprintf(variable, sizeof variable, "%s_%zu", what, number);
  plot_add_line_variable(out, variable, words->failed ? "" : words->text);
  out->failed |= words->failed;
}

/* What stands above a panel: its roofs, and the name of a machine over the first of its. */
static void add_panel(size_t number, const struct speeds *machine, const char *isa, bool first,
                      size_t row, struct text *out) {
  struct text title = {0}, name = {0};
  text_add(&title, "%s: FMA ", isa);
  text_add_rounded(&title, speeds_peak_flop(machine, isa), 4);
  static const char *const levels[] = {" GFLOP/s; GB/s: L1 ", ", L2 ", ", L3 ", ", memory "};
  for (unsigned level = 0; level < sizeof levels / sizeof *levels; level++) {
    text_add(&title, "%s", levels[level]);
    text_add_rounded(&title, speeds_peak_bytes(machine, isa, level + 1), 3);
  }
  add_panel_variable(number, "panel", &title, out);
  if (first) text_add(&name, "%s (", machine->cpu);
  if (first) speed_add_build(machine, &name);
  if (first) text_add(&name, ")");
  add_panel_variable(number, "name", &name, out);
  char variable[32];
  (void)snprintf(variable, sizeof variable, "row_%zu", number);
  plot_add_count_variable(out, variable, row);
  text_clear(&title);
  text_clear(&name);
}

/* One machine or two have a row each, with a panel for each instruction set; more have a
 * panel each, of their widest, so that the picture is no taller than a screen. */
static bool is_panel(const struct roofline *r, size_t m, size_t isa) {
  const struct machines one = {.at = {r->machines->at[m]}, .count = 1};
  if (!speed_has_isa(&one, speeds_isas[isa])) return false;
  for (size_t i = isa + 1; r->machines->count > MACHINES_WHOLE && i < SPEEDS_ISAS; i++) {
    if (speed_has_isa(&one, speeds_isas[i])) return false;
  }
  return true;
}

static void find_rows(struct roofline *r) {
  const size_t machines = r->machines->count;
  r->rows = machines > MACHINES_WHOLE ? (machines + ABREAST - 1) / ABREAST : machines;
  r->height = r->rows == 1 ? 330 : r->rows == 2 ? 250 : 130;
}

static void add_list(const struct roofline *r, struct text *data) {
  text_add(data, "# number, kernel and shape\n");
  for (size_t i = 0; i < r->lines; i++) {
    struct text label = {0};
    text_add(&label, "%zu  %s %s", i + 1, r->line[i].kernel, r->line[i].shape);
    text_add(data, "%zu\t", i + 1);
    plot_add_label(data, label.failed ? "" : label.text, SIZE_MAX);
    text_add(data, "\n");
    text_clear(&label);
  }
}

/* The list of kernels first, then six blocks a panel. */
static bool add_data(const struct roofline *r, struct picture *picture, struct error *error) {
  struct text *data = &picture->data, *variables = &picture->variables;
  const bool whole = r->machines->count <= MACHINES_WHOLE;
  add_list(r, data);
  size_t panels = 0, columns = 0;
  for (size_t m = 0; m < r->machines->count; m++) {
    const struct speeds *machine = r->machines->at[m];
    size_t here = whole ? 0 : m % ABREAST;
    bool first = true;
    for (size_t i = 0; i < SPEEDS_ISAS; i++) {
      if (!is_panel(r, m, i)) continue;
      text_add(data,
               "\n\n# points: kernel, FLOP per byte, GFLOP/s, level, number, its place, led\n");
      if (!add_points(r, machine, speeds_isas[i], data, error)) return false;
      add_roofs(r, machine, speeds_isas[i], data);
      add_panel(++panels, machine, speeds_isas[i], first, whole ? m : m / ABREAST, variables);
      first = false;
      if (++here > columns) columns = here;
    }
  }
  plot_add_count_variable(variables, "panels", panels);
  plot_add_count_variable(variables, "columns", columns);
  plot_add_count_variable(variables, "rows", r->rows);
  return true;
}

bool roofline_picture(const struct machines *machines, const char *emulated,
                      struct picture *picture, bool *drawn, struct error *error) {
  struct roofline r = {.machines = machines};
  struct speed_line *lines = speed_lines(machines, &r.lines, error);
  if (lines == NULL) return false;
  r.line = lines;
  r.lines = choose(machines, lines, r.lines);
  *drawn = r.lines > 0;
  bool done = true;
  if (*drawn) {
    find_ranges(&r);
    find_rows(&r);
    text_add(&picture->name, "roofline");
    picture->script = plot_script_roofline;
    struct text *out = &picture->variables;
    plot_add_line_variable(out, "title_text", "Roofline of Crosslane's kernels");
    plot_add_variable(out, "subtitle",
                      "Which limit does each kernel meet: arithmetic, a cache or memory?");
    plot_add_variable(out, "note_text", emulated);
    const struct {
      const char *name;
      double value;
    } numbers[] = {{"x_low", r.x.low},           {"x_high", r.x.high},
                   {"y_low", r.y.low},           {"y_high", r.y.high},
                   {"panel_width", panel_width}, {"panel_height", r.height},
                   {"kernels", (double)r.lines}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
      plot_add_number_variable(out, numbers[i].name, numbers[i].value);
    }
    done = add_data(&r, picture, error);
  }
  free(lines);
  return done;
}
