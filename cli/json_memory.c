#include "cli/json_memory.h"

#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"

static void *allocate(size_t bytes) {
  void *memory = malloc(bytes);
  if (memory == NULL) {
    struct error error = {0};
    error_set(&error, ERROR_SYSTEM, "out of memory: %zu bytes", bytes);
    _exit(cli_fail(&error));
  }
  return memory;
}

void json_memory_start(void) {
  json_set_alloc_funcs(allocate, free);
}
