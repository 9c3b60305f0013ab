/* The pictures of kernel speeds: on one axis, for each kernel and shape, what each
 * instruction set of a machine reached, or the best one of each machine. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plots/plot_syntax.h"
#include "speeds/speed_parts.h"

/* Pixels: what lines may take so that the picture is no taller than a screen, where each
 * has the least that its letters need; the space between two kernels. */
static const double room = 760, line_least = 11, line_most = 18, gap = 6;

enum {
  LINES_MOST = 66,
  SERIES_MOST = (int)MACHINES_MOST > (int)SPEEDS_ISAS ? (int)MACHINES_MOST : (int)SPEEDS_ISAS
};

/* Points of one colour: an instruction set of a machine; NULL: its best. */
struct series {
  const struct speeds *machine;
  const char *isa;
};

struct layout {
  const struct machines *machines;
  struct speed_line *line;
  size_t lines, left_out, page, pages;
  enum speed_part part;
  struct series series[SERIES_MOST];
  size_t count;
  double line_height, height, low, high;
};

static void choose_series(struct layout *layout) {
  const struct machines *machines = layout->machines;
  for (size_t m = 0; machines->count > 1 && m < machines->count; m++) {
    layout->series[layout->count++] = (struct series){machines->at[m], NULL};
  }
  for (size_t i = 0; machines->count == 1 && i < SPEEDS_ISAS; i++) {
    if (!speed_has_isa(machines, speeds_isas[i])) continue;
    layout->series[layout->count++] = (struct series){machines->at[0], speeds_isas[i]};
  }
}

static bool begins(const struct layout *layout, size_t line) {
  return line == 0 || strcmp(layout->line[line - 1].kernel, layout->line[line].kernel) != 0;
}

/* Keeps the lines of the part that every machine has, and of them those of the page. */
static void choose_lines(struct layout *layout, size_t lines) {
  for (size_t i = 0; i < lines; i++) {
    const struct speed_line *line = &layout->line[i];
    if (speed_part_of(line->kernel) != layout->part) continue;
    if (speed_is_shared(layout->machines, line)) {
      layout->line[layout->lines++] = *line;
    } else {
      layout->left_out++;
    }
  }
  layout->pages = (layout->lines + LINES_MOST - 1) / LINES_MOST;
  if (layout->pages == 0) return;
  const size_t each = (layout->lines + layout->pages - 1) / layout->pages;
  const size_t first = layout->page * each, last = first + each;
  const size_t end = last < layout->lines ? last : layout->lines;
  layout->lines = first < end ? end - first : 0;
  memmove(layout->line, layout->line + (layout->lines > 0 ? first : 0),
          layout->lines * sizeof *layout->line);
}

static void find_height(struct layout *layout) {
  size_t kernels = 0;
  for (size_t i = 0; i < layout->lines; i++) kernels += begins(layout, i);
  const double each = (room - gap * (double)kernels) / (double)layout->lines;
  layout->line_height = fmin(line_most, fmax(line_least, each));
}

static const struct speed *row_of(const struct layout *layout, size_t series, size_t line) {
  const struct series *at = &layout->series[series];
  return at->isa != NULL ? speed_of(at->machine, &layout->line[line], at->isa)
                         : speed_best_of(at->machine, &layout->line[line]);
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
    for (size_t s = 0; s < layout->count; s++) {
      const struct speed *row = row_of(layout, s, i);
      if (row == NULL) continue;
      low = fmin(low, speed_part_rate(layout->part, row));
      high = fmax(high, speed_part_rate(layout->part, row));
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

static void add_series(struct layout *layout, size_t s, struct text *out) {
  plot_add_block(out, "y, rate, roof");
  bool any = false;
  for (size_t i = 0; i < layout->lines; i++) {
    const struct speed *row = row_of(layout, s, i);
    if (row == NULL) continue;
    const double rate = speed_part_rate(layout->part, row);
    const double part = speeds_of_roof(layout->series[s].machine, row);
    text_add(out, "%.6g", middle_of(layout, i));
    plot_add_number(out, rate);
    plot_add_number(out, part > 0 ? rate / part : NAN);
    text_add(out, "\n");
    see(layout, rate);
    if (part > 0) see(layout, rate / part);
    any = true;
  }
  if (!any) text_add(out, "NaN\tNaN\tNaN\n");
}

static void add_title(const struct layout *layout, struct text *out) {
  struct text title = {0};
  text_add(&title, "Kernel speed: %s", speed_part_title(layout->part));
  if (layout->pages > 1) text_add(&title, ", %zu of %zu", layout->page + 1, layout->pages);
  if (layout->machines->count == 1) text_add(&title, ", on %s", layout->machines->at[0]->cpu);
  plot_add_line_variable(out, "title_text", title.failed ? "" : title.text);
  plot_add_variable(out, "subtitle",
                    layout->machines->count == 1
                        ? "How much does each instruction set bring, and how near is the limit?"
                        : "Which machine is faster, and how near to its limit?");
  out->failed |= title.failed;
  text_clear(&title);
}

/* The instruction sets have a colour each, whatever others there are. */
static size_t colour_of(const struct layout *layout, size_t s) {
  static const size_t machines[] = {6, 7, 4, 2, 3, 5, 8, 1};
  static const struct {
    const char *isa;
    size_t colour;
  } isas[] = {{"scalar", 1}, {"neon", 4}, {"avx2", 6}, {"avx512", 7}};
  const char *own = layout->series[s].isa;
  for (size_t i = 0; own != NULL && i < sizeof isas / sizeof *isas; i++) {
    if (strcmp(isas[i].isa, own) == 0) return isas[i].colour;
  }
  return machines[s % (sizeof machines / sizeof *machines)];
}

static void add_key(const struct layout *layout, struct text *out) {
  plot_add_number_variable(out, "series", (double)layout->count);
  plot_add_count_variable(out, "abreast", layout->machines->count == 1 ? layout->count : 1);
  for (size_t s = 0; s < layout->count; s++) {
    struct text name = {0}, words = {0};
    text_add(&name, "series_%zu", s + 1);
    if (layout->series[s].isa != NULL) {
      text_add(&words, "%s", layout->series[s].isa);
    } else {
      text_add(&words, "%s: ", layout->series[s].machine->cpu);
      speed_add_build(layout->series[s].machine, &words);
    }
    plot_add_line_variable(out, name.failed ? "" : name.text, words.failed ? "" : words.text);
    text_clear(&name);
    text_add(&name, "colour_%zu", s + 1);
    plot_add_count_variable(out, name.failed ? "" : name.text, colour_of(layout, s));
    out->failed |= name.failed || words.failed;
    text_clear(&name);
    text_clear(&words);
  }
}

static void add_note(const struct layout *layout, const char *emulated, struct text *out) {
  struct text note = {0};
  if (layout->machines->count == 1) {
    speed_add_build(layout->machines->at[0], &note);
    text_add(&note, "; ");
  }
  if (layout->left_out > 0) {
    text_add(&note, "not drawn, since not every file has them: %zu; ", layout->left_out);
  }
  text_add(&note, "%s", emulated);
  while (note.length > 0 && strchr("; ", note.text[note.length - 1]) != NULL) {
    note.text[--note.length] = '\0';
  }
  plot_add_variable(out, "note_text", note.failed ? "" : note.text);
  out->failed |= note.failed;
  text_clear(&note);
}

bool speed_picture(const struct machines *machines, enum speed_part part, size_t page,
                   const char *emulated, struct picture *picture, bool *drawn,
                   struct error *error) {
  struct layout layout = {.machines = machines, .part = part, .page = page, .low = INFINITY};
  size_t lines;
  layout.line = speed_lines(machines, &lines, error);
  if (layout.line == NULL) return false;
  choose_series(&layout);
  choose_lines(&layout, lines);
  *drawn = layout.lines > 0;
  if (*drawn) {
    find_height(&layout);
    speed_name_part(part, &picture->name);
    if (page > 0) text_add(&picture->name, "_%zu", page + 1);
    picture->script = plot_script_kernel_speed;
    add_names(&layout, &picture->data);
    for (size_t s = 0; s < layout.count; s++) add_series(&layout, s, &picture->data);
    struct text *out = &picture->variables;
    add_title(&layout, out);
    speed_add_part(part, out);
    add_key(&layout, out);
    add_note(&layout, emulated, out);
    plot_add_number_variable(out, "height_of_lines", layout.height);
    plot_add_number_variable(out, "line_height", layout.line_height);
    plot_add_number_variable(out, "low", layout.low);
    plot_add_number_variable(out, "high", layout.high);
  }
  free(layout.line);
  return true;
}
