#include "speeds/speed_details.h"

#include <string.h>

#include "speeds/speed_families.h"
#include "speeds/speed_lines.h"
#include "speeds/speed_statistics.h"

struct details {
  const struct speeds *file, *base;
  size_t files;
  bool differ; /* the instruction sets */
  bool families;
  struct grid *grid;
};

bool speed_details_is_peak(const struct speed *row) {
  return strcmp(row->kernel, "peak") == 0;
}

const struct speed *speed_details_same(const struct speeds *file, const struct speed *row) {
  if (file->emulated) return NULL;
  return speeds_find(file, row->kernel, row->shape, row->temperature, row->isa, row->by);
}

static const struct speed *best_in(const struct speeds *file, const struct speed *row) {
  if (file->emulated) return NULL;
  return speeds_best(file, row->kernel, row->shape, row->temperature, row->by);
}

/* The same but for the instruction set. */
static bool is_alike(const struct speed *a, const struct speed *b) {
  return strcmp(a->kernel, b->kernel) == 0 && strcmp(a->shape, b->shape) == 0 &&
         strcmp(a->temperature, b->temperature) == 0 && strcmp(a->by, b->by) == 0;
}

static void name_columns(const struct details *d) {
  static const char *const names[] = {"kernel", "shape", "state", "isa", "by"};
  if (d->families) grid_column(d->grid, "family");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) grid_column(d->grid, "%s", names[i]);
  for (size_t i = 0; i < d->files; i++) {
    const int letter = (int)('A' + i);
    if (d->file[i].emulated) {
      grid_column(d->grid, "%c result", letter);
      continue;
    }
    if (d->differ) grid_column(d->grid, "%c isa", letter);
    grid_column(d->grid, "%c ns", letter);
    grid_column(d->grid, "%c x scalar", letter);
    grid_column(d->grid, "%c %% of roof", letter);
    if (&d->file[i] == d->base) continue;
    grid_column(d->grid, "%c x %c", letter, (int)('A' + (d->base - d->file)));
    grid_column(d->grid, "%c p", letter);
    grid_column(d->grid, "%c effect", letter);
  }
}

static const char *correctness(const struct speeds *file, const struct speed *row, bool best) {
  const char *result = "";
  for (size_t i = 0; i < file->rows; i++) {
    const struct speed *own = &file->row[i];
    if (best ? !is_alike(own, row) : strcmp(own->name, row->name) != 0) continue;
    if (own->error != NULL) return "wrong";
    result = "right";
  }
  return result;
}

static void add_file(const struct details *d, const struct speeds *file,
                     const struct speed *reference, const struct speed *row, bool best) {
  struct grid *grid = d->grid;
  if (file->emulated) {
    grid_add(grid, "%s", correctness(file, row, best));
    return;
  }
  const struct speed *own = best ? best_in(file, row) : speed_details_same(file, row);
  if (d->differ) grid_add(grid, "%s", own != NULL ? own->isa : "");
  grid_add_positive(grid, "%.1f", own != NULL ? own->median : 0);
  grid_add_positive(grid, "%.2f", own != NULL ? speeds_by_scalar(file, own) : 0);
  grid_add_positive(grid, "%.0f", own != NULL ? 100 * speeds_of_roof(file, own) : 0);
  if (file == d->base) return;
  if (own == NULL || reference == NULL) {
    for (int i = 0; i < 3; i++) grid_add(grid, "%s", "");
    return;
  }
  const struct mann_whitney test =
      mann_whitney(own->ns, own->count, reference->ns, reference->count);
  grid_add(grid, "%.3f", reference->median / own->median);
  grid_add(grid, "%.2g", test.p);
  grid_add(grid, "%.2f", test.effect);
}

static void add_row(const struct details *d, const struct speed *row, bool best) {
  const struct speed *reference = NULL;
  if (d->base != NULL) reference = best ? best_in(d->base, row) : speed_details_same(d->base, row);
  if (d->families) {
    grid_add(d->grid, "%s", speed_family_names[speed_family_of(row->kernel)]);
  }
  grid_add(d->grid, "%s", row->kernel);
  grid_add(d->grid, "%s", row->shape);
  grid_add(d->grid, "%s", row->temperature);
  grid_add(d->grid, "%s", best ? "best" : row->isa);
  grid_add(d->grid, "%s", row->by);
  for (size_t f = 0; f < d->files; f++) add_file(d, &d->file[f], reference, row, best);
}

/* Does a row before this one stand for it already? */
static bool seen_before(const struct details *d, size_t file, size_t at, bool best) {
  const struct speed *row = &d->file[file].row[at];
  for (size_t f = 0; f <= file; f++) {
    const size_t end = f < file ? d->file[f].rows : at;
    for (size_t r = 0; r < end; r++) {
      const struct speed *other = &d->file[f].row[r];
      if (best ? is_alike(other, row) : strcmp(other->name, row->name) == 0) return true;
    }
  }
  return false;
}

static bool several_have(const struct details *d, const char *isa) {
  size_t have = 0;
  for (size_t f = 0; f < d->files; f++) have += speed_file_has_isa(&d->file[f], isa);
  return have > 1;
}

static void add_rows(const struct details *d, bool best) {
  for (size_t f = 0; f < d->files; f++) {
    for (size_t r = 0; r < d->file[f].rows; r++) {
      const struct speed *row = &d->file[f].row[r];
      if (speed_details_is_peak(row) || seen_before(d, f, r, best)) continue;
      if (best || !d->differ || several_have(d, row->isa)) add_row(d, row, best);
    }
  }
}

void speed_details_fill(const struct speeds *file, size_t files, const struct speeds *base,
                        bool families, struct grid *grid) {
  const struct machines machines = machines_of(file, files);
  const struct details d = {.file = file,
                            .base = base,
                            .files = files,
                            .differ = speed_isas_differ(&machines),
                            .families = families,
                            .grid = grid};
  name_columns(&d);
  if (d.differ) add_rows(&d, true);
  add_rows(&d, false);
}
