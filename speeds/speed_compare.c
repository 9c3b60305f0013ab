#include "speeds/speed_compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "speeds/speed_report.h"
#include "speeds/speed_statistics.h"

enum { LEVELS = 5 };     /* of struct speed */
#define LISTED_FROM 5.0  /* percent, when none was asked for */
#define NOTED_DRIFT 1.02 /* from which on it is worth a line */

bool compare_read(struct speed_comparison *c, const char *const *paths, size_t count,
                  double fail_above, struct error *error) {
  *c = (struct speed_comparison){.fail_above = fail_above};
  if (count < 2 || count > COMPARE_FILES) {
    return error_set(error, ERROR_USAGE, "compare takes 2 to %d files, found %zu", COMPARE_FILES,
                     count);
  }
  for (; c->files < count; c->files++) {
    if (!speeds_read(paths[c->files], &c->file[c->files], error)) return false;
  }
  for (size_t i = 0; i < count && fail_above >= 0; i++) {
    const struct speeds *file = &c->file[i];
    if (file->launches >= COMPARE_LAUNCHES) continue;
    error_set(error, ERROR_DATA, "%s: holds %u launch%s, --fail-above needs %d", file->path,
              file->launches, file->launches == 1 ? "" : "es", COMPARE_LAUNCHES);
    return error_help(error, "'crosslane bench' without --launches makes as many as are needed");
  }
  return true;
}

void compare_clear(struct speed_comparison *c) {
  for (size_t i = 0; i < c->files; i++) speeds_clear(&c->file[i]);
  *c = (struct speed_comparison){0};
}

/* Noise adds time and takes none off: the least (it is the row's) and the
 * largest of the launches' fastest repetitions. */
struct fastest {
  double low, high;
};

static struct fastest fastest_of(const struct speed *row) {
  struct fastest f = {INFINITY, 0};
  for (size_t i = 0; i < row->count; i++) {
    double own = row->ns[i];
    for (size_t k = 0; k < row->count; k++) {
      if (row->launch[k] == row->launch[i]) own = fmin(own, row->ns[k]);
    }
    f.low = fmin(f.low, own);
    f.high = fmax(f.high, own);
  }
  return f;
}

static bool is_regression(const struct speed *base, const struct speed *other, double percent,
                          double drift) {
  const struct fastest a = fastest_of(base), b = fastest_of(other);
  const double most = drift * (1 + percent / 100);
  const double widest = fmax((a.high - a.low) * drift, b.high - b.low);
  return other->median > base->median * most && b.low > a.low * most &&
         b.low > base->median * drift && other->low > base->high * drift &&
         b.low - a.high * drift >= widest;
}

static bool is_peak(const struct speed *row) {
  return strcmp(row->kernel, "peak") == 0;
}

/* The same benchmark in another file; NULL also where times are no speeds. */
static const struct speed *in_file(const struct speeds *file, const struct speed *row) {
  if (file->emulated) return NULL;
  return speeds_find(file, row->kernel, row->shape, row->temperature, row->isa, row->by);
}

/* The base, or the first file that is not emulated. */
static const struct speeds *base_of(const struct speed_comparison *c) {
  for (size_t i = 0; i < c->files; i++) {
    if (!c->file[i].emulated) return &c->file[i];
  }
  return NULL;
}

static void write_heading(const struct speed_comparison *c, struct text *out) {
  bool differ = false;
  for (size_t i = 0; i < c->files; i++) {
    const struct speeds *f = &c->file[i];
    text_add(out, "%c  %s: %s, %s%s, %s, %u launch%s%s\n", (int)('A' + i), f->path, f->cpu,
             f->commit, f->dirty ? " modified" : "", f->compiler, f->launches,
             f->launches == 1 ? "" : "es",
             f->emulated ? "; emulated: correctness only, no speeds" : "");
    if (!f->emulated) (void)speeds_disturbed(f, out);
    differ |= strcmp(f->cpu, c->file[0].cpu) != 0;
  }
  if (differ) {
    text_add(out,
             "Different machines: compare 'x scalar' and '%% of roof', which are each\n"
             "machine's own; 'x %c' is the ratio of the times themselves.\n",
             (int)('A' + (base_of(c) != NULL ? base_of(c) - c->file : 0)));
  }
  text_add(out, "\n");
}

static void name_columns(const struct speed_comparison *c, const struct speeds *base,
                         struct grid *grid) {
  static const char *const names[] = {"kernel", "shape", "state", "isa", "by"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) grid_column(grid, "%s", names[i]);
  for (size_t i = 0; i < c->files; i++) {
    const int letter = (int)('A' + i);
    if (c->file[i].emulated) {
      grid_column(grid, "%c result", letter);
      continue;
    }
    grid_column(grid, "%c ns", letter);
    grid_column(grid, "%c x scalar", letter);
    grid_column(grid, "%c %% of roof", letter);
    if (&c->file[i] == base) continue;
    grid_column(grid, "%c x %c", letter, (int)('A' + (base - c->file)));
    grid_column(grid, "%c p", letter);
    grid_column(grid, "%c effect", letter);
  }
}

static void add_or_nothing(struct grid *grid, const char *format, double value) {
  if (value > 0) {
    char text[32];
    (void)snprintf(text, sizeof text, format, value);
    grid_add(grid, "%s", text);
  } else {
    grid_add(grid, "%s", "");
  }
}

static const char *correctness(const struct speeds *file, const struct speed *row) {
  for (size_t i = 0; i < file->rows; i++) {
    if (strcmp(file->row[i].name, row->name) != 0) continue;
    return file->row[i].error == NULL ? "right" : "wrong";
  }
  return "";
}

static void add_file(const struct speeds *file, const struct speeds *base,
                     const struct speed *reference, const struct speed *row, struct grid *grid) {
  if (file->emulated) {
    grid_add(grid, "%s", correctness(file, row));
    return;
  }
  const struct speed *own = in_file(file, row);
  add_or_nothing(grid, "%.1f", own != NULL ? own->median : 0);
  add_or_nothing(grid, "%.2f", own != NULL ? speeds_by_scalar(file, own) : 0);
  add_or_nothing(grid, "%.0f", own != NULL ? 100 * speeds_of_roof(file, own) : 0);
  if (file == base) return;
  if (own == NULL || reference == NULL) {
    for (int i = 0; i < 3; i++) grid_add(grid, "%s", "");
    return;
  }
  const struct mann_whitney test =
      mann_whitney(own->ns, own->count, reference->ns, reference->count);
  grid_add(grid, "%.3f", reference->median / own->median);
  grid_add(grid, "%.2g", test.p);
  grid_add(grid, "%+.2f", test.effect);
}

/* Is the benchmark in an earlier file too? Then it has its row already. */
static bool seen_before(const struct speed_comparison *c, size_t file, const char *name) {
  for (size_t i = 0; i < file; i++) {
    for (size_t r = 0; r < c->file[i].rows; r++) {
      if (strcmp(c->file[i].row[r].name, name) == 0) return true;
    }
  }
  return false;
}

static void fill(const struct speed_comparison *c, const struct speeds *base, struct grid *grid) {
  for (size_t i = 0; i < c->files; i++) {
    for (size_t r = 0; r < c->file[i].rows; r++) {
      const struct speed *row = &c->file[i].row[r];
      if (is_peak(row) || seen_before(c, i, row->name)) continue;
      const char *const parts[] = {row->kernel, row->shape, row->temperature, row->isa, row->by};
      for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) grid_add(grid, "%s", parts[p]);
      const struct speed *reference = base != NULL ? in_file(base, row) : NULL;
      for (size_t f = 0; f < c->files; f++) {
        add_file(&c->file[f], base, reference, row, grid);
      }
    }
  }
}

/* Of the kernels that two files have in common, Crosslane's own alone. */
static void write_means(const struct speed_comparison *c, const struct speeds *base,
                        struct text *out) {
  for (size_t f = 0; f < c->files; f++) {
    const struct speeds *file = &c->file[f];
    if (file == base || file->emulated) continue;
    struct error error;
    double *ratios = memory_array(base->rows, sizeof *ratios, &error);
    size_t count = 0;
    for (size_t r = 0; ratios != NULL && r < base->rows; r++) {
      const struct speed *row = &base->row[r], *other = in_file(file, row);
      if (row->count == 0 || row->error != NULL || is_peak(row) || other == NULL) continue;
      if (strcmp(row->by, "crosslane") == 0) ratios[count++] = row->median / other->median;
    }
    out->failed |= ratios == NULL;
    if (count > 0) {
      text_add(out, "%c: geometric mean %.3f times as fast as %c over %zu benchmarks\n",
               (int)('A' + f), geometric_mean(ratios, count), (int)('A' + (base - c->file)), count);
    }
    free(ratios);
  }
}

/* --- what the machine did meanwhile --- */

/* Of others than this project's kernels, however those are compiled. */
static bool is_control(const struct speed *row) {
  return row->count > 0 && row->error == NULL && strcmp(row->by, "crosslane") != 0 &&
         strcmp(row->by, "autovec") != 0;
}

static bool find_drifts(const struct speeds *base, const struct speeds *other, double *drift,
                        struct error *error) {
  double *ratios = memory_array(base->rows, sizeof *ratios, error);
  if (ratios == NULL) return false;
  for (unsigned level = 0; level < LEVELS; level++) {
    size_t count = 0;
    for (size_t r = 0; r < base->rows; r++) {
      const struct speed *row = &base->row[r], *same = in_file(other, row);
      if (row->level == level && is_control(row) && same != NULL) {
        ratios[count++] = fastest_of(same).low / fastest_of(row).low;
      }
    }
    quantile_sort(ratios, count);
    drift[level] = count >= COMPARE_CONTROLS ? fmax(quantile_of(ratios, count, 0.5), 1) : 1;
  }
  free(ratios);
  return true;
}

static void write_drifts(const double *drift, char file, char base, struct text *out) {
  static const char *const names[LEVELS] = {"elsewhere", "L1", "L2", "L3", "memory"};
  const char *between = "";
  for (unsigned level = 0; level < LEVELS; level++) {
    if (drift[level] < NOTED_DRIFT) continue;
    if (*between == '\0')
      text_add(out, "%c: the machine itself was slower than in %c: ", file, base);
    text_add(out, "%s%.3f times in %s", between, drift[level], names[level]);
    between = ", ";
  }
  if (*between != '\0') text_add(out, " (corrected for before a time counts as a regression)\n");
}

static void list_regressions(struct speed_comparison *c, const struct speeds *base, size_t f,
                             const double *drift, struct text *out) {
  const double percent = c->fail_above >= 0 ? c->fail_above : LISTED_FROM;
  const struct speeds *file = &c->file[f];
  for (size_t r = 0; r < base->rows; r++) {
    const struct speed *row = &base->row[r], *other = in_file(file, row);
    if (row->count == 0 || is_peak(row) || other == NULL) continue;
    if (strcmp(row->by, "crosslane") != 0) continue;
    if (!is_regression(row, other, percent, drift[row->level])) continue;
    c->regressions++;
    text_add(out,
             "regression: %c %s: %.1f ns, was %.1f (%+.1f%%; launches %.1f to %.1f, were "
             "%.1f to %.1f)\n",
             (int)('A' + f), row->name, other->median, row->median,
             100 * (other->median / row->median - 1), other->low, other->high, row->low, row->high);
  }
}

/* --- what a gate must not pass over --- */

static const char *why_missing(const struct speeds *file, const struct speed *row) {
  for (size_t i = 0; i < file->rows; i++) {
    const struct speed *other = &file->row[i];
    if (strcmp(other->name, row->name) != 0) continue;
    return other->error != NULL ? other->error : "not timed";
  }
  return "not in the file";
}

/* A kernel that is gone, has another name or failed is no kernel that is as fast as before. */
static void count_compared(struct speed_comparison *c, const struct speeds *base, size_t f,
                           struct text *out) {
  const struct speeds *file = &c->file[f];
  for (size_t r = 0; r < base->rows; r++) {
    const struct speed *row = &base->row[r];
    if (row->count == 0 || row->error != NULL || is_peak(row)) continue;
    if (strcmp(row->by, "crosslane") != 0) continue;
    if (in_file(file, row) != NULL) {
      c->compared++;
      continue;
    }
    c->not_compared++;
    if (c->fail_above < 0) continue;
    text_add(out, "not compared: %c %s: %s\n", (int)('A' + f), row->name,
             file->emulated ? "emulated, so without speeds" : why_missing(file, row));
  }
}

bool compare_passes(const struct speed_comparison *c) {
  return c->fail_above < 0 || (c->regressions == 0 && c->not_compared == 0 && c->compared > 0);
}

static void find_regressions(struct speed_comparison *c, const struct speeds *base,
                             struct text *out) {
  for (size_t f = 0; f < c->files; f++) {
    struct error error;
    double drift[LEVELS];
    if (&c->file[f] == base) continue;
    count_compared(c, base, f, out);
    if (c->file[f].emulated) continue;
    if (!find_drifts(base, &c->file[f], drift, &error)) {
      out->failed = true;
      return;
    }
    write_drifts(drift, (char)('A' + f), (char)('A' + (base - c->file)), out);
    list_regressions(c, base, f, drift, out);
  }
}

void compare_write(struct speed_comparison *c, enum text_table_format format, struct text *out) {
  const struct speeds *base = base_of(c);
  const bool prose = format == TEXT_TABLE_TEXT || format == TEXT_TABLE_MARKDOWN;
  if (prose) write_heading(c, out);
  struct grid grid = {0};
  name_columns(c, base, &grid);
  fill(c, base, &grid);
  if (grid.cells > 0 || !prose) grid_write(&grid, format, out);
  grid_clear(&grid);
  struct text rest = {0};
  if (base != NULL) {
    text_add(&rest, "\n");
    write_means(c, base, &rest);
    find_regressions(c, base, &rest);
  }
  if (c->fail_above >= 0 && c->compared == 0) {
    text_add(&rest, "nothing was compared: --fail-above does not pass\n");
  }
  if (prose && rest.text != NULL) text_add_bytes(out, rest.text, rest.length);
  out->failed |= rest.failed;
  text_clear(&rest);
  for (size_t f = 0; f < c->files && prose; f++) (void)speed_report_faults(&c->file[f], out);
}
