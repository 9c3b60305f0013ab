#include "results/plot_importance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* --- a full grid --- */

static double mean_of_cells(const struct summary *summary, const size_t *grid, size_t cells) {
  double sum = 0;
  for (size_t i = 0; i < cells; i++) sum += summary->row[grid[i]].mse;
  return sum / (double)cells;
}

static double variance_of_cells(const struct summary *summary, const size_t *grid, size_t cells,
                                double mean) {
  double squares = 0;
  for (size_t i = 0; i < cells; i++) {
    double away = summary->row[grid[i]].mse - mean;
    squares += away * away;
  }
  return squares / (double)cells;
}

/* Variance of the means over an axis of `values` values, of which neighbours
 * stand `stride` cells apart. */
static double main_effect(const struct summary *summary, const size_t *grid, size_t cells,
                          size_t values, size_t stride, double mean) {
  double squares = 0;
  for (size_t v = 0; v < values; v++) {
    double sum = 0;
    for (size_t i = 0; i < cells; i++) {
      if (i / stride % values == v) sum += summary->row[grid[i]].mse;
    }
    double away = sum / (double)(cells / values) - mean;
    squares += away * away;
  }
  return squares / (double)values;
}

static bool of_grid(struct importance *importance, const struct plot_axes *axes,
                    const struct summary *summary, const size_t *grid, size_t cells) {
  double mean = mean_of_cells(summary, grid, cells);
  double variance = variance_of_cells(summary, grid, cells, mean);
  importance->grid = true;
  importance->rows = cells;
  if (!(variance > 0)) return false;
  importance->interactions = 1;
  size_t stride = cells;
  for (size_t a = 0; a < axes->count; a++) {
    stride /= axes->axis[a].values;
    double effect = main_effect(summary, grid, cells, axes->axis[a].values, stride, mean);
    importance->share[a] = effect / variance;
    importance->interactions -= effect / variance;
  }
  if (importance->interactions < 0) importance->interactions = 0;
  return true;
}

/* --- each axis alone --- */

static size_t rank_of(const struct plot_axis *axis, const size_t *rows, size_t count, size_t row) {
  size_t before = 0;
  for (size_t i = 0; i < count; i++) before += axis->of[rows[i]] < axis->of[row];
  return before;
}

static size_t group_of(const struct plot_axis *axis, const size_t *rows, size_t count, size_t row) {
  if (!axis->numeric || axis->values <= IMPORTANCE_GROUPS) return axis->of[row];
  return rank_of(axis, rows, count, row) * IMPORTANCE_GROUPS / count;
}

/* Total and within-group sums of squares of the rows' MSE. */
struct squares {
  double total, within;
  size_t groups;
};

static struct squares squares_of(const struct summary *summary, const size_t *rows,
                                 const size_t *group, size_t count) {
  struct squares squares = {0};
  double mean = 0;
  for (size_t i = 0; i < count; i++) mean += summary->row[rows[i]].mse / (double)count;
  for (size_t i = 0; i < count; i++) {
    double sum = 0, members = 0;
    bool first = true;
    for (size_t k = 0; k < count; k++) {
      if (group[k] != group[i]) continue;
      first = first && k >= i;
      sum += summary->row[rows[k]].mse;
      members++;
    }
    double mse = summary->row[rows[i]].mse, away = mse - sum / members;
    squares.groups += first;
    squares.within += away * away;
    squares.total += (mse - mean) * (mse - mean);
  }
  return squares;
}

static bool of_axes(struct importance *importance, const struct plot_axes *axes,
                    const struct summary *summary, const size_t *rows, size_t *group,
                    size_t count) {
  importance->rows = count;
  for (size_t a = 0; a < axes->count; a++) {
    for (size_t i = 0; i < count; i++) group[i] = group_of(&axes->axis[a], rows, count, rows[i]);
    struct squares squares = squares_of(summary, rows, group, count);
    if (!(squares.total > 0)) return false;
    double between = squares.total - squares.within;
    double share = 0;
    if (squares.groups < count) {
      double noise = squares.within / (double)(count - squares.groups);
      share = (between - (double)(squares.groups - 1) * noise) / squares.total;
    }
    importance->share[a] = share > 0 ? share : 0;
  }
  return true;
}

static size_t complete_rows(const struct plot_axes *axes, const struct summary *summary,
                            size_t *rows) {
  size_t count = 0;
  for (size_t i = 0; i < summary->rows; i++) {
    bool complete = summary_finished(&summary->row[i]);
    for (size_t a = 0; a < axes->count; a++) {
      complete = complete && axes->axis[a].of[i] != PLOT_NO_VALUE;
    }
    if (complete) rows[count++] = i;
  }
  return count;
}

/* --- luck --- */

static bool same_splits(const struct summary *summary, const size_t *rows, size_t count) {
  const struct summary_row *first = &summary->row[rows[0]];
  for (size_t i = 1; i < count; i++) {
    const struct summary_row *row = &summary->row[rows[i]];
    if (row->trials != first->trials) return false;
    for (size_t t = 0; t < row->trials; t++) {
      const struct record *a = &summary->records.record[first->trial[t]];
      const struct record *b = &summary->records.record[row->trial[t]];
      if (a->seed != b->seed || strcmp(a->fold, b->fold) != 0) return false;
    }
  }
  return first->trials > 1;
}

/* Architecture x split without replicates: what neither explains. */
static double luck_of(const struct summary *summary, const size_t *rows, size_t count) {
  if (count < 2 || !same_splits(summary, rows, count)) return NAN;
  size_t splits = summary->row[rows[0]].trials;
  double mean = 0, variance = 0, residual = 0;
  for (size_t i = 0; i < count; i++) mean += summary->row[rows[i]].mse / (double)count;
  for (size_t t = 0; t < splits; t++) {
    double split = 0;
    for (size_t i = 0; i < count; i++) {
      split += summary->records.record[summary->row[rows[i]].trial[t]].mse / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
      const struct summary_row *row = &summary->row[rows[i]];
      double left = summary->records.record[row->trial[t]].mse - row->mse - split + mean;
      residual += left * left;
    }
  }
  for (size_t i = 0; i < count; i++) {
    double away = summary->row[rows[i]].mse - mean;
    variance += away * away / (double)(count - 1);
  }
  double of_mean = residual / (double)((count - 1) * (splits - 1)) / (double)splits;
  return variance > 0 ? fmin(of_mean / variance, 1) : NAN;
}

static bool decide(struct importance *importance, const struct plot_axes *axes,
                   const struct summary *summary, const size_t *grid, size_t cells, size_t *rows,
                   size_t *group, struct text *why) {
  size_t count = complete_rows(axes, summary, rows);
  bool known = false;
  if (grid != NULL) {
    known = of_grid(importance, axes, summary, grid, cells);
  } else if (count < IMPORTANCE_ROWS || count < IMPORTANCE_ROWS_A_KEY * axes->count) {
    text_add(why, "not a full grid, and %zu architectures are too few for %zu keys", count,
             axes->count);
    return false;
  } else {
    known = of_axes(importance, axes, summary, rows, group, count);
  }
  if (!known) text_add(why, "all have the same test MSE");
  importance->luck = known ? luck_of(summary, rows, count) : NAN;
  return known;
}

bool importance_init(struct importance *importance, const struct plot_axes *axes,
                     const struct summary *summary, bool *known, struct text *why,
                     struct error *error) {
  *importance = (struct importance){.interactions = NAN, .luck = NAN};
  *known = false;
  if (axes->count < 2) {
    text_add(why, "fewer than two keys are swept");
    return true;
  }
  size_t cells, *grid;
  if (!plot_axes_grid(axes, summary, &grid, &cells, error)) return false;
  importance->share = memory_array(axes->count, sizeof *importance->share, error);
  size_t *rows = memory_array(summary->rows, sizeof *rows, error);
  size_t *group = memory_array(summary->rows, sizeof *group, error);
  bool good = importance->share != NULL && rows != NULL && group != NULL;
  if (good) *known = decide(importance, axes, summary, grid, cells, rows, group, why);
  free(rows);
  free(group);
  free(grid);
  return good;
}

void importance_clear(struct importance *importance) {
  free(importance->share);
  *importance = (struct importance){0};
}
