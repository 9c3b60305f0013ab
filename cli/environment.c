#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/cli.h"

enum { WIDTH_UNKNOWN = 80, WIDTH_MOST = 65535 };

const char *cli_environment(const char *name) {
  const char *value = getenv(name);
  return value != NULL && value[0] != '\0' ? value : NULL;
}

size_t cli_width(int descriptor) {
  struct winsize size;
  uint64_t columns;
  const char *asked = cli_environment("COLUMNS");
  if (isatty(descriptor) != 1) return 0;
  if (asked != NULL && text_u64(asked, asked + strlen(asked), &columns) && columns > 0 &&
      columns <= WIDTH_MOST) {
    return (size_t)columns;
  }
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return WIDTH_UNKNOWN;
}

const char *cli_data_path(const char *asked, enum data_source source) {
  const bool folder = source == SOURCE_MOVIELENS || source == SOURCE_SYNTHETIC;
  return asked != NULL || !folder ? asked : cli_environment("CROSSLANE_DATA");
}

bool cli_isa(const char *asked, enum isa *isa, struct error *error) {
  if (asked != NULL) return isa_choose(asked, "--isa", isa, error);
  return isa_choose(cli_environment("CROSSLANE_ISA"), "CROSSLANE_ISA", isa, error);
}
