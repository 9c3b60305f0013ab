/* Which version of Crosslane this is, when compiled and when it runs. Part of the
 * C interface of libcrosslane; docs/library.md says what of it is stable.
 *
 * All headers of this folder are C17 and C++17. What they declare begins with
 * `crosslane_`, macros and constants with `CROSSLANE_`. The library prints nothing, never
 * ends the process, changes no signal handler and no locale of the caller, and keeps no
 * state that a call could change for another. */
#ifndef CROSSLANE_VERSION_H
#define CROSSLANE_VERSION_H

/* Of these headers. */
#define CROSSLANE_VERSION_MAJOR 0
#define CROSSLANE_VERSION_MINOR 2
#define CROSSLANE_VERSION_PATCH 0

/* Before what the library exports; nothing else is visible in it. */
#if defined(__GNUC__)
#define CROSSLANE_API __attribute__((visibility("default")))
#else
#define CROSSLANE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Of the library that runs: "0.2.0". */
CROSSLANE_API const char *crosslane_version(void);

/* The commit that it was built from, "unknown" outside of a repository. */
CROSSLANE_API const char *crosslane_commit(void);

/* Raised whenever the same config and seed train another model than before: numbers of
 * two versions with one numerics version are the same to the last bit. */
CROSSLANE_API unsigned crosslane_numerics_version(void);

#ifdef __cplusplus
}
#endif

#endif
