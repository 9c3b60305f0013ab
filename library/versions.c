#include "base/build.h"
#include "crosslane/isa.h"
#include "crosslane/version.h"
#include "kernels/isa.h"
#include "model/model_spec.h"

#include <string.h>

const char *crosslane_version(void) {
  return build_version();
}

const char *crosslane_commit(void) {
  return build_commit();
}

unsigned crosslane_numerics_version(void) {
  return NUMERICS_VERSION;
}

size_t crosslane_isas(void) {
  return ISA_COUNT;
}

const char *crosslane_isa_name(size_t i) {
  return i < ISA_COUNT ? isa_name((enum isa)i) : NULL;
}

int crosslane_isa_runs_here(const char *name) {
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    if (strcmp(name, isa_name(isa)) == 0) return isa_runs_here(isa);
  }
  return 0;
}

const char *crosslane_isa_best(void) {
  return isa_name(isa_best());
}
