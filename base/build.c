#include "base/build.h"

#include <string.h>

#include "commit.h" /* made by the build from the version control */

/* git describe --always --dirty: "0123456789ab" or "0123456789ab-dirty". */
static const char described[] = CROSSLANE_COMMIT;
static const char dirty_suffix[] = "-dirty";

static size_t commit_length(void) {
  size_t length = strlen(described), suffix = strlen(dirty_suffix);
  bool dirty = length > suffix && strcmp(described + length - suffix, dirty_suffix) == 0;
  return dirty ? length - suffix : length;
}

const char *build_version(void) {
  return CROSSLANE_VERSION;
}

const char *build_commit(void) {
  static char commit[sizeof described];
  memcpy(commit, described, commit_length());
  return commit;
}

bool build_dirty(void) {
  return commit_length() < strlen(described);
}

const char *build_compiler(void) {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "gcc " __VERSION__;
#endif
}

const char *build_flags(void) {
  return CROSSLANE_FLAGS;
}

json_t *build_json(void) {
  return json_pack("{s:s, s:s, s:b, s:s, s:s}", "version", build_version(), "commit",
                   build_commit(), "dirty", (int)build_dirty(), "compiler", build_compiler(),
                   "flags", build_flags());
}
