#include <stdlib.h>

#include "cli/cli.h"

const char *cli_environment(const char *name) {
  const char *value = getenv(name);
  return value != NULL && value[0] != '\0' ? value : NULL;
}

bool cli_isa(const char *asked, enum isa *isa, struct error *error) {
  if (asked != NULL) return isa_choose(asked, "--isa", isa, error);
  return isa_choose(cli_environment("CROSSLANE_ISA"), "CROSSLANE_ISA", isa, error);
}
