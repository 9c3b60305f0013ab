#include <stdlib.h>

#include "library/library.h"

#define SAME(kind) _Static_assert((int)CROSSLANE_##kind == (int)kind, #kind)
SAME(ERROR_NONE);
SAME(ERROR_USAGE);
SAME(ERROR_CONFIG);
SAME(ERROR_DATA);
SAME(ERROR_SYSTEM);
SAME(ERROR_TRIAL);
SAME(ERROR_INTERRUPTED);

crosslane_error *crosslane_error_new(void) {
  return calloc(1, sizeof(crosslane_error));
}

void crosslane_error_free(crosslane_error *error) {
  free(error);
}

enum crosslane_error_kind crosslane_error_kind_of(const crosslane_error *error) {
  return error != NULL ? (enum crosslane_error_kind)error->error.kind : CROSSLANE_ERROR_NONE;
}

const char *crosslane_error_message(const crosslane_error *error) {
  return error != NULL ? error->error.message : "";
}

const char *crosslane_error_file(const crosslane_error *error) {
  return error != NULL ? error->file : "";
}

size_t crosslane_error_line(const crosslane_error *error) {
  return error != NULL ? error->error.line : 0;
}

size_t crosslane_error_column(const crosslane_error *error) {
  return error != NULL ? error->error.column : 0;
}
