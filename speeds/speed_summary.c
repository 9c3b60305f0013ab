#include "speeds/speed_summary.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "speeds/speed_families.h"
#include "speeds/speed_statistics.h"

enum { NAMED = 3 }; /* of what is left out */

/* One more group than there are families. */
enum { GROUP_COLD = SPEED_FAMILIES, GROUPS, GROUP_ALL = GROUPS };

struct summary {
  const struct machines *machines;
  struct speed_line *line, *left_out; /* those that every machine has; the others */
  size_t lines, left_outs;
  double *value; /* (lines): room for those of a mean */
};

static bool is_in(const struct speed_line *line, int group) {
  const bool cold = strcmp(line->temperature, "cold") == 0;
  if (group == GROUP_ALL) return true;
  if (group == GROUP_COLD) return cold;
  return !cold && (int)speed_family_of(line->kernel) == group;
}

/* What a column has the mean of; 0: not measured. */
typedef double measure_of(const struct machines *machines, size_t machine,
                          const struct speed_line *line);

static double best_ratio(const struct machines *machines, size_t m, const struct speed_line *line) {
  return speed_best_of(machines->at[0], line)->median /
         speed_best_of(machines->at[m], line)->median;
}

static double scalar_ratio(const struct machines *machines, size_t m,
                           const struct speed_line *line) {
  const struct speed *first = speed_of(machines->at[0], line, "scalar");
  const struct speed *own = speed_of(machines->at[m], line, "scalar");
  return first != NULL && own != NULL ? first->median / own->median : 0;
}

static double gain(const struct machines *machines, size_t m, const struct speed_line *line) {
  return speeds_by_scalar(machines->at[m], speed_best_of(machines->at[m], line));
}

static double of_peak(const struct machines *machines, size_t m, const struct speed_line *line) {
  return 100 * speeds_of_roof(machines->at[m], speed_best_of(machines->at[m], line));
}

/* NaN when nothing of the group was measured. */
static double mean_of(const struct summary *s, int group, size_t machine, measure_of *measure) {
  size_t count = 0;
  for (size_t i = 0; i < s->lines; i++) {
    const double value = is_in(&s->line[i], group) ? measure(s->machines, machine, &s->line[i]) : 0;
    if (value > 0) s->value[count++] = value;
  }
  return geometric_mean(s->value, count);
}

static size_t count_in(const struct speed_line *line, size_t lines, int group) {
  size_t count = 0;
  for (size_t i = 0; i < lines; i++) count += is_in(&line[i], group);
  return count;
}

static void summary_clear(struct summary *s) {
  free(s->line);
  free(s->left_out);
  free(s->value);
  *s = (struct summary){0};
}

/* False when memory ran out. */
static bool summary_make(const struct machines *machines, struct summary *s) {
  struct error error;
  size_t all = 0;
  *s = (struct summary){.machines = machines, .line = speed_lines(machines, &all, &error)};
  s->left_out = memory_array(all + 1, sizeof *s->left_out, &error);
  s->value = memory_array(all + 1, sizeof *s->value, &error);
  if (s->line == NULL || s->left_out == NULL || s->value == NULL) {
    summary_clear(s);
    return false;
  }
  for (size_t i = 0; i < all; i++) {
    if (speed_is_shared(machines, &s->line[i])) {
      s->line[s->lines++] = s->line[i];
    } else {
      s->left_out[s->left_outs++] = s->line[i];
    }
  }
  return true;
}

static void name_columns(const struct machines *machines, bool left_out, struct grid *grid) {
  grid_column(grid, "family");
  grid_column(grid, "n");
  if (left_out) grid_column(grid, "left out");
  for (size_t m = 1; m < machines->count; m++) {
    grid_column(grid, "%c x %c", machines->letter[m], machines->letter[0]);
    grid_column(grid, "%c scalar", machines->letter[m]);
  }
  for (size_t m = 0; m < machines->count; m++) {
    grid_column(grid, "%c gain", machines->letter[m]);
    grid_column(grid, "%c %% peak", machines->letter[m]);
  }
}

static void add_mean(const struct summary *s, int group, size_t machine, measure_of *measure,
                     const char *format, struct grid *grid) {
  grid_add_positive(grid, format, mean_of(s, group, machine, measure));
}

static void add_group(const struct summary *s, int group, bool left_out, struct grid *grid) {
  const size_t count = count_in(s->line, s->lines, group), machines = s->machines->count;
  const size_t without = count_in(s->left_out, s->left_outs, group);
  if (count + (left_out ? without : 0) == 0) return;
  grid_add(grid, "%s", group == GROUP_COLD ? "all, cold operands" : speed_family_names[group]);
  grid_add(grid, "%zu", count);
  if (left_out) grid_add(grid, "%zu", without);
  for (size_t m = 1; m < machines; m++) {
    add_mean(s, group, m, best_ratio, "%.3f", grid);
    add_mean(s, group, m, scalar_ratio, "%.3f", grid);
  }
  for (size_t m = 0; m < machines; m++) {
    add_mean(s, group, m, gain, "%.2f", grid);
    add_mean(s, group, m, of_peak, "%.0f", grid);
  }
}

void speed_summary_fill(const struct machines *machines, bool left_out, struct grid *grid) {
  struct summary s;
  name_columns(machines, left_out, grid);
  if (!summary_make(machines, &s)) {
    grid->failed = true;
    return;
  }
  for (int group = 0; group < GROUPS; group++) add_group(&s, group, left_out, grid);
  summary_clear(&s);
}

void speed_summary_explain(const struct machines *machines, bool differ, struct text *out) {
  const char first = machines->letter[0];
  text_add(out, "Geometric means over n shapes. gain: times as fast as its own scalar kernels.\n");
  text_add(out, "%% peak: of what the machine allows, measured in the same run.\n");
  if (machines->count < 2) return;
  text_add(out,
           "x %c: times as fast as %c, the fastest instruction set of each; scalar: the same\n"
           "of the scalar kernels.%s\n",
           first, first, differ ? " Different machines: gain and % peak are each one's own." : "");
}

void speed_summary_means(const struct machines *machines, struct text *out) {
  struct summary s;
  if (!summary_make(machines, &s)) {
    out->failed = true;
    return;
  }
  for (size_t m = 1; m < machines->count && s.lines > 0; m++) {
    text_add(out,
             "%c: geometric mean %.3f times as fast as %c over %zu kernels and shapes, best "
             "against best\n",
             machines->letter[m], mean_of(&s, GROUP_ALL, m, best_ratio), machines->letter[0],
             s.lines);
  }
  summary_clear(&s);
}

static void left_out_of(const struct summary *s, size_t m, struct text *out) {
  const struct speeds *machine = s->machines->at[m];
  size_t missing = 0, named = 0;
  struct text names = {0};
  for (size_t i = 0; i < s->left_outs; i++) {
    const struct speed_line *line = &s->left_out[i];
    if (speed_best_of(machine, line) != NULL) continue;
    if (++missing > NAMED) continue;
    text_add(&names, "%s %s/%s/%s", named++ > 0 ? "," : "", line->kernel, line->shape,
             line->temperature);
  }
  if (missing > 0) {
    text_add(out, "left out: %zu of %zu kernels and shapes, which %c has no time of:%s", missing,
             s->lines + s->left_outs, s->machines->letter[m], names.failed ? "" : names.text);
    if (missing > NAMED) text_add(out, " and %zu more", missing - NAMED);
    text_add(out, "\n");
  }
  out->failed |= names.failed;
  text_clear(&names);
}

void speed_summary_left_out(const struct machines *machines, struct text *out) {
  struct summary s;
  if (!summary_make(machines, &s)) {
    out->failed = true;
    return;
  }
  for (size_t m = 0; m < machines->count; m++) left_out_of(&s, m, out);
  summary_clear(&s);
}
