/* What this program was built from, and how. */
#ifndef CROSSLANE_BASE_BUILD_H
#define CROSSLANE_BASE_BUILD_H

#include <jansson.h>
#include <stdbool.h>

#define CROSSLANE_COPYRIGHT "Copyright (c) 2026, the Crosslane developers (BSD-2-Clause)"

const char *build_version(void);  /* "0.2.0" */
const char *build_commit(void);   /* "0123456789ab"; "unknown" outside a checkout */
bool build_dirty(void);           /* sources differ from that commit */
const char *build_compiler(void); /* "gcc 12.2.0" */
const char *build_flags(void);    /* "-O3 -ffp-contract=off" */

/* All of it, as records and models keep it. A new reference; NULL when memory
 * ran out. */
json_t *build_json(void);

#endif
