#include "speeds/speed_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct machines machines_of(const struct speeds *file, size_t files) {
  struct machines machines = {.count = 0};
  for (size_t i = 0; i < files; i++) {
    if (file[i].emulated) continue;
    machines.letter[machines.count] = (char)('A' + i);
    machines.at[machines.count++] = &file[i];
  }
  return machines;
}

static bool is_own(const struct speed *row) {
  return row->count > 0 && row->error == NULL && strcmp(row->by, "crosslane") == 0;
}

static bool same(const struct speed_line *line, const struct speed *row) {
  return strcmp(line->kernel, row->kernel) == 0 && strcmp(line->shape, row->shape) == 0 &&
         strcmp(line->temperature, row->temperature) == 0;
}

/* Behind the last line of the same kernel. */
static bool insert(struct speed_line **lines, size_t *count, const struct speed *row,
                   struct error *error) {
  size_t place = *count;
  for (size_t i = 0; i < *count; i++) {
    if (same(&(*lines)[i], row)) return true;
    if (strcmp((*lines)[i].kernel, row->kernel) == 0) place = i + 1;
  }
  struct speed_line *grown = memory_grow(*lines, *count + 1, sizeof *grown, error);
  if (grown == NULL) return false;
  *lines = grown;
  memmove(grown + place + 1, grown + place, (*count - place) * sizeof *grown);
  grown[place] = (struct speed_line){row->kernel, row->shape, row->temperature};
  ++*count;
  return true;
}

struct speed_line *speed_lines(const struct machines *machines, size_t *count,
                               struct error *error) {
  *count = 0;
  struct speed_line *lines = memory_array(1, sizeof *lines, error);
  for (size_t m = 0; lines != NULL && m < machines->count; m++) {
    const struct speeds *machine = machines->at[m];
    for (size_t r = 0; r < machine->rows; r++) {
      if (!is_own(&machine->row[r]) || insert(&lines, count, &machine->row[r], error)) continue;
      free(lines);
      return NULL;
    }
  }
  return lines;
}

const struct speed *speed_of(const struct speeds *machine, const struct speed_line *line,
                             const char *isa) {
  return speeds_find(machine, line->kernel, line->shape, line->temperature, isa, "crosslane");
}

const struct speed *speed_best_of(const struct speeds *machine, const struct speed_line *line) {
  return speeds_best(machine, line->kernel, line->shape, line->temperature, "crosslane");
}

bool speed_is_shared(const struct machines *machines, const struct speed_line *line) {
  for (size_t m = 0; m < machines->count; m++) {
    if (speed_best_of(machines->at[m], line) == NULL) return false;
  }
  return true;
}

bool speed_has_isa(const struct machines *machines, const char *isa) {
  for (size_t m = 0; m < machines->count; m++) {
    for (size_t r = 0; r < machines->at[m]->rows; r++) {
      const struct speed *row = &machines->at[m]->row[r];
      if (is_own(row) && strcmp(row->isa, isa) == 0) return true;
    }
  }
  return false;
}

bool speed_file_has_isa(const struct speeds *file, const char *isa) {
  for (size_t r = 0; r < file->rows; r++) {
    const struct speed *row = &file->row[r];
    if (strcmp(row->by, "crosslane") == 0 && strcmp(row->isa, isa) == 0) return true;
  }
  return false;
}

bool speed_isas_differ(const struct machines *machines) {
  for (size_t i = 0; i < SPEEDS_ISAS; i++) {
    size_t have = 0;
    for (size_t m = 0; m < machines->count; m++) {
      have += speed_file_has_isa(machines->at[m], speeds_isas[i]);
    }
    if (have > 0 && have < machines->count) return true;
  }
  return false;
}
