#include "speeds/speed_parts.h"

#include <stdio.h>
#include <string.h>

#include "plots/plot_syntax.h"

static const struct {
  const char *name, *title, *unit, *shapes;
} parts[PARTS] = {
    {"kernel_speed_dense", "Kernel speed: dense layers", "GFLOP/s",
     "shape: rows x inputs x outputs; cold: operands from memory"},
    {"kernel_speed_tables", "Kernel speed: rows of embedding and wide tables", "GB/s",
     "shape: dimension and where the table lies, or rows x columns; cold: from memory"},
    {"kernel_speed_vectors", "Kernel speed: activations, interactions, optimizers, losses", "GB/s",
     "shape: rows x columns (x dimension), or elements; cold: operands from memory"},
};

enum speed_part speed_part_of(const char *kernel) {
  if (strncmp(kernel, "dense_", strlen("dense_")) == 0) return PART_DENSE;
  const bool rows = strstr(kernel, "_rows") != NULL;
  const bool tables = strncmp(kernel, "embedding_", strlen("embedding_")) == 0 ||
                      strncmp(kernel, "wide_", strlen("wide_")) == 0;
  return rows || tables ? PART_TABLES : PART_VECTORS;
}

double speed_part_rate(enum speed_part part, const struct speed *row) {
  return (part == PART_DENSE ? row->flop : row->bytes) / row->median;
}

void speed_name_part(enum speed_part part, struct text *name) {
  text_add(name, "%s", parts[part].name);
}

void speed_add_part(enum speed_part part, struct text *variables) {
  plot_add_variable(variables, "title_text", parts[part].title);
  plot_add_variable(variables, "unit", parts[part].unit);
  plot_add_variable(variables, "shapes", parts[part].shapes);
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
