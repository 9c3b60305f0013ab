#include "speeds/speed_compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "speeds/speed_details.h"
#include "speeds/speed_report.h"
#include "speeds/speed_statistics.h"
#include "speeds/speed_summary.h"

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

/* The base, or the first file that is not emulated. */
static const struct speeds *base_of(const struct speed_comparison *c) {
  for (size_t i = 0; i < c->files; i++) {
    if (!c->file[i].emulated) return &c->file[i];
  }
  return NULL;
}

static bool machines_differ(const struct speed_comparison *c) {
  for (size_t i = 1; i < c->files; i++) {
    if (strcmp(c->file[i].cpu, c->file[0].cpu) != 0) return true;
  }
  return false;
}

static void write_heading(const struct speed_comparison *c, struct text *out) {
  for (size_t i = 0; i < c->files; i++) {
    const struct speeds *f = &c->file[i];
    text_add(out, "%c  %s: %s", (int)('A' + i), f->path, f->cpu);
    for (size_t isa = 0; isa < SPEEDS_ISAS; isa++) {
      if (speed_file_has_isa(f, speeds_isas[isa])) text_add(out, " %s", speeds_isas[isa]);
    }
    text_add(out, ", %s%s, %s, %u launch%s%s\n", f->commit, f->dirty ? " modified" : "",
             f->compiler, f->launches, f->launches == 1 ? "" : "es",
             f->emulated ? "; emulated: correctness only, no speeds" : "");
  }
  text_add(out, "\n");
}

static void write_summary(const struct speed_comparison *c, const struct machines *machines,
                          const struct compare_form *form, bool prose, struct text *out) {
  struct grid grid = {0};
  speed_summary_fill(machines, !prose, &grid);
  if (grid.cells > 0 || !prose) grid_write(&grid, form->format, form->width, out);
  if (grid.cells > 0 && prose) {
    text_add(out, "\n");
    speed_summary_explain(machines, machines_differ(c), out);
  }
  grid_clear(&grid);
}

static void write_details(const struct speed_comparison *c, const struct compare_form *form,
                          bool prose, struct text *out) {
  struct grid grid = {0};
  speed_details_fill(c->file, c->files, base_of(c), !prose, &grid);
  if (prose) text_add(out, "\n");
  if (grid.cells > 0 || !prose) grid_write(&grid, form->format, form->width, out);
  grid_clear(&grid);
}

static void count_results(const struct speeds *file, char letter, struct text *out) {
  size_t right = 0, wrong = 0;
  for (size_t r = 0; r < file->rows; r++) {
    const struct speed *row = &file->row[r];
    if (speed_details_is_peak(row)) continue;
    right += row->error == NULL;
    wrong += row->error != NULL;
  }
  text_add(out, "%c: emulated; %zu results right, %zu wrong\n", letter, right, wrong);
}

/* Of the benchmarks that two files have in common, Crosslane's own alone. */
static void write_means(const struct speed_comparison *c, const struct speeds *base,
                        struct text *out) {
  for (size_t f = 0; f < c->files; f++) {
    const struct speeds *file = &c->file[f];
    if (file == base || file->emulated) continue;
    struct error error;
    double *ratios = memory_array(base->rows, sizeof *ratios, &error);
    size_t count = 0;
    for (size_t r = 0; ratios != NULL && r < base->rows; r++) {
      const struct speed *row = &base->row[r], *other = speed_details_same(file, row);
      if (row->count == 0 || row->error != NULL || speed_details_is_peak(row) || other == NULL) {
        continue;
      }
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
      const struct speed *row = &base->row[r], *same = speed_details_same(other, row);
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
    const struct speed *row = &base->row[r], *other = speed_details_same(file, row);
    if (row->count == 0 || speed_details_is_peak(row) || other == NULL) continue;
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
    if (row->count == 0 || row->error != NULL || speed_details_is_peak(row)) continue;
    if (strcmp(row->by, "crosslane") != 0) continue;
    if (speed_details_same(file, row) != NULL) {
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
    /* Another machine is no regression, but where it is asked for. */
    if (c->file[f].emulated || (c->fail_above < 0 && machines_differ(c))) continue;
    if (!find_drifts(base, &c->file[f], drift, &error)) {
      out->failed = true;
      return;
    }
    write_drifts(drift, (char)('A' + f), (char)('A' + (base - c->file)), out);
    list_regressions(c, base, f, drift, out);
  }
}

/* What is said below the tables, and found for the gate. */
static void write_findings(struct speed_comparison *c, const struct machines *machines,
                           struct text *out) {
  const struct speeds *base = base_of(c);
  text_add(out, "\n");
  for (size_t f = 0; f < c->files; f++) {
    const struct speeds *file = &c->file[f];
    const int letter = (int)('A' + f);
    if (file->emulated) {
      count_results(file, (char)letter, out);
    } else if (speeds_disturbed(file, NULL)) {
      text_add(out, "%c was measured on a busy machine:\n", letter);
      (void)speeds_disturbed(file, out);
    }
  }
  speed_summary_left_out(machines, out);
  if (base != NULL && speed_isas_differ(machines)) speed_summary_means(machines, out);
  if (base != NULL && !speed_isas_differ(machines)) write_means(c, base, out);
  if (base != NULL) find_regressions(c, base, out);
  if (c->fail_above >= 0 && c->compared == 0) {
    text_add(out, "nothing was compared: --fail-above does not pass\n");
  }
}

void compare_write(struct speed_comparison *c, const struct compare_form *form, struct text *out) {
  const struct machines machines = machines_of(c->file, c->files);
  const bool prose = form->format == TEXT_TABLE_TEXT || form->format == TEXT_TABLE_MARKDOWN;
  if (prose) write_heading(c, out);
  if (prose || !form->all) write_summary(c, &machines, form, prose, out);
  if (form->all) write_details(c, form, prose, out);
  struct text findings = {0};
  write_findings(c, &machines, &findings);
  if (prose && findings.text != NULL) text_add_bytes(out, findings.text, findings.length);
  out->failed |= findings.failed;
  text_clear(&findings);
  for (size_t f = 0; f < c->files && prose; f++) (void)speed_report_faults(&c->file[f], out);
}
