#include "speeds/speed_report.h"

#include <string.h>

#include "speeds/grid.h"

static bool is_ours(const struct speed *row) {
  return row->count > 0 && row->error == NULL && strcmp(row->by, "crosslane") == 0;
}

static const struct speed *same_but(const struct speeds *s, const struct speed *row,
                                    const char *isa, const char *by) {
  return speeds_find(s, row->kernel, row->shape, row->temperature, isa, by);
}

/* What another program's work is to be compared with. */
enum role {
  ROLE_BARE,  /* the kernel, without the bias and relu that it includes */
  ROLE_FUSED, /* with both */
  ROLE_PACKED /* bare, from operands that were brought into its own layout before */
};

static enum role role_of(const struct speed *row) {
  if (strstr(row->by, "-packed") != NULL) return ROLE_PACKED;
  return strstr(row->by, "+relu") != NULL ? ROLE_FUSED : ROLE_BARE;
}

/* The fastest of the others at the same instruction set: libraries and the
 * bench's own loops. */
static const struct speed *best_peer(const struct speeds *s, const struct speed *row,
                                     enum role role) {
  const struct speed *best = NULL;
  for (size_t i = 0; i < s->rows; i++) {
    const struct speed *other = &s->row[i];
    if (other->count == 0 || other->error != NULL || strcmp(other->by, "crosslane") == 0 ||
        strcmp(other->by, "autovec") == 0 || strcmp(other->isa, row->isa) != 0 ||
        strcmp(other->kernel, row->kernel) != 0 || strcmp(other->shape, row->shape) != 0 ||
        strcmp(other->temperature, row->temperature) != 0) {
      continue;
    }
    if (role_of(other) != role) continue;
    if (best == NULL || other->median < best->median) best = other;
  }
  return best;
}

static void add_row(const struct speeds *s, const struct speed *row, struct grid *grid) {
  const bool compute = strncmp(row->kernel, "dense_", 6) == 0;
  const struct speed *autovec = same_but(s, row, row->isa, "autovec");
  const struct speed *peer = best_peer(s, row, ROLE_BARE), *fused = best_peer(s, row, ROLE_FUSED),
                     *packed = best_peer(s, row, ROLE_PACKED);
  grid_add(grid, "%s", row->kernel);
  grid_add(grid, "%s", row->shape);
  grid_add(grid, "%s", row->temperature);
  grid_add(grid, "%s", row->isa);
  grid_add(grid, "%.1f", row->median);
  grid_add(grid, "%.1f", 100 * row->spread);
  grid_add(grid, "%.1f", (compute ? row->flop : row->bytes) / row->median);
  grid_add(grid, "%s", compute ? "GFLOP/s" : "GB/s");
  grid_add_positive(grid, "%.0f", 100 * speeds_of_roof(s, row));
  grid_add_positive(grid, "%.2f", speeds_by_scalar(s, row));
  grid_add_positive(grid, "%.2f", autovec != NULL ? autovec->median / row->median : 0);
  grid_add(grid, "%s", peer != NULL ? peer->by : "");
  grid_add_positive(grid, "%.2f", peer != NULL ? peer->median / row->median : 0);
  grid_add(grid, "%s", fused != NULL ? fused->by : "");
  grid_add_positive(grid, "%.2f", fused != NULL ? fused->median / row->median : 0);
  grid_add_positive(grid, "%.2f", packed != NULL ? packed->median / row->median : 0);
  grid_add(grid, "%s", speeds_doubt(s, row));
}

static void add_peaks(const struct speeds *s, struct text *out) {
  for (size_t i = 0; i < SPEEDS_ISAS; i++) {
    double flop = speeds_peak_flop(s, speeds_isas[i]);
    if (flop <= 0) continue;
    text_add(out, "peak       %-7s %7.1f GFLOP/s; GB/s: L1 %.0f, L2 %.0f, L3 %.0f, memory %.1f\n",
             speeds_isas[i], flop, speeds_peak_bytes(s, speeds_isas[i], 1),
             speeds_peak_bytes(s, speeds_isas[i], 2), speeds_peak_bytes(s, speeds_isas[i], 3),
             speeds_peak_bytes(s, speeds_isas[i], 4));
  }
}

static void add_warnings(const struct speeds *s, struct text *out) {
  size_t wide = 0, timed = 0, loaded = 0;
  const struct speed *worst = NULL;
  for (size_t i = 0; i < s->rows; i++) {
    const struct speed *row = &s->row[i];
    if (row->count == 0) continue;
    timed++;
    wide += row->spread > SPEED_SPREAD_LARGE;
    loaded += row->busy < SPEED_BUSY_LOW;
    if (worst == NULL || row->spread > worst->spread) worst = row;
  }
  if (wide > 0) {
    text_add(out, "warning: %zu of %zu medians have a spread above %.0f%%, the worst %.0f%% (%s)\n",
             wide, timed, 100 * SPEED_SPREAD_LARGE, 100 * worst->spread, worst->name);
  }
  if (loaded * 10 > timed) {
    text_add(out, "warning: other processes had more than %.0f%% of the time in %zu of %zu\n",
             100 * (1 - SPEED_BUSY_LOW), loaded, timed);
  }
  (void)speeds_disturbed(s, out);
}

size_t speed_report_faults(const struct speeds *s, struct text *out) {
  size_t faults = 0;
  for (size_t i = 0; i < s->rows; i++) {
    if (s->row[i].error == NULL) continue;
    text_add(out, "not timed: %s: %s\n", s->row[i].name, s->row[i].error);
    faults++;
  }
  return faults;
}

void speed_report_write(const struct speeds *s, size_t width, struct text *out) {
  text_add(out, "processor  %s%s\n", s->cpu, s->emulated ? " (emulated)" : "");
  text_add(out, "build      %s%s; %s; %s\n", s->commit, s->dirty ? ", modified" : "", s->compiler,
           s->flags);
  if (s->emulated) {
    text_add(out, "This machine is emulated: times are not meaningful, and are not shown.\n");
    (void)speed_report_faults(s, out);
    return;
  }
  add_peaks(s, out);
  text_add(
      out,
      "\nTimes are medians of %u launch%s, CPU time of one call; +-%% is half the\n"
      "interquartile range. x NAME: how many times as fast as NAME. best peer: the fastest\n"
      "other code without bias and relu, which the kernel includes; best fused: with both;\n"
      "packed: a library that laid its weights out before, which the kernel does not.\n"
      "%% of roof: only where the machine's peaks are the limit. doubt: the row is faster than\n"
      "its roof allows, or others disturbed it.\n\n",
      s->launches, s->launches == 1 ? "" : "es");
  static const char *const names[] = {"kernel",    "shape",     "state",  "isa",        "ns",
                                      "+-%",       "rate",      "unit",   "% of roof",  "x scalar",
                                      "x autovec", "best peer", "x peer", "best fused", "x fused",
                                      "x packed",  "doubt"};
  struct grid grid = {0};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) grid_column(&grid, "%s", names[i]);
  for (size_t k = 0; k < s->rows; k++) {
    /* One kernel and shape after the other, whatever order they ran in. */
    const struct speed *first = &s->row[k];
    bool seen = !is_ours(first);
    for (size_t before = 0; before < k && !seen; before++) {
      const struct speed *row = &s->row[before];
      seen = is_ours(row) && strcmp(row->kernel, first->kernel) == 0 &&
             strcmp(row->shape, first->shape) == 0 &&
             strcmp(row->temperature, first->temperature) == 0;
    }
    for (size_t i = 0; i < SPEEDS_ISAS && !seen; i++) {
      const struct speed *row = same_but(s, first, speeds_isas[i], "crosslane");
      if (row != NULL) add_row(s, row, &grid);
    }
  }
  if (grid.cells > 0) grid_write(&grid, TEXT_TABLE_TEXT, width, out);
  grid_clear(&grid);
  text_add(out, "\n");
  (void)speed_report_faults(s, out);
  add_warnings(s, out);
}
