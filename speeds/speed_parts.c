#include "speeds/speed_parts.h"

#include <stdio.h>
#include <string.h>

#include "plots/plot_syntax.h"

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
