#include "cli/json_memory.h"

#include <unistd.h>

#include "base/json_parse.h"
#include "cli/cli.h"

static void end(size_t bytes) {
  struct error error = {0};
  error_set(&error, ERROR_SYSTEM, "out of memory: %zu bytes", bytes);
  _exit(cli_fail(&error));
}

void json_memory_start(void) {
  json_parse_on_exhausted(end);
}
