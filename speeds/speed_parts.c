#include "speeds/speed_parts.h"

#include <string.h>

#include "plots/plot_syntax.h"

static const struct {
  const char *name, *title, *unit, *shapes;
} parts[PARTS] = {
    {"kernel_speed_dense", "dense layers", "GFLOP/s",
     "shape: rows x inputs x outputs; cold: operands from memory"},
    {"kernel_speed_tables", "rows of embedding and wide tables", "GB/s",
     "shape: dimension and where the table lies, or rows x columns; cold: from memory"},
    {"kernel_speed_vectors", "activations, interactions, optimizers, losses", "GB/s",
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

const char *speed_part_title(enum speed_part part) {
  return parts[part].title;
}

void speed_add_part(enum speed_part part, struct text *variables) {
  plot_add_variable(variables, "unit", parts[part].unit);
  plot_add_variable(variables, "shapes", parts[part].shapes);
}

void speed_add_build(const struct speeds *machine, struct text *out) {
  const char *slash = strrchr(machine->path, '/');
  text_add(out, "%s, %s%s, %u launch%s%s", slash != NULL ? slash + 1 : machine->path,
           machine->commit, machine->dirty ? " modified" : "", machine->launches,
           machine->launches == 1 ? "" : "es",
           speeds_disturbed(machine, NULL) ? ", BESIDE OTHER PROCESSES" : "");
}
