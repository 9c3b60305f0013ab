#include <stdlib.h>

#include "cli/cli.h"

const char *cli_environment(const char *name) {
  const char *value = getenv(name);
  return value != NULL && value[0] != '\0' ? value : NULL;
}

const char *cli_data_path(const char *asked, enum data_source source) {
  const bool folder = source == SOURCE_MOVIELENS || source == SOURCE_SYNTHETIC;
  return asked != NULL || !folder ? asked : cli_environment("CROSSLANE_DATA");
}

bool cli_isa(const char *asked, enum isa *isa, struct error *error) {
  if (asked != NULL) return isa_choose(asked, "--isa", isa, error);
  return isa_choose(cli_environment("CROSSLANE_ISA"), "CROSSLANE_ISA", isa, error);
}
