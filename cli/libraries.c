#include "cli/libraries.h"

#include <jansson.h>
#include <libfyaml.h>
#include <sleef.h>
#include <sqlite3.h>
#include <xxhash.h>

void libraries_add(struct text *text) {
  const unsigned xxhash = XXH_versionNumber(); /* 801: 0.8.1 */
  text_add(text, "jansson %s, libfyaml %s, SLEEF %d.%d.%d, SQLite %s, xxHash %u.%u.%u",
           jansson_version_str(), fy_library_version(), SLEEF_VERSION_MAJOR, SLEEF_VERSION_MINOR,
           SLEEF_VERSION_PATCHLEVEL, sqlite3_libversion(), xxhash / 10000, xxhash / 100 % 100,
           xxhash % 100);
}
