#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void append_v(struct error *error, const char *format, va_list arguments) {
  size_t used = strlen(error->message);
  (void)vsnprintf(error->message + used, sizeof error->message - used, format, arguments);
}

__attribute__((format(printf, 2, 3))) static void append(struct error *error, const char *format,
                                                         ...) {
  va_list arguments;
  va_start(arguments, format);
  append_v(error, format, arguments);
  va_end(arguments);
}

static void start(struct error *error, enum error_kind kind) {
  error->kind = kind;
  error->faults = 1;
  error->file = error->line = error->column = 0;
  error->message[0] = '\0';
}

static void append_place(struct error *error, const char *file, size_t line, size_t column) {
  const bool first = error->message[0] == '\0';
  append(error, "%s", file);
  if (first) {
    error->file = strlen(error->message);
    error->line = line;
    error->column = line > 0 ? column : 0;
  }
  if (line > 0) append(error, ":%zu", line);
  if (line > 0 && column > 0) append(error, ":%zu", column);
  append(error, ": ");
}

bool error_set(struct error *error, enum error_kind kind, const char *format, ...) {
  start(error, kind);
  va_list arguments;
  va_start(arguments, format);
  append_v(error, format, arguments);
  va_end(arguments);
  return false;
}

bool error_at(struct error *error, enum error_kind kind, const char *file, size_t line,
              size_t column, const char *format, ...) {
  start(error, kind);
  append_place(error, file, line, column);
  va_list arguments;
  va_start(arguments, format);
  append_v(error, format, arguments);
  va_end(arguments);
  return false;
}

bool error_system(struct error *error, int errno_value, const char *format, ...) {
  start(error, ERROR_SYSTEM);
  va_list arguments;
  va_start(arguments, format);
  append_v(error, format, arguments);
  va_end(arguments);
  append(error, ": %s", strerror(errno_value));
  return false;
}

bool error_help(struct error *error, const char *format, ...) {
  append(error, "\n");
  va_list arguments;
  va_start(arguments, format);
  append_v(error, format, arguments);
  va_end(arguments);
  return false;
}

/* Whether another fault is shown; its line is begun. */
static bool begin_fault(struct error *error, enum error_kind kind) {
  if (error->kind == ERROR_NONE) {
    start(error, kind);
    return true;
  }
  if (kind == ERROR_SYSTEM) error->kind = kind; /* then little is known of the files */
  error->faults++;
  if (error->faults > ERROR_SHOWN) return false;
  append(error, "\n");
  return true;
}

bool error_fault(struct error *error, enum error_kind kind, const char *file, size_t line,
                 const char *format, ...) {
  if (!begin_fault(error, kind)) return false;
  append_place(error, file, line, 0);
  va_list arguments;
  va_start(arguments, format);
  append_v(error, format, arguments);
  va_end(arguments);
  return false;
}

bool error_fault_of(struct error *error, const struct error *fault) {
  const bool first = error->kind == ERROR_NONE;
  if (begin_fault(error, fault->kind)) append(error, "%s", fault->message);
  if (first) {
    error->file = fault->file;
    error->line = fault->line;
    error->column = fault->column;
  }
  return false;
}

bool error_faults_done(struct error *error) {
  if (error->kind == ERROR_NONE) return true;
  if (error->faults > ERROR_SHOWN) {
    append(error, "\n... and %zu more", error->faults - ERROR_SHOWN);
  }
  return false;
}
