/* The one way in which errors travel: filled by whoever finds the fault,
 * returned upward unchanged, printed once by the command. */
#ifndef CROSSLANE_BASE_ERROR_H
#define CROSSLANE_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

enum error_kind {
  ERROR_NONE,
  ERROR_USAGE,      /* command line: exit 2 */
  ERROR_CONFIG,     /* experiment file: exit 2 */
  ERROR_DATA,       /* data set: exit 3 */
  ERROR_SYSTEM,     /* memory, files, processes: exit 1 */
  ERROR_TRIAL,      /* a trial diverged or crashed: exit 1 */
  ERROR_INTERRUPTED /* SIGINT or SIGTERM */
};

/* `message` is complete in itself: "file:line:column: what is wrong", and
 * further lines for help or for further faults of the same file. */
struct error {
  enum error_kind kind;
  size_t faults;       /* how many were found, those beyond the shown ones too */
  size_t file;         /* so many bytes of the message name the file of the first; 0: no place */
  size_t line, column; /* of the first; 0: no such place */
  char message[8192];
};

/* Each of the following returns false, so that a function can
 * `return error_set(...)`. A text that does not fit is cut. */
bool error_set(struct error *error, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* With its place. `line` and `column` count from 1; 0 leaves them out. */
bool error_at(struct error *error, enum error_kind kind, const char *file, size_t line,
              size_t column, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Appends ": strerror(errno_value)". */
bool error_system(struct error *error, int errno_value, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a line of help below the message. */
bool error_help(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One more fault of the same file, on a line of its own. The first
 * ERROR_SHOWN are kept and the rest are counted; `error_faults_done` writes
 * the count of those left out, and returns true when there was no fault. */
enum { ERROR_SHOWN = 20 };
bool error_fault(struct error *error, enum error_kind kind, const char *file, size_t line,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));
bool error_fault_of(struct error *error, const struct error *fault); /* one that is complete */
bool error_faults_done(struct error *error);

#endif
