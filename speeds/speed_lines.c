#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "plots/plot_syntax.h"
#include "speeds/speed_parts.h"

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

bool speed_has_isa(const struct machines *machines, const char *isa) {
  for (size_t m = 0; m < machines->count; m++) {
    for (size_t r = 0; r < machines->at[m]->rows; r++) {
      const struct speed *row = &machines->at[m]->row[r];
      if (is_own(row) && strcmp(row->isa, isa) == 0) return true;
    }
  }
  return false;
}

static void add_numbered(struct text *out, const char *name, size_t number, const char *value) {
  char variable[32];
  (void)snprintf(variable, sizeof variable, "%s_%zu", name, number);
  plot_add_variable(out, variable, value);
}

void speed_add_machine(const struct speeds *machine, size_t number, struct text *variables) {
  const char *slash = strrchr(machine->path, '/');
  struct text build = {0};
  text_add(&build, "%s, %s%s, %u launch%s%s", slash != NULL ? slash + 1 : machine->path,
           machine->commit, machine->dirty ? " modified" : "", machine->launches,
           machine->launches == 1 ? "" : "es",
           speeds_disturbed(machine, NULL) ? ", BESIDE OTHER PROCESSES" : "");
  add_numbered(variables, "machine", number, machine->cpu);
  add_numbered(variables, "build", number, build.failed ? "" : build.text);
  variables->failed |= build.failed;
  text_clear(&build);
}
